// Where the reader is, and the theme. It does what Furo's script does, but asks for the places of
// what is on the screen only: a section far away is not laid out, and to ask would lay it out.
"use strict";

(() => {
  const root = document.documentElement;
  const header = document.querySelector("header.mobile-header");
  const contents = document.querySelector(".toc-scroll");
  const entries = [...document.querySelectorAll(".toc-tree a[href*='#']")].map((link) => {
    const id = decodeURIComponent(link.hash.slice(1));
    return [link.parentElement, id ? document.getElementById(id) : document.querySelector("article section")];
  });
  let before = scrollY;
  let current;

  // The last section that begins above a line below the header. One inside of a section that is
  // not laid out is passed over: that section itself is in the list.
  function follow() {
    const line = (header?.getBoundingClientRect().bottom ?? 0) + 42;
    const laidOut = entries.filter(([, place]) => place?.checkVisibility?.({ contentVisibilityAuto: true }) ?? place);
    const passed = laidOut.filter(([, place]) => place.getBoundingClientRect().top <= line);
    const found = passed.at(-1)?.[0];
    if (found === current) return;
    current = found;
    for (const one of document.querySelectorAll(".scroll-current")) one.classList.remove("scroll-current");
    for (let one = found; one; one = one.parentElement?.closest(".toc-tree li")) one.classList.add("scroll-current");
  }

  function scrolled() {
    const at = scrollY;
    header?.classList.toggle("scrolled", at > 0);
    root.classList.toggle("show-back-to-top", at >= 64 && at < before);
    before = at;
    if (at === 0) contents?.scrollTo(0, 0);
    follow();
  }

  let waiting = false;
  function later() {
    if (!waiting) requestAnimationFrame(() => ((waiting = false), scrolled()));
    waiting = true;
  }
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later, { passive: true });
  requestAnimationFrame(() => setTimeout(later)); // when the page is laid out

  // When a jump has brought a section into sight, the one before it may be laid out, too, and be of
  // another height than was estimated: the place is looked for again until it stays, or the reader moves.
  function land() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    let frames = 15;
    const stop = () => (frames = 0);
    for (const kind of ["wheel", "pointerdown", "touchstart", "keydown"]) addEventListener(kind, stop, { once: true, passive: true });
    const again = () => {
      if (frames-- <= 0) return;
      target.scrollIntoView();
      requestAnimationFrame(again);
    };
    requestAnimationFrame(again);
  }
  addEventListener("hashchange", land);
  // A reader who comes back to a page, or loads it anew, is where they were.
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") addEventListener("load", land);

  // Automatic, then the other theme than the system's, then the system's, then automatic.
  function nextTheme() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const order = dark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    const theme = order[(order.indexOf(document.body.dataset.theme) + 1) % 3];
    document.body.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // from a disk there may be no storage: the page alone keeps it
    }
  }
  for (const button of document.querySelectorAll(".theme-toggle")) button.addEventListener("click", nextTheme);
})();
