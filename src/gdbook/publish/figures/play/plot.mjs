// A pair of axes in SVG, with names, numbers and lines; and the map below one.
// @ts-check
import { inWords } from "../words.mjs";

/** @typedef {{low: number, high: number, name: string, log?: boolean}} Axis */
/** @typedef {import("./landscapes.mjs").Landscape} Landscape */

/** @param {string} name @param {Record<string, any>} [attributes] @param {Node[]} [inside] */
export const drawn = (name, attributes = {}, inside = []) => {
  const made = /** @type {SVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

/** Where an axis has numbers: at round steps, or at powers of ten. @param {Axis} axis */
const ticks = ({ low, high, log }) => {
  if (log) {
    const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
    const step = Math.max(1, Math.ceil((last - first) / 4));
    const made = [];
    for (let power = last; power >= first; power -= step) made.push(10 ** power);
    if (made.length > 2) return made;
    const tens = [10 ** (first - 1), ...made].sort((a, b) => a - b);
    const near = tens.flatMap((ten) => [ten, 2 * ten, 5 * ten]);
    return near.filter((value) => value >= low && value <= high);
  }
  const rough = (high - low) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= rough) ?? rough;
  const made = [];
  for (let n = Math.ceil(low / step); n * step <= high + step * 1e-9; n++) made.push(n * step);
  return made;
};

/** @param {number} value @param {Axis} axis */
const label = (value, axis) => {
  const plain = !axis.log || (axis.low > 1e-3 && axis.high < 1e4);
  return plain
    ? String(Number(value.toPrecision(6))).replace("-", "−")
    : inWords(value, ".0e").replace(/^.*10/, "10");
};

const [TOP, RIGHT, BOTTOM, LEFT] = [10, 12, 40, 50];

export class Plot {
  /** @param {string} kind @param {number} width @param {number} height */
  constructor(kind, width, height) {
    this.width = this.height = 0;
    this.axes = drawn("g", { class: "axes" });
    this.inside = drawn("svg");
    this.frame = drawn("rect", { class: "rim" });
    this.svg = drawn("svg", { class: `gd-plot ${kind}` }, [this.inside, this.frame, this.axes]);
    this.size(width, height);
  }

  /** @param {number} width @param {number} height */
  size(width, height) {
    this.width = width - LEFT - RIGHT;
    this.height = height - TOP - BOTTOM;
    const place = { x: LEFT, y: TOP, width: this.width, height: this.height };
    for (const [key, value] of Object.entries(place)) {
      this.inside.setAttribute(key, String(value));
      this.frame.setAttribute(key, String(value));
    }
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /** Set both axes, and write their numbers and names. @param {Axis} x @param {Axis} y */
  set(x, y) {
    this.x = x;
    this.y = y;
    const [w, h] = [this.width, this.height];
    const text = (/** @type {Record<string, any>} */ at, /** @type {string} */ words) =>
      drawn("text", at, [new Text(words)]);
    const made = [
      text({ x: LEFT + w / 2, y: TOP + h + 36, class: "name" }, x.name),
      text({ x: 4, y: TOP + 13, class: "name up" }, y.name),
    ];
    for (const value of ticks(x)) {
      const across = LEFT + this.across(value);
      made.push(drawn("path", { d: `M${across} ${TOP + h}v4` }));
      made.push(text({ x: across, y: TOP + h + 18 }, label(value, x)));
    }
    for (const value of ticks(y)) {
      const down = TOP + this.down(value);
      made.push(drawn("path", { d: `M${LEFT} ${down}h-4` }));
      if (down > TOP + 24) made.push(text({ x: LEFT - 8, y: down + 4, class: "up" }, label(value, y)));
    }
    this.axes.replaceChildren(...made);
  }

  /** @param {Axis | undefined} axis @param {number} value */
  share(axis, value) {
    if (!axis) return NaN;
    const at = axis.log ? Math.log : Number;
    const share = (at(value) - at(axis.low)) / (at(axis.high) - at(axis.low));
    return Math.min(Math.max(share, -99), 99); // of nan nan
  }

  /** @param {number} value */
  across(value) {
    return this.share(this.x, value) * this.width;
  }

  /** @param {number} value */
  down(value) {
    return (1 - this.share(this.y, value)) * this.height;
  }

  /** The pieces of a line: their beginnings joined show so much of it. @param {number[][]} points */
  pieces(points) {
    let gap = true;
    return points.map(([x, y]) => {
      const [a, b] = [this.across(x), this.down(y)];
      if (Number.isNaN(a + b)) {
        gap = true;
        return "";
      }
      const piece = `${gap ? "M" : "L"}${a.toFixed(1)} ${b.toFixed(1)}`;
      gap = false;
      return piece;
    });
  }

  /** The point of the axes under a pointer. @param {MouseEvent} event @returns {number[]} */
  point(event) {
    const box = this.inside.getBoundingClientRect();
    const share = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    const axes = /** @type {Axis[]} */ ([this.x, this.y]);
    return axes.map(({ low, high }, i) => low + share[i] * (high - low));
  }
}

const [SIDE, BANDS, FINE] = [160, 16, 480];
const [DEEP, HIGH] = [
  [31, 77, 114],
  [228, 239, 246],
];

/** A picture of a landscape, deep where it is dark: each band covers an equal area.
 * @param {Landscape} land @param {number[][]} domain */
export const picture = (land, [[x0, x1], [y0, y1]]) => {
  const values = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    values[i] = land.value([
      x0 + ((x1 - x0) * column) / (SIDE - 1),
      y1 + ((y0 - y1) * row) / (SIDE - 1),
    ]);
  }
  const sorted = values.slice().sort();
  const levels = Array.from({ length: BANDS - 1 }, (_, i) =>
    sorted[Math.floor(((i + 1) / BANDS) ** 1.3 * (SIDE * SIDE - 1))],
  );
  const canvas = document.createElement("canvas");
  canvas.className = "gd-map";
  canvas.setAttribute("aria-hidden", "true");
  canvas.width = canvas.height = FINE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(FINE, FINE);
  const scale = (SIDE - 1) / (FINE - 1);
  for (let row = 0; row < FINE; row++) {
    const [top, v] = whole(row * scale);
    let band = 0;
    for (let column = 0; column < FINE; column++) {
      const [left, u] = whole(column * scale);
      const i = top * SIDE + left;
      const value =
        (values[i] * (1 - u) + values[i + 1] * u) * (1 - v) +
        (values[i + SIDE] * (1 - u) + values[i + SIDE + 1] * u) * v;
      // A neighbour is in the same band or in the next.
      while (band < BANDS - 1 && value > levels[band]) band++;
      while (band > 0 && value <= levels[band - 1]) band--;
      const at = 4 * (row * FINE + column);
      for (let c = 0; c < 3; c++) image.data[at + c] = DEEP[c] + ((HIGH[c] - DEEP[c]) * band) / (BANDS - 1);
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
};

/** A number in whole steps and the rest, at most at the last step but one. @param {number} value */
const whole = (value) => {
  const steps = Math.min(Math.floor(value), SIDE - 2);
  return [steps, value - steps];
};
