// What theory knows of a run before it begins, and what the run shows; as gdbook.rates.
// @ts-check

/** Both eigenvalues of [[a, b], [b, c]], the smaller first. @param {number[]} H */
export const eigenvalues = ([a, b, c]) => {
  const [middle, radius] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  return [middle - radius, middle + radius];
};

/** The factor by which a step shrinks the error on curvature λ, in the long run.
 * @param {number} eta @param {number} lambda @param {number} beta @param {boolean} nesterov */
export const spectralRadius = (eta, lambda, beta = 0, nesterov = false) => {
  const a = eta * lambda;
  const middle = nesterov ? (1 + beta) * (1 - a) : 1 + beta - a;
  const product = nesterov ? beta * (1 - a) : beta;
  const under = middle ** 2 - 4 * product;
  return under >= 0 ? (Math.abs(middle) + Math.sqrt(under)) / 2 : Math.sqrt(Math.max(product, 0));
};

/** The η below which a method converges on curvature λ. @param {number} lambda
 * @param {number} beta @param {boolean} nesterov */
export const largestStableRate = (lambda, beta = 0, nesterov = false) =>
  (2 * (1 + beta)) / lambda / (nesterov ? 1 + 2 * beta : 1);

/** The factor that a run's points show: the slope of the logarithms of the lengths of pairs of
 * neighbours, over its later half. The minimum is at 0. @param {number[][]} points */
export const measuredRate = (points) => {
  const logs = points.slice(1).map((p, k) => Math.log(Math.hypot(...p, ...points[k])));
  const half = logs.slice(Math.floor(logs.length / 2));
  const middle = (half.length - 1) / 2;
  let [along, square] = [0, 0];
  half.forEach((log, k) => {
    along += (k - middle) * log;
    square += (k - middle) ** 2;
  });
  return Math.exp(along / square);
};
