// What is said of a method's run, word for word as gdbook.plots.play.words.
// @ts-check
import { METHODS } from "./rules.mjs";
import { eigenvalues, largestStableRate, measuredRate, spectralRadius } from "./theory.mjs";
import { brief, inWords } from "../words.mjs";

/** What the run shows at a step. @param {import("./run.mjs").Run} run @param {number} step */
export const lossSaid = ({ values, left }, step) => {
  const last = values.length - 1;
  return left && step > last ? `left at step ${last + 1}` : `loss ${brief(values[Math.min(step, last)])}`;
};

/** What theory knows of the whole run. @param {string} method @param {any} state
 * @param {import("./landscapes.mjs").Landscape} land @param {import("./run.mjs").Run} run
 * @param {number} [L] a bound of the curvature */
export const theorySaid = (method, state, { H }, { points }, L) => {
  const { plain, options } = METHODS[method];
  const eta = state.eta[method];
  if (!H || !plain) {
    const sure = method === "sgd" && L && !state.decay && !state.batch && !state.blind;
    return sure ? [`sure to descend below η = ${brief(2 / L)}`] : [];
  }
  const { momentum = 0, nesterov = false } = options(state);
  const bends = eigenvalues(H).map((bend) => bend + state.decay);
  if (bends[0] <= 0) return [`no η is stable: one curvature is ${brief(bends[0])}`];
  const rate = Math.max(...bends.map((bend) => spectralRadius(eta, bend, momentum, nesterov)));
  const arrived = points.slice(1).some((p, k) => !Math.hypot(...p, ...points[k]));
  const shows = points.length > 8 && !arrived ? `, ${inWords(measuredRate(points), ".3f")} measured` : "";
  return [
    `ρ ${inWords(rate, ".3f")} predicted${shows}`,
    `stable below η = ${brief(largestStableRate(bends[1], momentum, nesterov))}`,
  ];
};

/** Which run is lowest at a step. @param {Record<string, import("./run.mjs").Run>} runs
 * @param {number} step */
export const verdict = (runs, step) => {
  const ends = Object.entries(runs).map(([method, { values, left }]) => {
    const last = values.length - 1;
    return [METHODS[method].name, left && step > last ? Infinity : values[Math.min(step, last)]];
  });
  const [name, loss] = ends.reduce((a, b) => (b[1] < a[1] ? b : a));
  return Number.isFinite(loss)
    ? `Lowest loss after ${step} steps: ${name}, ${brief(Number(loss))}.`
    : `After ${step} steps every method has left.`;
};
