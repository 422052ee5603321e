// A deck: reveal.js, the way back to the page, and code stepped line by line.
// A classic script, so that a deck opened from a disk works too.
(() => {
  "use strict";

  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const asked = new URLSearchParams(location.search);
  const printed = asked.has("print-pdf");
  if (printed) document.body.dataset.theme = "light";
  const back = document.querySelector(".to-page");
  const page = back.getAttribute("href");

  // The link at the foot leads to the section of the page that this slide is from.
  function follow() {
    const section = Reveal.getCurrentSlide()?.dataset.page;
    back.href = section ? `${page}#${section}` : page;
  }

  // The lines of the current step stay in the light, the others are dimmed.
  function light(slide) {
    for (const box of slide?.querySelectorAll(".stepped") ?? []) {
      const step = [...box.querySelectorAll(".rows.visible")].at(-1) ?? box;
      const rows = new Set(step.dataset.rows.split(" "));
      for (const row of box.querySelectorAll(".row")) {
        row.classList.toggle("dim", !rows.has(row.dataset.row));
      }
    }
  }

  // A link to something in a fragment shows the fragment.
  function show() {
    const name = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
    const fragment = document.getElementById(name)?.closest(".fragment");
    const slide = fragment?.closest(".slides section");
    if (!slide || fragment.classList.contains("visible")) return;
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, Number(fragment.dataset.fragmentIndex));
  }

  // An animation starts at its first frame, and each key or click shows the next one: an empty
  // fragment stands for it. Of a long one each shows the next part.
  const STEPS = 24;
  const animations = document.querySelectorAll("gd-frames:has(.gd-play)");
  for (const figure of printed ? [] : animations) {
    const range = figure.querySelector("input");
    const last = Number(range.max);
    range.value = "0";
    figure.addEventListener("gd-frame", keepUp);
    const count = Math.min(last, STEPS);
    for (let step = 1; step <= count; step++) {
      const mark = document.createElement("span");
      mark.className = "fragment frame";
      mark.dataset.frame = String(Math.round((step * last) / count));
      figure.append(mark);
    }
  }

  function move(slide) {
    for (const figure of slide?.querySelectorAll("gd-frames:has(.gd-play)") ?? []) {
      const seen = [...figure.querySelectorAll(".frame.visible")].at(-1);
      const frame = Number(seen?.dataset.frame ?? 0);
      if (figure.show && figure.frame !== frame) {
        figure.pause();
        figure.show(frame);
      }
    }
  }

  // Who moves the figure by its own controls goes on from there.
  function keepUp(event) {
    const figure = event.target;
    const marks = [...figure.querySelectorAll(".frame")];
    const passed = marks.filter((mark) => Number(mark.dataset.frame) <= figure.frame);
    marks.forEach((mark, number) => mark.classList.toggle("visible", number < passed.length));
  }

  function update() {
    follow();
    light(Reveal.getCurrentSlide());
    move(Reveal.getCurrentSlide());
  }

  function turn() {
    const dark = document.body.dataset.theme === "dark" ||
      (document.body.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.body.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", document.body.dataset.theme); } catch { /* from a disk */ }
  }

  // After a click the keyboard is the slides' again: what was clicked (a figure's play button)
  // would otherwise keep the keys, those of a clicker too. Who tabs to it keeps it, and so does an
  // editor, which is clicked to type in it.
  addEventListener("pointerup", () => setTimeout(() => {
    const held = document.activeElement;
    if (held?.closest(".slides") && held.localName !== "textarea") held.blur();
  }));
  const ownKey = (event) => event.key === " " && event.target.closest("button, summary, label");

  // What is on the screen is laid out for the screen; paper has a view of its own.
  addEventListener("keydown", (event) => {
    if (printed || event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    location.search = "?print-pdf&now";
  });

  // The sheets for paper are laid out after the deck is there, and may wait for pictures.
  const sheets = new Promise((laid) => (printed ? Reveal.on("pdf-ready", laid) : laid()));

  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    display: "flex",
    hash: true,
    slideNumber: "c/t",
    scrollActivationWidth: 0, // on a phone too one swipes from slide to slide
    transition: calm ? "none" : "fade",
    transitionSpeed: "fast",
    backgroundTransition: "none",
    controlsTutorial: false,
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    keyboardCondition: (event) => !ownKey(event),
    view: printed ? "print" : null,
    plugins: [RevealNotes],
  }).then(() => {
    Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Text: this section of the chapter" },
      () => { location.href = back.href; });
    Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Dark or light" }, turn);
    if (!printed) {
      for (const event of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(event, update);
      update();
      show();
      addEventListener("hashchange", show);
    }
    return sheets;
  }).then(() => {
    document.documentElement.dataset.deck = "ready";
    if (asked.has("now")) print();
  });
})();
