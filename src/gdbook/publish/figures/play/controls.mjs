// What the reader sets by hand: elements, and the dials with their scales.
// @ts-check

/** @param {string} name @param {Record<string, any>} [attributes] @param {(Node | string)[]} [inside]
 * @returns {any} */
export const make = (name, attributes = {}, inside = []) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
};

/** How a number lies on its slider: to it, from it, the slider's ends and step, and in words.
 * @typedef {{label: string, to: (value: number) => number, from: (at: number) => number,
 *   ends: [number, number, number | "any"], words: (value: number) => string}} Scale */

const same = (/** @type {number} */ value) => value;
const digits = (/** @type {number} */ count) => (/** @type {number} */ value) =>
  Number(value.toPrecision(count));
const three = digits(3);
const tenTo = (/** @type {number} */ at) => three(10 ** at);
/** @param {string} label @returns {Scale} */
const nearOne = (label) => ({
  label,
  to: (value) => -Math.log10(1 - value),
  from: (at) => digits(4)(1 - 10 ** -at),
  ends: [0.302, 4, 0.01],
  words: String,
});

/** @type {Record<string, Scale>} */
export const SCALES = {
  eta: { label: "η", to: Math.log10, from: tenTo, ends: [-4, 1, 0.01], words: String },
  kappa: { label: "condition number κ", to: Math.log10, from: tenTo, ends: [0, 3, 0.01], words: String },
  angle: { label: "turned by", to: same, from: same, ends: [0, 90, 1], words: (v) => `${v}°` },
  beta: { label: "momentum β, β₁", to: same, from: three, ends: [0, 0.99, 0.01], words: String },
  beta2: nearOne("Adam’s β₂"),
  alpha: nearOne("RMSprop’s α"),
  decay: { label: "weight decay λ", to: same, from: three, ends: [0, 0.5, 0.005], words: String },
  batch: {
    label: "rows in a batch",
    to: same,
    from: same,
    ends: [0, 50, 1],
    words: (v) => (v ? String(v) : "all"),
  },
  steps: {
    label: "steps",
    to: Math.log10,
    from: (at) => Math.round(digits(2)(10 ** at)),
    ends: [0.7, 3, 0.01],
    words: String,
  },
};

/** A slider with its name and its value. */
export class Slider {
  /** @param {Scale} scale @param {string} name @param {(value: number) => void} moved */
  constructor(scale, name, moved) {
    const [min, max, step] = scale.ends;
    this.scale = scale;
    this.range = make("input", { type: "range", min, max, step, "aria-label": name, autocomplete: "off" });
    this.range.addEventListener("input", () => {
      const value = scale.from(Number(this.range.value));
      this.tell(value);
      moved(value);
    });
    this.value = make("span", { class: "gd-value", "aria-hidden": "true" });
    const label = make("span", { class: "gd-name" }, [scale.label]);
    this.host = make("label", { class: "gd-dial" }, [label, this.range, this.value]);
  }

  /** @param {number} value */
  set(value) {
    this.range.value = String(this.scale.to(value));
    this.tell(value);
  }

  /** @param {number} value */
  tell(value) {
    this.value.textContent = this.scale.words(value);
    this.range.setAttribute("aria-valuetext", this.value.textContent);
  }
}
