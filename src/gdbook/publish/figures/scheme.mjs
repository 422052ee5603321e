// WebKit draws a picture in the system's colour scheme, whatever that of the page is; so there
// the picture's address says which one. Chromium and Firefox draw it in that of the page.
// @ts-check
if (navigator.vendor.startsWith("Apple")) {
  /** @param {string | undefined} theme */
  const ask = (theme) => {
    const mark = theme === "light" || theme === "dark" ? `#${theme}` : "";
    for (const image of document.querySelectorAll(".gd-figure > img")) {
      const [file, had = ""] = (image.getAttribute("src") ?? "").split(/(?=#)/);
      if (had !== mark) image.setAttribute("src", file + mark);
    }
  };
  const follow = () => ask(document.body.dataset.theme);
  new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
  addEventListener("beforeprint", () => ask("light"));
  addEventListener("afterprint", follow);
  follow();
}
