// The runs of a state: all steps at once, to be shown one after the other; and the race.
// @ts-check
import { batches } from "./chance.mjs";
import { METHODS } from "./rules.mjs";

/** @typedef {import("./landscapes.mjs").Landscape} Landscape */
/** @typedef {{points: number[][], values: number[], left: boolean}} Run */

/** Beyond it a run has left: it is shown to go, not where it goes. */
const FAR = 1e9;
/** The rates that a race tries: ten a decade. */
export const RATES = Array.from({ length: 51 }, (_, j) => Number((10 ** (j / 10 - 4)).toPrecision(3)));

/** @param {Landscape} land @param {string} method @param {number} eta @param {any} state
 * @param {number[][]} [draws] @returns {Run} */
export const run = (land, method, eta, state, draws) => {
  const { rule, options } = METHODS[method];
  const chosen = { ...options(state), lr: eta, weight_decay: state.decay };
  let at = state.start;
  let memory = {};
  const made = { points: [at], values: [land.value(at)], left: false };
  for (let k = 0; k < state.steps; k++) {
    [at, memory] = rule(at, land.gradient(at, draws?.[k]), memory, chosen);
    const value = land.value(at);
    made.left = !(Number.isFinite(value) && Math.hypot(...at) < FAR);
    if (made.left) break;
    made.points.push(at);
    made.values.push(value);
  }
  return made;
};

/** The batches of a state's steps; none where each step sees all rows. @param {Landscape} land
 * @param {any} state */
export const draws = (land, state) => {
  const count = land.x?.length ?? 0;
  return state.batch && state.batch < count
    ? batches(state.seed, state.batch, count, state.steps)
    : undefined;
};

/** All runs of a state. @param {Landscape} land @param {any} state @returns {Record<string, Run>} */
export const runs = (land, state) => {
  const drawn = draws(land, state);
  const made = Object.entries(state.eta).map(([m, eta]) => [m, run(land, m, eta, state, drawn)]);
  return Object.fromEntries(made);
};

/** The mean loss over the last tenth of a run; of one that left, infinity. @param {Run} made */
export const score = ({ values, left }) => {
  const last = values.slice(-Math.max(1, Math.floor(values.length / 10)));
  return left ? Infinity : last.reduce((a, b) => a + b) / last.length;
};

/** For each method of a state the lowest rate that is as good as any, to a thousandth: those of
 * the race are tried, and the one that it has. @param {Landscape} land
 * @param {any} state @returns {Record<string, number>} */
export const tuned = (land, state) => {
  const drawn = draws(land, state);
  const best = Object.entries(state.eta).map(([method, now]) => {
    const rates = [...RATES, now].sort((a, b) => a - b);
    const scores = rates.map((eta) => score(run(land, method, eta, state, drawn)));
    const lowest = Math.min(...scores);
    return [method, rates[scores.findIndex((score) => score <= lowest + Math.abs(lowest) / 1000)]];
  });
  return Object.fromEntries(best);
};
