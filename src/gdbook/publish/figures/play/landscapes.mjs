// The landscapes of gdbook.functions over a plane: value and gradient. What depends on data takes
// its rows from the page, where the build put them.
// @ts-check
import { hiddenTruth } from "./chance.mjs";

/** @typedef {{value: (p: number[]) => number,
 *   gradient: (p: number[], rows?: number[]) => number[],
 *   model?: (p: number[], x: number) => number, x?: number[], y?: number[],
 *   H?: [number, number, number]}} Landscape */
/** @typedef {{kind: string, title: string, domain: number[][], variables: string[],
 *   rates: Record<string, number>, start: number[], L?: number, H?: [number, number, number],
 *   stiff?: number, x?: number[], y?: number[], truth?: number[]}} Ground */

/** ½xᵀHx, with H = [[a, b], [b, c]]. @param {[number, number, number]} H @returns {Landscape} */
const quadratic = (H) => {
  const [a, b, c] = H;
  return {
    H,
    value: ([x, y]) => (a * x * x + 2 * b * x * y + c * y * y) / 2,
    gradient: ([x, y]) => [a * x + b * y, b * x + c * y],
  };
};

/** The matrix of a ravine with curvature L across, L/κ along, turned by an angle in degrees.
 * @param {number} L @param {number} kappa @param {number} angle
 * @returns {[number, number, number]} */
export const ravine = (L, kappa, angle) => {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const low = L / kappa;
  return [low * c * c + L * s * s, (low - L) * c * s, low * s * s + L * c * c];
};

/** @type {Record<string, Landscape>} */
const PLANE = {
  wave: {
    value: ([x, y]) => (x * x) / 4 + Math.sin(y),
    gradient: ([x, y]) => [x / 2, Math.cos(y)],
  },
  valleys: {
    value: ([x, y]) => x - 4 * x * x + x ** 4 / 4 + 2 * y * y,
    gradient: ([x, y]) => [1 - 8 * x + x ** 3, 4 * y],
  },
  rosenbrock: {
    value: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: ([x, y]) => [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)],
  },
  himmelblau: {
    value: ([x, y]) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    gradient: ([x, y]) => {
      const [u, v] = [x * x + y - 11, x + y * y - 7];
      return [4 * x * u + 2 * v, 2 * u + 4 * y * v];
    },
  },
};

/** Models of two parameters: what they say at x, and its derivatives with respect to both.
 * @type {Record<string, {at: (p: number[], x: number) => number,
 *   slopes: (p: number[], x: number) => number[]}>} */
const MODELS = {
  sine: {
    at: ([omega, t], x) => Math.sin(omega * x + t),
    slopes: ([omega, t], x) => {
      const slope = Math.cos(omega * x + t);
      return [slope * x, slope];
    },
  },
  network: {
    at: ([w, v], x) => v * Math.tanh(w * x),
    slopes: ([w, v], x) => {
      const out = Math.tanh(w * x);
      return [v * (1 - out * out) * x, out];
    },
  },
};

/** Half the mean square of a model's residuals. @param {string} kind @param {number[]} x
 * @param {number[]} y @returns {Landscape} */
const fit = (kind, x, y) => {
  const { at, slopes } = MODELS[kind];
  return {
    x,
    y,
    model: at,
    value: (p) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += (at(p, x[i]) - y[i]) ** 2;
      return sum / (2 * x.length);
    },
    gradient: (p, rows) => {
      const sums = [0, 0];
      const count = rows ? rows.length : x.length;
      for (let k = 0; k < count; k++) {
        const i = rows ? rows[k] : k;
        const r = at(p, x[i]) - y[i];
        const [first, second] = slopes(p, x[i]);
        sums[0] += r * first;
        sums[1] += r * second;
      }
      return sums.map((sum) => sum / count);
    },
  };
};

/** The landscape of a state. @param {Ground} ground @param {any} state @returns {Landscape} */
export const landscape = (ground, { kappa, angle, blind }) => {
  if (ground.stiff) return quadratic(ravine(ground.stiff, kappa, angle));
  if (ground.H) return quadratic(ground.H);
  const { x, y } = ground;
  if (!x || !y) return PLANE[ground.kind];
  if (!blind || !ground.truth) return fit(ground.kind, x, y);
  // Other data with the same noise.
  const hidden = hiddenTruth(blind);
  const { at } = MODELS[ground.kind];
  const truth = ground.truth;
  return fit(ground.kind, x, y.map((value, i) => value - at(truth, x[i]) + at(hidden, x[i])));
};
