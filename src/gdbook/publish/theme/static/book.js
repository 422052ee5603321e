// Small services of every page. Without them, everything still can be read.
"use strict";

// What scrolls sideways can be reached by keyboard, and fades on the sides where it goes on. Widths
// change with fonts and windows, and when something is unfolded or comes near. All are measured before
// any is changed: a page is laid out once; and what is folded or far away is not measured: that would
// lay it out.
const boxes = [...document.querySelectorAll(".math-scroll, .table-wrapper, .cell_output, pre")];
let waiting = false;
const hidden = (box) => ({ left: box.scrollLeft, right: box.scrollWidth - box.clientWidth - box.scrollLeft });
function fade(box, { left, right }) {
  box.classList.toggle("goes-on-left", left > 1);
  box.classList.toggle("goes-on-right", right > 1);
}
function reachable() {
  waiting = false;
  const open = boxes.filter(
    (box) =>
      !box.closest("details:not([open])") && (box.checkVisibility?.({ contentVisibilityAuto: true }) ?? true),
  );
  const sides = open.map(hidden);
  open.forEach((box, at) => {
    const { left, right } = sides[at];
    fade(box, sides[at]);
    if (left + right <= 1) box.removeAttribute("tabindex");
    else if (box.tabIndex !== 0) box.tabIndex = 0;
  });
}
for (const box of boxes) box.addEventListener("scroll", () => fade(box, hidden(box)), { passive: true });
function later() {
  // After the next picture: by then the page is laid out, and measuring costs nothing.
  if (!waiting) requestAnimationFrame(() => setTimeout(reachable));
  waiting = true;
}
document.fonts.addEventListener("loadingdone", later);
const widths = new ResizeObserver(later);
for (const box of boxes) widths.observe(box); // which calls it for the first time, too

// Furo's two drawers open by labels of hidden checkboxes, which a keyboard cannot press.
const drawers = { __navigation: [".sidebar-drawer", "Chapters"], __toc: [".toc-drawer", "On this page"] };
for (const [id, [drawer, name]] of Object.entries(drawers)) {
  const toggle = document.getElementById(id);
  document.querySelector(drawer)?.setAttribute("aria-label", name);
  for (const icon of document.querySelectorAll(`label[for=${id}] > .icon`)) {
    icon.tabIndex = 0;
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-label", name);
    icon.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle.checked = !toggle.checked;
    });
  }
}
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const id of Object.keys(drawers)) document.getElementById(id).checked = false;
});
