// What a live cell draws, as SVG: lines, points, level lines, axes with round numbers.
// Elements are made one by one: no text of the reader's is read as HTML.
// @ts-check
import { levelLine, levels } from "./contour.mjs";

/** @typedef {{kind: "line", x: number[], y: number[], line: string | null, marker: string | null,
 *             label: string | null, colour: number | null}} Line */
/** @typedef {{kind: "contour", x: number[], y: number[], z: number[][],
 *             levels: number | number[]}} Contour */
/** @typedef {{kind: "across" | "upwards", at: number, line: string | null,
 *             label: string | null, colour: number | null}} Rule */
/** @typedef {{layers: (Line | Contour | Rule)[], xlabel?: string, ylabel?: string,
 *             title?: string, xlim?: [number, number], ylim?: [number, number],
 *             xlog: boolean, ylog: boolean, legend: boolean}} Drawing */
/** @typedef {{low: number, high: number, log: boolean, from: number, to: number}} Scale */

const WIDTH = 520;
const HEIGHT = 250; // of what the axes enclose
const LINE = 18; // of the legend
const MARGIN = { left: 64, right: 14, top: 14, bottom: 44 };
const COLOURS = 6; // in the style sheet: live-c0 … live-c5
/** @type {Record<string, string>} */
const DASHES = { "--": "6 4", ":": "2 3" };
const TICKS = 5;
let drawn = 0; // so that no two have the same ids

/** @param {string} name @param {Record<string, string | number>} attributes
 * @param {string} [text] */
function svg(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The place on the drawing of a number, not finite if it has none.
 * @param {Scale} scale @param {number} value */
function placed(scale, value) {
  const at = scale.log ? Math.log10(value) : value;
  const part = (at - scale.low) / (scale.high - scale.low);
  return scale.from + part * (scale.to - scale.from);
}

/** @param {number[]} values @param {[number, number] | undefined} limits
 * @param {boolean} log @param {number} from @param {number} to @returns {Scale} */
function scaled(values, limits, log, from, to) {
  const read = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const finite = (limits ?? values).map(read).filter(Number.isFinite);
  let low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  let high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!finite.length) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const room = limits ? 0 : 0.05 * (high - low);
  return { low: low - room, high: high + room, log, from, to };
}

/** Round numbers within a scale, at most a handful.
 * @param {Scale} scale @returns {{value: number, text: string}[]} */
