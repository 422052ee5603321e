// One step of each method, as gdbook.optimizers.rules and torch.optim take it: point, gradient and
// state in, point and state out. Names and defaults are torch's. Nothing is changed in place.
// @ts-check

/** @typedef {Record<string, any>} State */
/** @typedef {Record<string, any>} Options */
/** @typedef {(x: number[], g: number[], state: State, options?: Options) => [number[], State]} Rule */

/** @param {number[]} x @param {number[]} g @param {number} decay */
const coupled = (x, g, decay) => (decay ? g.map((slope, i) => slope + decay * x[i]) : g);

/** Gradient descent, heavy ball, and Nesterov's method in torch's form. @type {Rule} */
export const sgd = (x, g, state, options = {}) => {
  const { lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0, nesterov = false } = options;
  g = coupled(x, g, weight_decay);
  // The first buffer is the gradient alone, without dampening.
  const b = state.b && momentum ? g.map((s, i) => momentum * state.b[i] + (1 - dampening) * s) : g;
  const along = nesterov ? g.map((s, i) => s + momentum * b[i]) : b;
  return [x.map((w, i) => w - lr * along[i]), { b }];
};

/** Rates that fall with all past gradients. @type {Rule} */
export const adagrad = (x, g, { t = 0, s }, options = {}) => {
  const { lr = 1e-2, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0, eps = 1e-10 } = options;
  g = coupled(x, g, weight_decay);
  const sum = g.map((slope, i) => (s ? s[i] : initial_accumulator_value) + slope * slope);
  const rate = lr / (1 + t * lr_decay);
  return [x.map((w, i) => w - (rate * g[i]) / (Math.sqrt(sum[i]) + eps)), { t: t + 1, s: sum }];
};

/** The gradient over the root of its running mean square; ε is outside the root. @type {Rule} */
export const rmsprop = (x, g, state, options = {}) => {
  const { lr = 1e-2, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0, centered = false } = options;
  g = coupled(x, g, weight_decay);
  const { s = [0, 0], m = [0, 0], b = [0, 0] } = state;
  const square = g.map((slope, i) => alpha * s[i] + (1 - alpha) * slope * slope);
  const mean = g.map((slope, i) => (centered ? alpha * m[i] + (1 - alpha) * slope : 0));
  const buffer = g.map(
    (slope, i) => momentum * b[i] + slope / (Math.sqrt(square[i] - mean[i] ** 2) + eps),
  );
  return [x.map((w, i) => w - lr * buffer[i]), { s: square, m: mean, b: buffer }];
};

/** Momentum and rates for each coordinate, both corrected for their start. @type {Rule} */
export const adam = (x, g, state, options = {}) => {
  const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weight_decay = 0, amsgrad = false } = options;
  g = coupled(x, g, weight_decay);
  const [beta1, beta2] = betas;
  const t = (state.t ?? 0) + 1;
  const { m = [0, 0], v = [0, 0], top = [0, 0] } = state;
  const mean = g.map((slope, i) => beta1 * m[i] + (1 - beta1) * slope);
  const square = g.map((slope, i) => beta2 * v[i] + (1 - beta2) * slope * slope);
  const largest = amsgrad ? square.map((now, i) => Math.max(now, top[i])) : square;
  const [c1, c2] = [1 - beta1 ** t, 1 - beta2 ** t];
  const moved = x.map((w, i) => w - (lr * (mean[i] / c1)) / (Math.sqrt(largest[i] / c2) + eps));
  return [moved, { t, m: mean, v: square, top: largest }];
};

/** Adam, with the decay apart from the gradient. @type {Rule} */
export const adamw = (x, g, state, { weight_decay = 1e-2, ...options } = {}) => {
  const { lr = 1e-3 } = options;
  return adam(x.map((w) => w - lr * weight_decay * w), g, state, options);
};

/** What the dials say of a method's options. `plain`: its rate on a quadratic is known.
 * @type {Record<string, {name: string, rule: Rule, uses: string[], plain?: boolean,
 *   options: (dials: any) => Options}>} */
export const METHODS = {
  sgd: { name: "SGD", rule: sgd, uses: [], plain: true, options: () => ({}) },
  momentum: {
    name: "momentum",
    rule: sgd,
    uses: ["beta"],
    plain: true,
    options: ({ beta }) => ({ momentum: beta }),
  },
  nesterov: {
    name: "Nesterov",
    rule: sgd,
    uses: ["beta"],
    plain: true,
    options: ({ beta }) => ({ momentum: beta, nesterov: beta > 0 }),
  },
  adagrad: { name: "AdaGrad", rule: adagrad, uses: [], options: () => ({}) },
  rmsprop: { name: "RMSprop", rule: rmsprop, uses: ["alpha"], options: ({ alpha }) => ({ alpha }) },
  adam: { name: "Adam", rule: adam, uses: ["beta", "beta2"], options: (d) => ({ betas: [d.beta, d.beta2] }) },
  amsgrad: {
    name: "AMSGrad",
    rule: adam,
    uses: ["beta", "beta2"],
    options: (d) => ({ betas: [d.beta, d.beta2], amsgrad: true }),
  },
  adamw: { name: "AdamW", rule: adamw, uses: ["beta", "beta2"], options: (d) => ({ betas: [d.beta, d.beta2] }) },
};
