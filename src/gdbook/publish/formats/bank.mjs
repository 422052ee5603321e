// The filter above the bank of problems. Without this script the page has all lines.
// @ts-check
{
  const MINUTES = [5, 10, 15, 20, 30, 45];
  const sum = document.querySelector(".bank-sum");
  /** @type {HTMLTableRowElement[]} */
  const rows = [...document.querySelectorAll("table.bank")].flatMap((table) => [
    .../** @type {HTMLTableElement} */ (table).tBodies[0].rows,
  ]);

  /** @param {HTMLTableRowElement} row @param {number} column */
  const cell = (row, column) => (row.cells[column].textContent ?? "").trim();

  /**
   * @param {string} name
   * @param {[string, string][]} options the value and the words of each
   */
  function choice(name, options) {
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.name = name;
    select.append(...options.map(([value, words]) => new Option(words, value)));
    label.append(`${name} `, select);
    return label;
  }

  /** @param {HTMLFormElement} form @param {HTMLElement} said */
  function filter(form, said) {
    const wanted = new FormData(form);
    const tier = String(wanted.get("tier") ?? "");
    const most = Number(wanted.get("minutes")) || Infinity;
    const checker = String(wanted.get("checker") ?? "");
    let left = 0;
    for (const row of rows) {
      const checked = cell(row, 4) !== "–";
      row.hidden =
        (tier !== "" && cell(row, 1) !== tier) ||
        Number(cell(row, 3)) > most ||
        (checker !== "" && checked !== (checker === "with"));
      left += row.hidden ? 0 : 1;
    }
    for (const section of document.querySelectorAll('section[id^="bank-"]')) {
      /** @type {HTMLElement} */ (section).hidden = !section.querySelector("tbody tr:not([hidden])");
    }
    said.textContent = `${left} of ${rows.length} lines`;
  }

  if (sum && rows.length) {
    const tiers = [...new Set(rows.map((row) => cell(row, 1)))];
    const form = document.createElement("form");
    form.className = "bank-filter";
    form.setAttribute("aria-label", "Which problems are shown");
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    form.append(
      choice("tier", [["", "all"], .../** @type {[string, string][]} */ (tiers.map((t) => [t, t]))]),
      choice("minutes", [
        ["", "any"],
        .../** @type {[string, string][]} */ (MINUTES.map((m) => [`${m}`, `at most ${m}`])),
      ]),
      choice("checker", [["", "with or without"], ["with", "with"], ["without", "without"]]),
      said,
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => filter(form, said));
    sum.after(form);
    filter(form, said); // a browser may bring choices back
  }
}
