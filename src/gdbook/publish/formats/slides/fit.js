// Runs in a deck. Shows every slide with all of its fragments, and returns how far its content
// goes beyond its padding. What scrolls inside its own box counts too: no one scrolls a projector.
async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const uncounted = "aside.notes, aside.notes *, svg *, math *, .rows, .gd-said, .visually-hidden";

  function outside(slide) {
    const paper = slide.getBoundingClientRect();
    const padding = getComputedStyle(slide);
    const scale = paper.width / slide.offsetWidth;
    const edge = (side) => parseFloat(padding[`padding${side}`]) * scale;
    let [across, down] = [0, 0];
    for (const one of slide.querySelectorAll("*")) {
      const box = one.getBoundingClientRect();
      const look = getComputedStyle(one);
      if (one.matches(uncounted) || box.width === 0 || box.height === 0) continue;
      if (look.display === "inline" && !one.matches("img, svg, math")) continue; // its block counts
      const right = box.right - paper.right + edge("Right");
      const left = paper.left + edge("Left") - box.left;
      const bottom = box.bottom - paper.bottom + edge("Bottom");
      const top = paper.top + edge("Top") - box.top;
      across = Math.max(across, right / scale, left / scale);
      down = Math.max(down, bottom / scale, top / scale);
      if (look.overflowX !== "visible") across = Math.max(across, one.scrollWidth - one.clientWidth);
      if (look.overflowY !== "visible") down = Math.max(down, one.scrollHeight - one.clientHeight);
    }
    return { across: Math.round(across), down: Math.round(down) };
  }

  const found = [];
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    for (const one of slide.querySelectorAll(".fragment")) one.classList.add("visible");
    await Promise.all([...slide.querySelectorAll("img")].map((one) => one.decode().catch(() => 0)));
    await frame();
    await frame();
    found.push({
      cell: Number(slide.dataset.cell),
      line: Number(slide.dataset.line),
      heading: slide.querySelector(":is(h1, h2, h3, h4, h5, h6)")?.textContent.trim() ?? "",
      ...outside(slide),
    });
  }
  return found;
}
