// Search by section. A classic script, which loads the index and MiniSearch at the first search.
"use strict";

(() => {
  const root = document.documentElement.dataset.content_root ?? "./";
  const SHOWN = 12;
  const STOP = new Set("a an the of in at to is are and or for with on by it that this too".split(" "));
  // Signs by the names that readers type.
  const SIGNS = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", ζ: "zeta", η: "eta",
    θ: "theta", ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho",
    σ: "sigma", τ: "tau", φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega", "∇": "nabla",
    "∂": "partial", "∞": "infinity", "‖": "norm", "∑": "sum", "√": "sqrt", "⊤": "transpose", "∈": "in",
  };
  const SIGN = new RegExp(`[${Object.keys(SIGNS).join("")}]`, "gu");

  function words(text) {
    const named = text.toLowerCase().replace(SIGN, (sign) => ` ${SIGNS[sign]} `);
    return named.split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
  }
  function term(word) {
    if (STOP.has(word)) return null;
    if (word === "zero") return "0";
    return word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
  }
  const phrase = (text) => words(text).map(term).filter(Boolean).join(" ");

  let engine;
  function load() {
    engine ??= Promise.all(["search-index.js", "minisearch.js"].map(fetched)).then(prepared);
    return engine;
  }
  function fetched(name) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${root}_static/${name}`;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }
  function prepared() {
    const places = globalThis.gdbookPlaces.map(([url, number, page, own, title, kind, keys, text], id) =>
      ({ id, url, page: `${number} ${page}`.trim(), title: `${own} ${title}`.trim(), kind, keys, text,
        known: keys.join(" \n "), phrases: keys.map(phrase), heading: phrase(title) }));
    const made = new MiniSearch({
      fields: ["title", "known", "page", "text"],
      tokenize: words,
      processTerm: term,
      searchOptions: {
        boost: { title: 4, known: 5, page: 0.5 },
        prefix: (word, at, all) => at === all.length - 1 && word.length > 1,
        fuzzy: (word) => (word.length > 4 ? 0.2 : false),
        weights: { fuzzy: 0.3, prefix: 0.5 },
        boostDocument: (id) => ({ problem: 0.6, code: 0.4 })[places[id].kind] ?? 1,
      },
    });
    made.addAll(places);
    return { made, places };
  }

  // Best first: what is about the very words before what contains them.
  function find({ made, places }, query) {
    let found = made.search(query, { combineWith: "AND" });
    if (!found.length) found = made.search(query);
    const asked = phrase(query);
    for (const one of found) {
      const place = places[one.id];
      const meant = one.queryTerms.length === 1 ? [asked, ...one.terms] : [asked];
      const about = place.phrases.some((known) => meant.includes(known));
      if (about) one.score *= place.kind === "section" ? 9 : 3;
      else if (place.heading === asked) one.score *= 2;
      else if (phrase(place.text).includes(asked)) one.score *= 1.3;
    }
    found.sort((a, b) => b.score - a.score || a.id - b.id);
    return found.slice(0, SHOWN).map((one) => ({ ...places[one.id], terms: one.terms }));
  }

  // ------------------------------------------------------------------ what is shown
  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }
  function entry(place) {
    const link = element("a", { href: root + place.url },
      element("span", { className: "found-title" }, place.title),
      element("span", { className: "found-page" }, place.page === place.title ? "" : place.page));
    const text = excerpt(place);
    return element("li", {}, link, ...(text ? [element("p", { className: "found-text" }, ...text)] : []));
  }
  // As many of the words as can be, near each other.
  function excerpt({ text, terms }) {
    const pieces = text.split(/\s+/);
    const met = pieces.map((piece) => words(piece).map(term).find((word) => terms.includes(word)));
    const count = (from) => new Set(met.slice(from, from + 12).filter(Boolean)).size;
    let best = 0;
    met.forEach((word, at) => {
      if (word && count(at) > (met[best] ? count(best) : 0)) best = at;
    });
    const start = best > 10 ? best - 6 : 0;
    const shown = pieces.slice(start, start + 30);
    if (!shown.join("")) return null;
    const marked = shown.flatMap((piece, at) =>
      [met[start + at] ? element("mark", {}, piece) : piece, " "]);
    return [start ? "… " : "", ...marked, start + 30 < pieces.length ? "…" : ""];
  }

  let asked = 0;
  async function answer(query, list, status) {
    const turn = ++asked;
    let found = [];
    try {
      if (query.trim()) found = find(await load(), query);
    } catch {
      status.textContent = "The search could not be loaded.";
      return;
    }
    if (turn !== asked) return; // more has been typed
    list.replaceChildren(...found.map(entry));
    list.dataset.query = query; // what the list is the answer to
    status.textContent = !query.trim() ? "" : found.length
      ? `${found.length === SHOWN ? "The best " : ""}${found.length} ${found.length === 1 ? "place" : "places"}`
      : "Nothing found. Try another word, or fewer.";
  }

  function connect(form, input, list, status) {
    input.addEventListener("focus", () => load().catch(() => {}), { once: true });
    input.addEventListener("input", () => answer(input.value, list, status));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await answer(input.value, list, status);
      list.querySelector("a")?.click();
    });
    // The arrow keys go through what was found.
    form.parentElement.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const stops = [input, ...list.querySelectorAll("a")];
      stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + step))]?.focus();
    });
  }

  // ------------------------------------------------------------------ the search page
  const page = document.querySelector(".search-page");
  if (page) {
    const [form, input, status, list] = ["form", "input", "[role=status]", "ol"].map((s) => page.querySelector(s));
    connect(form, input, list, status);
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    answer(input.value, list, status);
    input.focus();
    return;
  }

  // ------------------------------------------------------------------ the dialog of all others
  let dialog;
  function made() {
    const input = element("input", { type: "search", name: "q", autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", "Search");
    const close = element("button", { type: "button", className: "search-close" }, "Close");
    const form = element("form", { className: "search-form" }, input, close);
    form.setAttribute("role", "search");
    const status = element("p", { className: "search-status" });
    status.setAttribute("role", "status");
    const list = element("ol", { className: "search-found" });
    const box = element("dialog", { className: "search-dialog" }, form, status, list);
    box.setAttribute("aria-label", "Search");
    connect(form, input, list, status);
    close.addEventListener("click", () => box.close());
    // Outside of it, and where a link leads to a place of this same page, it is in the way.
    box.addEventListener("click", (event) => {
      if (event.target === box || event.target.closest("a")) box.close();
    });
    document.body.append(box);
    return Object.assign(box, { input });
  }
  function open(query = "") {
    dialog ??= made();
    document.getElementById("__navigation").checked = false; // the drawer of a phone
    if (!dialog.open) dialog.showModal();
    dialog.input.focus();
    if (!query) return dialog.input.select();
    dialog.input.value = query;
    dialog.input.dispatchEvent(new Event("input"));
  }

  const box = document.querySelector(".sidebar-search");
  box?.addEventListener("click", () => open());
  box?.addEventListener("input", () => {
    open(box.value);
    box.value = "";
  });
  box?.form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(box.value);
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const wanted = event.key === "/" ? !typing && !event.ctrlKey && !event.metaKey && !event.altKey
      : event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!wanted) return;
    event.preventDefault();
    open();
  });
  // A phone shows the box only in its drawer.
  const header = document.querySelector(".mobile-header .header-right");
  if (header) {
    const button = element("button", { type: "button", className: "search-button" });
    button.setAttribute("aria-label", "Search");
    button.addEventListener("click", () => open());
    header.prepend(button);
  }
})();
