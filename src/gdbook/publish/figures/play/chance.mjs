// Chance with a seed: the same state gives the same run everywhere. gdbook.plots.play has the same.
// @ts-check

/** Numbers between 0 and 1 (mulberry32). @param {number} seed @returns {() => number} */
export const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** The rows of each step's batch, drawn with replacement. @param {number} seed @param {number} size
 * @param {number} count of rows @param {number} steps @returns {number[][]} */
export const batches = (seed, size, count, steps) => {
  const draw = random(seed);
  return Array.from({ length: steps }, () =>
    Array.from({ length: size }, () => Math.floor(draw() * count)),
  );
};

/** The frequency and the phase of a blind date. @param {number} seed */
export const hiddenTruth = (seed) => {
  const draw = random(seed);
  return [0.5 + 5 * draw(), (2 * draw() - 1) * Math.PI];
};
