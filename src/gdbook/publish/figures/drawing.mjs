// The drawing of a figure that moves stands in a file of its own, which comes when the figure is
// near the window; until then the page shows a picture of the still.
// @ts-check

/** Call back once the drawing stands in its figure: at once in a deck, which has it.
 * @param {HTMLElement} host @param {() => void} ready */
export const whenDrawn = (host, ready) => {
  const { drawing } = host.dataset;
  const still = host.querySelector(":scope > img");
  if (!drawing || !still) return ready();
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      const script = document.createElement("script");
      script.src = drawing;
      script.onload = () => {
        const holder = document.createElement("template");
        const name = drawing.slice(drawing.lastIndexOf("/") + 1);
        const { gdDrawings } = /** @type {any} */ (window);
        const { svg, spec } = gdDrawings[name];
        holder.innerHTML = svg;
        if (spec) host.dataset.spec = spec;
        delete gdDrawings[name];
        still.replaceWith(holder.content);
        ready();
      };
      document.head.append(script);
    },
    { rootMargin: "300px" },
  );
  watch.observe(host);
};