function ticks({ low, high, log }) {
  if (log && high - low >= 1) {
    const step = Math.ceil((high - low) / TICKS);
    const first = Math.ceil(low / step) * step;
    const count = Math.floor((high - first) / step) + 1;
    return Array.from({ length: count }, (_, k) => {
      const power = first + k * step;
      return { value: 10 ** power, text: Math.abs(power) < 4 ? `${10 ** power}` : `1e${power}` };
    }).map(({ value, text }) => ({ value, text: text.replace("-", "−") }));
  }
  const [a, b] = log ? [10 ** low, 10 ** high] : [low, high];
  const rough = (b - a) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((s) => s * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const large = Math.max(Math.abs(a), Math.abs(b)) >= 1e5 || step < 1e-4;
  const first = Math.ceil(a / step - 1e-9);
  const count = Math.floor(b / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => {
    const value = (first + k) * step;
    const text = large ? value.toExponential(1).replace("e+", "e") : value.toFixed(digits);
    return { value, text: (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−") };
  });
}

/** @param {Drawing} drawing @returns {{x: number[], y: number[]}} */
function extents(drawing) {
  /** @type {number[]} */
  const x = [];
  /** @type {number[]} */
  const y = [];
  for (const layer of drawing.layers) {
    if ("at" in layer) (layer.kind === "across" ? y : x).push(layer.at);
    else {
      for (const value of layer.x) x.push(value);
      for (const value of layer.y) y.push(value);
    }
  }
  return { x, y };
}

/** A path through places; one that is not finite leaves a gap.
 * @param {[number, number][]} places */
function path(places) {
  let pen = "M";
  let made = "";
  for (const [x, y] of places) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = "M";
      continue;
    }
    made += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  }
  return made;
}

/** What a drawing shows, in words.
 * @param {Drawing} drawing @param {{x: number[], y: number[]}} extent */
function described(drawing, extent) {
  const names = drawing.layers.flatMap((layer) => ("label" in layer && layer.label) || []);
  const range = (/** @type {number[]} */ values) => {
    const finite = values.filter(Number.isFinite);
    const ends = [Math.min, Math.max].map((end) => finite.reduce((a, b) => end(a, b), finite[0]));
    return ends.map((value) => Number(value.toPrecision(4))).join(" to ");
  };
  const parts = [drawing.title ?? "Drawing"];
  if (extent.x.length) parts.push(`${drawing.xlabel ?? "x"} from ${range(extent.x)}`);
  if (extent.y.length) parts.push(`${drawing.ylabel ?? "y"} from ${range(extent.y)}`);
  if (names.length) parts.push(`shown: ${names.join(", ")}`);
  return parts.join("; ");
}

/** @param {Drawing} drawing @returns {SVGElement} */
export function draw(drawing) {
  const titled = MARGIN.top + (drawing.title ? 22 : 0);
  const named = drawing.legend ? drawing.layers.filter((one) => "label" in one && one.label) : [];
  const top = titled + LINE * named.length;
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const bottom = top + HEIGHT;
  const extent = extents(drawing);
  const x = scaled(extent.x, drawing.xlim, drawing.xlog, left, right);
  const y = scaled(extent.y, drawing.ylim, drawing.ylog, bottom, top);
  const root = svg("svg", {
    class: "live-plot",
    viewBox: `0 0 ${WIDTH} ${bottom + MARGIN.bottom}`,
    role: "img",
    "aria-label": described(drawing, extent),
  });
  const clip = `live-clip-${++drawn}`;
  const inside = svg("clipPath", { id: clip });
  inside.append(svg("rect", { x: left, y: top, width: right - left, height: bottom - top }));
  const body = svg("g", { "clip-path": `url(#${clip})` });
  root.append(inside, ...axes(drawing, x, y));

  /** @type {{label: string, colour: number, line: string | null, marker: string | null}[]} */
  const legend = [];
  let next = 0;
  for (const layer of drawing.layers) {
    if (layer.kind === "contour") {
      for (const level of levels(layer, layer.levels)) {
        const pieces = levelLine(layer, level).map((piece) =>
          path(piece.map(([u, v]) => [placed(x, u), placed(y, v)])),
        );
        body.append(svg("path", { class: "live-level", d: pieces.join("") }));
      }
      continue;
    }
    const colour = layer.colour ?? next++;
    const marker = layer.kind === "line" ? layer.marker : null;
    /** @type {[number, number][]} */
    let places = [];
    if (layer.kind === "line") {
      places = layer.x.map((u, k) => [placed(x, u), placed(y, layer.y[k])]);
    } else if (layer.kind === "across") {
      places = [left, right].map((at) => [at, placed(y, layer.at)]);
    } else {
      places = [bottom, top].map((at) => [placed(x, layer.at), at]);
    }
    body.append(...stroke(places, colour, layer.line, marker));
    if (layer.label) legend.push({ label: layer.label, colour, line: layer.line, marker });
  }
  root.append(body);
  if (drawing.legend) root.append(...entries(legend, left, titled));
  return root;
}
/** @param {[number, number][]} places @param {number} colour @param {string | null} line
 * @param {string | null} marker */
function stroke(places, colour, line, marker) {
  const kind = `live-c${colour % COLOURS}`;
  const made = [];
  if (line) {
    const dash = DASHES[line] ?? "none";
    made.push(svg("path", { class: `live-line ${kind}`, d: path(places), "stroke-dasharray": dash }));
  }
  if (marker) {
    const r = marker === "o" ? 3.5 : 2;
    for (const [cx, cy] of places) {
      if (Number.isFinite(cx) && Number.isFinite(cy)) {
        made.push(svg("circle", { class: `live-dot ${kind}`, cx: cx.toFixed(1), cy: cy.toFixed(1), r }));
      }
    }
  }
  return made;
}

/** @param {Drawing} drawing @param {Scale} x @param {Scale} y */
function axes(drawing, x, y) {
  const made = [svg("path", { class: "live-axis", d: `M${x.from} ${y.to}V${y.from}H${x.to}` })];
  for (const { value, text } of ticks(x)) {
    const at = placed(x, value).toFixed(1);
    made.push(svg("path", { class: "live-axis", d: `M${at} ${y.from}v4` }));
    made.push(svg("text", { x: at, y: y.from + 17, "text-anchor": "middle" }, text));
  }
  for (const { value, text } of ticks(y)) {
    const at = placed(y, value);
    made.push(svg("path", { class: "live-axis", d: `M${x.from} ${at.toFixed(1)}h-4` }));
    made.push(svg("text", { x: x.from - 8, y: (at + 4).toFixed(1), "text-anchor": "end" }, text));
  }
  const middle = (x.from + x.to) / 2;
  const words = { "text-anchor": "middle" };
  if (drawing.xlabel) made.push(svg("text", { x: middle, y: y.from + 38, ...words }, drawing.xlabel));
  if (drawing.ylabel) {
    const turn = `translate(14 ${(y.from + y.to) / 2}) rotate(-90)`;
    made.push(svg("text", { transform: turn, ...words }, drawing.ylabel));
  }
  if (drawing.title) made.push(svg("text", { x: middle, y: 18, ...words }, drawing.title));
  return made;
}

/** The legend, above the axes: a line for each label.
 * @param {{label: string, colour: number, line: string | null, marker: string | null}[]} legend
 * @param {number} left @param {number} top */
function entries(legend, left, top) {
  return legend.flatMap(({ label, colour, line, marker }, k) => {
    const y = top + LINE * k;
    /** @type {[number, number][]} */
    const sample = line ? [[left, y], [left + 24, y]] : [[left + 12, y]];
    return [...stroke(sample, colour, line, marker), svg("text", { x: left + 32, y: y + 4 }, label)];
  });
}
