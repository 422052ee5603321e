// Level lines of numbers on a grid, by marching squares.
// @ts-check
/** @typedef {[number, number]} Point */
/** @typedef {{x: number[], y: number[], z: number[][]}} Grid */

/** Where a level is crossed between two corners of a square.
 * @param {Point} a @param {Point} b @param {number} za @param {number} zb
 * @param {number} level @returns {Point} */
function crossing(a, b, za, zb, level) {
  const t = (level - za) / (zb - za);
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

/** The pieces of one level line, each a pair of points.
 * @param {Grid} grid @param {number} level @returns {[Point, Point][]} */
export function levelLine({ x, y, z }, level) {
  /** @type {[Point, Point][]} */
  const pieces = [];
  for (let j = 0; j + 1 < y.length; j++) {
    for (let i = 0; i + 1 < x.length; i++) {
      /** @type {Point[]} */
      const corners = [
        [x[i], y[j]],
        [x[i + 1], y[j]],
        [x[i + 1], y[j + 1]],
        [x[i], y[j + 1]],
      ];
      const values = [z[j][i], z[j][i + 1], z[j + 1][i + 1], z[j + 1][i]];
      if (!values.every(Number.isFinite)) continue;
      const above = values.map((value) => value > level);
      const cut = [0, 1, 2, 3].filter((k) => above[k] !== above[(k + 1) % 4]);
      const points = cut.map((k) => {
        const next = (k + 1) % 4;
        return crossing(corners[k], corners[next], values[k], values[next], level);
      });
      if (points.length === 2) pieces.push([points[0], points[1]]);
      if (points.length === 4) {
        // A saddle: its middle decides which corners belong together.
        const middle = values.reduce((sum, value) => sum + value) / 4 > level;
        const [a, b, c, d] = points;
        if (middle === above[0]) pieces.push([a, b], [c, d]);
        else pieces.push([d, a], [b, c]);
      }
    }
  }
  return pieces;
}

/** Levels that part the range of a grid's numbers evenly.
 * @param {Grid} grid @param {number[] | number} wanted the levels, or how many */
export function levels({ z }, wanted) {
  if (typeof wanted !== "number") return wanted;
  const finite = z.flat().filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const step = (high - low) / (wanted + 1);
  return Array.from({ length: wanted }, (_, k) => low + (k + 1) * step);
}
