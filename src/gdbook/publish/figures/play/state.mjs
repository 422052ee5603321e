// A state of the playground, in words for an address: "f=ravine&start=-4,1&sgd=0.3&steps=60".
// @ts-check
import { METHODS } from "./rules.mjs";

/** What a state has beside its landscape, its start and its methods: least, most, and if not said.
 * @type {Record<string, [number, number, number]>} */
export const NUMBERS = {
  kappa: [1, 1000, 20],
  angle: [0, 90, 0],
  beta: [0, 0.99, 0.9],
  beta2: [0.5, 0.9999, 0.999],
  alpha: [0.5, 0.9999, 0.99],
  decay: [0, 0.5, 0],
  batch: [0, 1000, 0],
  seed: [1, 1e9, 1],
  steps: [5, 1000, 100],
  linear: [0, 1, 0],
  blind: [0, 1e9, 0],
};
export const ETA = [1e-4, 10];

/** @param {number} value @param {number[]} range */
export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

/** @param {any} state */
export const written = (state) => {
  const parts = [`f=${state.f}`, `start=${state.start.join()}`];
  for (const [method, eta] of Object.entries(state.eta)) parts.push(`${method}=${eta}`);
  for (const [name, [, , usual]] of Object.entries(NUMBERS)) {
    if (state[name] !== usual) parts.push(`${name}=${state[name]}`);
  }
  return parts.join("&");
};

/** The state that an address names; what is missing or makes no sense is left as it was.
 * @param {string} query @param {any} state @param {Record<string, any>} grounds */
export const read = (query, state, grounds) => {
  const said = new URLSearchParams(query);
  const f = said.get("f") ?? "";
  if (!Object.hasOwn(grounds, f)) return state;
  const made = { ...state, f, start: grounds[f].start, eta: {} };
  const number = (/** @type {string} */ name) => Number(said.get(name) || NaN);
  for (const [name, [low, high, usual]] of Object.entries(NUMBERS)) {
    const value = said.has(name) ? Number(said.get(name)) : usual;
    made[name] = Number.isFinite(value) ? clamp(value, [low, high]) : usual;
  }
  for (const name of ["batch", "seed", "steps", "blind"]) made[name] = Math.round(made[name]);
  for (const method of Object.keys(METHODS)) {
    if (number(method) > 0) made.eta[method] = clamp(number(method), ETA);
  }
  const start = (said.get("start") ?? "").split(",").map((part) => (part ? Number(part) : NaN));
  if (start.length === 2 && start.every(Number.isFinite)) {
    made.start = start.map((value, i) => clamp(value, grounds[f].domain[i]));
  }
  if (!Object.keys(made.eta).length) made.eta = { sgd: grounds[f].rates.sgd };
  return made;
};
