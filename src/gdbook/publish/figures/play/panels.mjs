// What is drawn: the map with its paths, the losses, the data with the fitted curves.
// @ts-check
import { Plot, drawn, picture } from "./plot.mjs";

/** @typedef {import("./landscapes.mjs").Landscape} Landscape */
/** @typedef {import("./landscapes.mjs").Ground} Ground */
/** @typedef {import("./run.mjs").Run} Run */
/** @typedef {import("./plot.mjs").Axis} Axis */

/** Less than so many units of a drawing are not seen to move. */
const SEEN = 0.5;
const SAMPLES = 80;
/** The steps of longer runs are not marked. */
const MARKED = 150;

/** The axis of the loss: what runs reach, but not how far they leave. @param {Run[]} made
 * @param {boolean} linear @returns {Axis} */
const heights = (made, linear) => {
  const all = made.flatMap(({ values }) => values);
  const log = !linear && all.every((value) => value > 0);
  const [first, low] = [all[0], all.reduce((a, b) => Math.min(a, b))];
  const most = log ? 1e3 * first : first + 2 * (first - low) + 1e-9;
  const high = Math.min(most, all.reduce((a, b) => Math.max(a, b)));
  if (log) return { low: Math.max(low, high * 1e-20) / 1.5, high: high * 1.5, name: "loss", log };
  const rim = (high - low || 1) * 0.05;
  return { low: low - rim, high: high + rim, name: "loss" };
};

/** The axis of some numbers, with a rim. @param {number[]} values @param {string} name */
const around = (values, name) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rim = (high - low) / 10;
  return { low: low - rim, high: high + rim, name };
};

export class Panels {
  /** @param {Record<string, string[]>} looks colour and dashes of each method */
  constructor(looks) {
    this.looks = looks;
    this.map = new Plot("map", 360, 360);
    this.loss = new Plot("loss", 300, 180);
    this.data = new Plot("data", 300, 180);
    this.loss.svg.setAttribute("role", "img");
    this.loss.svg.setAttribute("aria-label", "Loss against steps");
    this.data.svg.setAttribute("role", "img");
    const { width, height } = this.map;
    this.image = drawn("image", { width, height, class: "gd-map", preserveAspectRatio: "none" });
    this.hidden = drawn("text", { x: width / 2, y: height / 2 }, [new Text("The map is hidden.")]);
    this.paths = drawn("g");
    this.from = drawn("circle", { r: 6, class: "from" });
    this.map.inside.append(this.image, this.hidden, this.paths, this.from);
    this.painted = "";
    /** @type {(step: number) => void} */
    this.show = () => undefined;
  }

  /** The picture of the landscape, if it is another than before. @param {Landscape} land
   * @param {Ground} ground @param {any} state @param {boolean} visible */
  paint(land, ground, { f, kappa, angle, blind }, visible) {
    const wanted = String([f, ground.stiff && [kappa, angle], blind, visible]);
    if (this.painted === wanted) return;
    this.painted = wanted;
    this.hidden.setAttribute("display", visible ? "none" : "inline");
    if (visible) this.image.setAttribute("href", picture(land, ground.domain));
    else this.image.removeAttribute("href");
  }

  /** Axes and lines of new runs. @param {Landscape} land @param {Ground} ground @param {any} state
   * @param {Record<string, Run>} runs @param {boolean} visible */
  renew(land, ground, state, runs, visible) {
    const [x, y] = ground.domain.map(([low, high], i) => ({ low, high, name: ground.variables[i] }));
    this.map.set(x, y);
    const made = Object.values(runs);
    const fitted = visible ? land : undefined;
    this.loss.size(300, fitted?.x ? 180 : 300);
    this.loss.set({ low: 0, high: state.steps, name: "step" }, heights(made, state.linear));
    this.paint(land, ground, state, visible);
    this.from.setAttribute("cx", String(this.map.across(state.start[0])));
    this.from.setAttribute("cy", String(this.map.down(state.start[1])));
    this.rows(fitted);
    this.paths.replaceChildren();
    this.loss.inside.replaceChildren();
    const shown = Object.entries(runs).map(([method, run]) => this.lines(method, run, fitted?.model));
    this.show = (step) => shown.forEach((show) => show(step));
  }

  /** The lines of a run; returns what shows so many steps of them. @param {string} method
   * @param {Run} run @param {Landscape["model"]} model */
  lines(method, run, model) {
    const [colour, dashes] = this.looks[method];
    const look = { stroke: `var(--gd-${colour})`, "stroke-dasharray": dashes, class: "line" };
    const [path, loss, curve] = [look, look, look].map((each) => drawn("path", each));
    const halo = drawn("path", { class: "halo" });
    const dots = drawn("path", { stroke: look.stroke, class: "dots" });
    const dot = drawn("circle", { r: 5, fill: look.stroke, class: "at" });
    this.paths.append(halo, path, dots, dot);
    this.loss.inside.append(loss);
    this.data.inside.append(curve);
    const way = this.map.pieces(run.points);
    const fall = this.loss.pieces(run.values.map((value, k) => [k, value]));
    return (/** @type {number} */ step) => {
      const pieces = way.slice(0, step + 1);
      halo.setAttribute("d", pieces.join(""));
      path.setAttribute("d", pieces.join(""));
      if (way.length <= MARKED) {
        dots.setAttribute("d", pieces.map((piece) => piece && `M${piece.slice(1)}h0`).join(""));
      }
      const [cx, cy] = (pieces[pieces.length - 1] || "M-99 -99").slice(1).split(" ");
      dot.setAttribute("cx", cx);
      dot.setAttribute("cy", cy);
      loss.setAttribute("d", fall.slice(0, step + 1).join(""));
      if (model) {
        const p = run.points[Math.min(step, run.points.length - 1)];
        curve.setAttribute("d", this.data.pieces(this.along((x) => model(p, x))).join(""));
      }
    };
  }

  /** The points of a curve over the data. @param {(x: number) => number} f */
  along(f) {
    const { low, high } = /** @type {Axis} */ (this.data.x);
    return Array.from({ length: SAMPLES + 1 }, (_, i) => {
      const x = low + ((high - low) * i) / SAMPLES;
      return [x, f(x)];
    });
  }

  /** The data, where there are some to be seen. @param {Landscape} [land] */
  rows(land) {
    const [x, y] = [land?.x, land?.y];
    this.data.svg.toggleAttribute("hidden", !x);
    this.data.svg.parentElement?.classList.toggle("alone", !x);
    this.data.inside.replaceChildren();
    if (!x || !y) return;
    this.data.set(around(x, "x"), around(y, "y"));
    this.data.svg.setAttribute("aria-label", "The data, and each method’s curve at this step");
    const at = this.data.pieces(x.map((value, i) => [value, y[i]]));
    const points = at.map((piece) => `M${piece.slice(1)}h0`).join("");
    this.data.inside.append(drawn("path", { d: points, class: "points" }));
  }

  /** The last step at which something is seen to move. @param {Run[]} made */
  lastSeen(made) {
    let last = 1;
    for (const { points, values } of made) {
      const at = (/** @type {number} */ k) => [
        this.map.across(points[k][0]),
        this.map.down(points[k][1]),
        this.loss.down(values[k]),
      ];
      let k = points.length - 1;
      const end = at(k);
      while (k > last && at(k - 1).every((value, i) => Math.abs(value - end[i]) < SEEN)) k--;
      last = k;
    }
    return last;
  }
}
