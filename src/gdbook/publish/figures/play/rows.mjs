// A row for each method: the key, its rate, what is said of it; and below the dials of all.
// @ts-check
import { SCALES, Slider, make } from "./controls.mjs";
import { drawn } from "./plot.mjs";
import { METHODS } from "./rules.mjs";

/** @typedef {import("./landscapes.mjs").Ground} Ground */
/** @typedef {import("./element.mjs").Spec} Spec */

export class Rows {
  /** @param {Spec} spec @param {(change: any) => void} change */
  constructor(spec, change) {
    this.spec = spec;
    this.change = change;
    this.rows = make("div", { class: "gd-rows", role: "group", "aria-label": "rates" });
    this.dials = make("div", { class: "gd-dials" });
    this.boxes = make("div", { class: "gd-methods", role: "group", "aria-label": "methods" });
    /** @type {Record<string, Slider>} */
    this.sliders = {};
    /** @type {Record<string, {slider: Slider, said: HTMLElement}>} */
    this.lines = {};
    this.arranged = "";
  }

  /** Have the rows and dials that a state needs, at its numbers. @param {any} state
   * @param {Ground} ground */
  set(state, ground) {
    const { full, dials } = this.spec;
    const chosen = Object.keys(state.eta);
    const uses = new Set(chosen.flatMap((method) => METHODS[method].uses).concat("steps", "decay"));
    if (ground.stiff) uses.add("kappa").add("angle");
    if (ground.x) uses.add("batch");
    const needed = Object.keys(SCALES).filter((d) => uses.has(d) && (full || dials.includes(d)));
    const wanted = String([chosen, needed]);
    if (this.arranged !== wanted) {
      this.arranged = wanted;
      this.lines = {};
      this.rows.replaceChildren(...chosen.map((method) => this.row(method)));
      this.sliders = {};
      for (const d of needed) {
        this.sliders[d] = new Slider(SCALES[d], SCALES[d].label, (value) => this.change({ [d]: value }));
      }
      this.dials.replaceChildren(...Object.values(this.sliders).map(({ host }) => host));
    }
    this.state = state;
    this.ground = ground;
    for (const d of needed) this.sliders[d].set(state[d]);
    for (const method of chosen) this.lines[method].slider.set(state.eta[method]);
    for (const [method, box] of Object.entries(this.checks)) box.checked = method in state.eta;
  }

  /** A box for each method there is. */
  choice() {
    for (const [method, { name }] of Object.entries(METHODS)) {
      this.checks[method] = make("input", { type: "checkbox", onchange: () => this.take(method) });
      this.boxes.append(make("label", {}, [this.checks[method], name]));
    }
    return this.boxes;
  }

  /** @type {Record<string, HTMLInputElement>} */
  checks = {};

  /** @param {string} method */
  row(method) {
    const { name } = METHODS[method];
    const [colour, dashes] = this.spec.looks[method];
    const look = { stroke: `var(--gd-${colour})`, "stroke-dasharray": dashes, class: "line" };
    const key = drawn("svg", { viewBox: "0 0 42 12", class: "gd-key", "aria-hidden": true }, [
      drawn("path", { d: "M1 6h40", ...look }),
    ]);
    const slider = new Slider(SCALES.eta, `η of ${name}`, (value) =>
      this.change({ eta: { ...this.state.eta, [method]: value } }),
    );
    const said = make("p", { class: "gd-says" });
    this.lines[method] = { slider, said };
    const head = make("span", { class: "gd-method" }, [key, name]);
    return make("div", { class: "gd-row" }, [head, slider.host, said]);
  }

  /** Let a method run, or no longer; one is left. @param {string} method */
  take(method) {
    const { [method]: gone, ...others } = this.state.eta;
    if (!gone) others[method] = /** @type {Ground} */ (this.ground).rates[method];
    const names = Object.keys(METHODS).filter((name) => name in others);
    const eta = Object.fromEntries(names.map((name) => [name, others[name]]));
    this.change(names.length ? { eta } : {});
  }
}
