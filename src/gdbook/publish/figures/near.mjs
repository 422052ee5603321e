// Loads the script of each kind of figure when one comes near the window. In a deck, where keys
// lead anywhere, and once a key is pressed, since Tab skips what has no script yet, at once.
// @ts-check
{
  const source = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const scripts = { "gd-frames": "frames.mjs", "gd-live": "live.mjs", "gd-play": "play.mjs" };
  for (const [element, name] of Object.entries(scripts)) {
    const hosts = [...document.querySelectorAll(element)];
    if (!hosts.length) continue;
    const load = () => {
      watch.disconnect();
      removeEventListener("keydown", load);
      const script = document.createElement("script");
      script.src = new URL(name, source).href;
      document.head.append(script);
    };
    const watch = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && load(),
      { rootMargin: "300px" },
    );
    if (document.querySelector(".reveal")) load();
    else {
      addEventListener("keydown", load);
      for (const host of hosts) watch.observe(host);
    }
  }
}
