// <gd-quick>: a question answered on the page. The attribute data-answers holds its right and
// wrong answers (gdbook.quick). Numbers are read as in gdbook/quick/numbers.py: the same grammar,
// each operation rounded once, in the same order. Change the two together.
// @ts-check
{
  const EMPTY = "write a number, as 0.5, 1/2, 5e-1, 2^-1, sqrt(2) or 50 %.";
  const UNREAD =
    "this can't be read as one number. Write it as 0.5, 1/2, 5e-1, 2^-1, sqrt(2) or 50 %.";
  const TWO_MEANINGS = "1,000 may mean one or a thousand: write 1.000 or 1000.";
  const BY_ZERO = "a number can't be divided by 0.";
  const TOO_LARGE = "this number is too large.";
  const UNKNOWN = "that is not it.";
  const MOST = 60; // characters
  const LARGEST_POWER = 999;
  const AROUND = /^[ \t\n\r\u00a0\u2009\u202f]+|[ \t\n\r\u00a0\u2009\u202f]+$/g;
  const DECIMAL = /^(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?$/;
  const TOKEN =
    /[ \t\n\r\u00a0\u2009\u202f]*((?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?|\*\*|[Ss]qrt|[-+*/^%()√])/y;

  /** What is written is no answer; the message says why. */
  class Unreadable extends Error {}

  /** @typedef {{right: [number | string, string], wrong: [number | string, string][],
   *             tolerance: number, hint: string}} Answers */

  /** @param {number} value */
  function finite(value) {
    if (!Number.isFinite(value)) throw new Unreadable(TOO_LARGE);
    return value;
  }

  /** @param {string} text @returns {string[]} */
  function tokens(text) {
    text = text.replace(/[−–]/g, "-").replace(/[·×⋅]/g, "*").replace(/[∕⁄÷]/g, "/");
    text = text.replace(AROUND, "");
    if (!text) throw new Unreadable(EMPTY);
    if (text.length > MOST) throw new Unreadable(UNREAD);
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const match = TOKEN.exec(text);
      if (!match) throw new Unreadable(UNREAD);
      found.push(match[1]);
    }
    return found;
  }

  /** The number that a text says.
   * @param {string} text */
  function read(text) {
    const all = [...tokens(text), ""];
    let at = 0;

    /** @param {...string} wanted */
    function takes(...wanted) {
      return wanted.includes(all[at]) ? all[at++] : "";
    }
    function decimal() {
      const token = all[at];
      if (!DECIMAL.test(token)) throw new Unreadable(UNREAD);
      at++;
      if (/^[1-9][0-9]{0,2},[0-9]{3}$/.test(token)) throw new Unreadable(TWO_MEANINGS);
      return finite(Number(token.replace(",", ".")));
    }
    /** @returns {number} */
    function factor() {
      if (takes("sqrt", "Sqrt")) {
        if (!takes("(")) throw new Unreadable(UNREAD);
        const value = product();
        if (!takes(")")) throw new Unreadable(UNREAD);
        return Math.sqrt(value);
      }
      if (takes("√")) return Math.sqrt(decimal());
      const value = decimal();
      if (!takes("^", "**")) return value;
      const sign = takes("+", "-");
      if (!/^[0-9]+$/.test(all[at])) throw new Unreadable(UNREAD);
      const exponent = Number(all[at++]);
      if (exponent > LARGEST_POWER) throw new Unreadable(TOO_LARGE);
      let power = 1;
      for (let k = 0; k < exponent; k++) power = finite(power * value);
      if (sign !== "-") return power;
      if (power === 0) throw new Unreadable(BY_ZERO);
      return finite(1 / power);
    }
    /** @returns {number} */
    function product() {
      let value = factor();
      for (let sign = takes("*", "/"); sign; sign = takes("*", "/")) {
        const next = factor();
        if (sign === "/" && next === 0) throw new Unreadable(BY_ZERO);
        value = finite(sign === "*" ? value * next : value / next);
      }
      return value;
    }

    const sign = takes("+", "-");
    let value = product();
    if (takes("%")) value /= 100;
    if (all[at]) throw new Unreadable(UNREAD);
    return sign === "-" ? -value : value;
  }

  /** Whether an answer is right, and the sentence for it.
   * @param {Answers} answers @param {string} given @returns {[boolean, string]} */
  function judge(answers, given) {
    /** @type {(answer: number | string) => boolean} */
    let fits = (answer) => answer === given;
    if (typeof answers.right[0] === "number") {
      const number = read(given);
      fits = (answer) => Math.abs(number - Number(answer)) <= answers.tolerance;
    } else if (!given) throw new Unreadable("choose one of the options.");
    if (fits(answers.right[0])) return [true, answers.right[1]];
    const found = answers.wrong.find(([answer]) => fits(answer));
    return [false, found ? found[1] : UNKNOWN];
  }

  class Quick extends HTMLElement {
    static read = read;
    static judge = judge;

    connectedCallback() {
      const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
      const said = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
      /** @type {Answers} */
      const answers = JSON.parse(this.dataset.answers ?? "");
      const tried = new Set();

      /** @param {string} verdict @param {string} text */
      const say = (verdict, text) => {
        this.dataset.verdict = verdict;
        said.textContent = text;
      };
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const given = String(new FormData(form).get("answer") ?? "");
        try {
          const [right, sentence] = judge(answers, given);
          tried.add(given);
          const hint = sentence === UNKNOWN && tried.size > 1 ? ` Hint: ${answers.hint}` : "";
          say(right ? "right" : "wrong", `${right ? "Right" : "Not yet"}: ${sentence}${hint}`);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          say("unread", `Not yet: ${error.message}`);
        }
      });
      form.addEventListener("input", () => say("", ""));
    }
  }
  customElements.define("gd-quick", Quick);

  // A problem's card says how to hand in; a button copies the call.
  for (const call of document.querySelectorAll(".check-call")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-call";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${call.textContent}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(call.textContent ?? "");
        button.textContent = "Copied";
      } catch {
        getSelection()?.selectAllChildren(call); // where copying is forbidden, Ctrl+C does it
        button.textContent = "Selected";
      }
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    call.after(" ", button);
  }
}
