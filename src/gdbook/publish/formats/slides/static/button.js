// The page's links to its slides open the deck at the section in view.
(() => {
  "use strict";

  const button = document.querySelector(".deck-button");
  const own = button?.querySelector("a");
  if (!own) return;
  const deck = own.getAttribute("href");
  const links = [...document.querySelectorAll("a")].filter((one) => one.getAttribute("href") === deck);
  const headings = [...document.querySelectorAll("section[id] > :is(h1, h2, h3, h4, h5, h6)")];

  function follow() {
    // A section far away is not laid out, and to ask where its headings are would lay it out.
    const laidOut = headings.filter((one) => one.checkVisibility?.({ contentVisibilityAuto: true }) ?? true);
    const above = laidOut.filter((one) => one.getBoundingClientRect().top < innerHeight / 3);
    const section = above.length > 1 ? above.at(-1).parentElement.id : "";
    for (const link of links) link.setAttribute("href", section ? `${deck}#${section}` : deck);
    // While the theme's own link is seen, the corner is left free.
    button.hidden = links.some((link) => {
      const { top, bottom, width } = link.getBoundingClientRect();
      return link !== own && width > 0 && top >= 0 && bottom <= innerHeight;
    });
  }

  let waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }

  button.hidden = true;
  requestAnimationFrame(() => setTimeout(follow)); // when the page is laid out
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later, { passive: true });
  // A jump comes to a far section before that is laid out.
  document.addEventListener("contentvisibilityautostatechange", later, { capture: true });
})();
