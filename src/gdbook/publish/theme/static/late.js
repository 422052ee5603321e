// What a first view does without comes later: the buttons that copy code with the first sign of a
// reader; live cells, and answers to problems, when one is near the window, or with a key, since Tab
// skips what is not there.
"use strict";
{
  const here = document.currentScript.src;
  const load = (name) => {
    const script = document.createElement("script");
    script.src = new URL(name, here).href;
    script.async = false; // in this order
    document.head.append(script);
  };
  const signs = ["pointermove", "touchstart", "keydown"];
  const copying = () => {
    for (const sign of signs) removeEventListener(sign, copying);
    for (const name of ["clipboard.min.js", "copybutton.js"]) load(name);
  };
  for (const sign of signs) addEventListener(sign, copying);

  const cells = document.querySelectorAll("gd-code, gd-check");
  const live = () => {
    near.disconnect();
    removeEventListener("keydown", live);
    load("code.mjs");
  };
  const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && live(), {
    rootMargin: "600px",
  });
  for (const cell of cells) near.observe(cell);
  if (cells.length) addEventListener("keydown", live);
}
