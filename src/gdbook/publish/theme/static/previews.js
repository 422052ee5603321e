// What a reference leads to, shown beside it on hover and focus. Without this script, links are links.
"use strict";

(() => {
  const article = document.querySelector("article");
  const LINKS = [
    'a.reference.internal[href*="#term-"]', 'a.reference.internal[href*="#equation-"]',
    ".bibtex-citation a[title]", "a.footnote-reference",
  ].join();
  const PATIENCE = 250; // milliseconds that a pointer rests before anything opens
  const pages = new Map();
  let box;
  let owner;
  let timer;

  // The document of a page of this site, loaded once; none from a folder, where nothing can be fetched.
  function documentOf(url) {
    const path = url.pathname;
    if (path === location.pathname) return Promise.resolve(document);
    if (url.origin !== location.origin || !location.protocol.startsWith("http")) return Promise.resolve(null);
    if (!pages.has(path)) {
      pages.set(path, fetch(url.href).then((reply) => (reply.ok ? reply.text() : ""))
        .then((text) => (text ? new DOMParser().parseFromString(text, "text/html") : null))
        .catch(() => null));
    }
    return pages.get(path);
  }

  // The word with its explanation, the formula, the note, or the work.
  async function partsOf(link) {
    if (link.title) return [document.createTextNode(link.title)];
    const url = new URL(link.href);
    const found = await documentOf(url);
    const target = found?.getElementById(decodeURIComponent(url.hash.slice(1)));
    return (target?.matches("dt") ? [target, target.nextElementSibling] : [target]).filter(Boolean);
  }

  function copy(part) {
    const made = part.cloneNode(true);
    if (made.nodeType === Node.TEXT_NODE) return made;
    for (const one of [made, ...made.querySelectorAll("[id]")]) one.removeAttribute("id");
    for (const gone of made.querySelectorAll(".headerlink, .backrefs, script")) gone.remove();
    // A tooltip holds no links; those of another page would lead astray.
    for (const a of made.querySelectorAll("a")) a.replaceWith(...a.childNodes);
    return made;
  }

  async function open(link) {
    const copies = (await partsOf(link)).map(copy);
    if (!copies.length || owner !== link) return;
    box ??= Object.assign(document.createElement("div"), { id: "preview", className: "preview" });
    box.setAttribute("role", "tooltip");
    box.onpointerenter = () => clearTimeout(timer);
    box.onpointerleave = close;
    if (copies[0].localName === "dt") { // a word and its explanation
      const list = document.createElement("dl");
      list.append(...copies.splice(0));
      copies.push(list);
    }
    box.replaceChildren(...copies);
    if (link.title) {
      link.dataset.title = link.title; // or the browser would show it as well
      link.removeAttribute("title");
    }
    article.append(box);
    place(link);
    link.setAttribute("aria-describedby", box.id);
  }

  function place(link) {
    const at = link.getClientRects()[0];
    const column = article.getBoundingClientRect();
    const width = Math.min(480, innerWidth - 32);
    box.style.setProperty("--wide", `${width}px`);
    const left = Math.max(16, Math.min(at.left, innerWidth - width - 16));
    const above = at.bottom + box.offsetHeight + 8 > innerHeight && at.top > box.offsetHeight + 8;
    box.style.setProperty("--left", `${left - column.left}px`);
    box.style.setProperty("--top", `${(above ? at.top - box.offsetHeight - 6 : at.bottom + 6) - column.top}px`);
  }

  function close() {
    clearTimeout(timer);
    if (owner?.dataset.title) owner.title = owner.dataset.title;
    owner?.removeAttribute("aria-describedby");
    owner = null;
    box?.remove();
  }
  function begin(link, wait) {
    if (owner === link) return clearTimeout(timer);
    close();
    owner = link;
    timer = setTimeout(() => open(link), wait);
  }

  const linkOf = (event) => event.target.closest?.(LINKS);
  article?.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return; // a finger follows the link
    const link = linkOf(event);
    if (link) begin(link, PATIENCE);
  });
  article?.addEventListener("pointerout", (event) => {
    if (!linkOf(event)) return;
    clearTimeout(timer);
    timer = setTimeout(close, PATIENCE); // time to reach what is shown
  });
  article?.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link?.matches(":focus-visible")) begin(link, 0);
  });
  article?.addEventListener("focusout", close);
  addEventListener("keydown", (event) => event.key === "Escape" && close());
  // Fonts and pictures may still arrive, and move the line that it stands beside.
  if (article) new ResizeObserver(() => box?.isConnected && owner && place(owner)).observe(article);
})();
