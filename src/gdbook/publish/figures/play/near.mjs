// Loads the playground's script when one comes near the window.
// @ts-check
{
  const source = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      const script = document.createElement("script");
      script.src = new URL("PLAY", source).href;
      document.head.append(script);
    },
    { rootMargin: "300px" },
  );
  for (const host of document.querySelectorAll("gd-play")) watch.observe(host);
}
