// The landing page's descent: the loss of the sine fit, gradient descent on it, and the
// element <downhill-descent> that draws the run on the cover. figures/cover.py has the
// same arithmetic and drew the map.

const X = Array.from({ length: 50 }, (_, i) => -3 + (6 * i) / 49);
const Y = X.map((x) => Math.sin(2.188 * x + 1));
export const LEARNING_RATE = 0.1;
const SIZE = 600;
const STARTS = [
  [2.1, -1.42],
  [2.25, -1.74],
  [2, -1.62],
  [3.75, 0.32],
];

/** ½·mean((y − sin(ωx + t))²). */
export function loss([omega, t]) {
  let sum = 0;
  X.forEach((x, i) => (sum += (Y[i] - Math.sin(omega * x + t)) ** 2));
  return sum / (2 * X.length);
}

/** Its partial derivatives by ω and t. */
export function gradient([omega, t]) {
  let byOmega = 0;
  let byT = 0;
  X.forEach((x, i) => {
    const inner = omega * x + t;
    const slope = -(Y[i] - Math.sin(inner)) * Math.cos(inner);
    byOmega += slope * x;
    byT += slope;
  });
  return [byOmega / X.length, byT / X.length];
}

/** One step of gradient descent. */
export function step([omega, t], learningRate = LEARNING_RATE) {
  const [byOmega, byT] = gradient([omega, t]);
  return [omega - learningRate * byOmega, t - learningRate * byT];
}

const place = ([omega, t]) => [(omega / (2 * Math.PI)) * SIZE, ((Math.PI - t) / (2 * Math.PI)) * SIZE];
const point = (x, y) => [(x / SIZE) * 2 * Math.PI, Math.PI - (y / SIZE) * 2 * Math.PI];
const settled = (place) => Math.hypot(...gradient(place)) < 1e-4;

function make(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const PANEL = `
<div class="descent-panel">
  <button type="button" class="main" data-do="run">Start</button>
  <button type="button" data-do="step">One step</button>
  <button type="button" data-do="next">Another start</button>
  <span class="numbers"></span>
</div>
<p class="descent-say" role="status"></p>`;
const HELLO = "Start a descent, or press anywhere on the map to begin there.";

class Descent extends HTMLElement {
  connectedCallback() {
    const svg = this.querySelector("svg");
    if (!svg || this.map) return;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.map = document.createElement("div");
    this.map.className = "descent-map";
    svg.replaceWith(this.map);
    this.map.append(svg);
    this.insertAdjacentHTML("beforeend", PANEL);
    this.runButton = this.querySelector("[data-do=run]");
    this.numbers = this.querySelector(".numbers");
    this.say = this.querySelector(".descent-say");

    svg.querySelector(".traces").remove();
    svg.querySelector("title").textContent =
      "Map of a loss over two parameters. Arrow keys move the start, Enter starts the descent.";
    this.trace = make("path", { class: "trace" });
    this.from = make("circle", { class: "start", r: 6 });
    this.halo = make("circle", { class: "halo", r: 14 });
    this.dot = make("circle", { class: "end", r: 7 });
    svg.append(this.trace, this.from, this.halo, this.dot);

    this.map.tabIndex = 0;
    this.map.setAttribute("role", "application");
    this.map.setAttribute("aria-label", "Map of the loss");
    this.map.addEventListener("click", (event) => this.pick(event, svg));
    this.map.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("click", (event) => this.press(event.target.dataset?.do));
    this.turn = 0;
    this.begin(STARTS[0], HELLO);
  }

  disconnectedCallback() {
    this.pause();
  }

  /** Put the start somewhere. */
  begin(start, words = "") {
    this.pause();
    this.path = [start];
    this.say.textContent = words;
    this.draw();
  }

  press(what) {
    if (what === "run") this.timer ? this.pause() : this.run();
    if (what === "step") (this.pause(), this.advance(1));
    if (what === "next") this.begin(STARTS[(this.turn = (this.turn + 1) % STARTS.length)], "");
  }

  pick(event, svg) {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * SIZE;
    const y = ((event.clientY - box.top) / box.height) * SIZE;
    this.begin(point(x, y));
    this.run();
  }

  key(event) {
    const moves = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
    const move = moves[event.key];
    if (move) {
      const [omega, t] = this.path[0];
      const inside = (value, low, high) => Math.min(high, Math.max(low, value));
      this.begin([inside(omega + move[0], 0, 2 * Math.PI), inside(t + move[1], -Math.PI, Math.PI)]);
    } else if (event.key === "Enter" || event.key === " ") {
      this.press("run");
    } else return;
    event.preventDefault();
  }

  run() {
    if (this.path.length > 1 && settled(this.path.at(-1))) this.begin(this.path[0]);
    this.say.textContent = "";
    if (this.calm.matches) {
      this.advance(2000); // the whole run at once: nothing moves
      return;
    }
    this.runButton.textContent = "Pause";
    const tick = () => {
      this.timer = requestAnimationFrame(tick);
      this.advance(1);
    };
    this.timer = requestAnimationFrame(tick);
  }

  pause() {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    if (this.runButton) this.runButton.textContent = "Start";
  }

  advance(steps) {
    let last = this.path.at(-1);
    for (let k = 0; k < steps && !settled(last); k += 1) this.path.push((last = step(last)));
    this.draw();
    if (!settled(last)) return;
    this.pause();
    const deepest = loss(last) < 0.01;
    this.say.textContent = deepest
      ? "It came to rest in the deepest valley: these two numbers made the data."
      : "It came to rest, but not in the deepest valley. Descent never saw the others.";
  }

  draw() {
    const places = this.path.map(place);
    this.trace.setAttribute("d", "M" + places.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L"));
    for (const [mark, [x, y]] of [[this.from, places[0]], [this.halo, places.at(-1)], [this.dot, places.at(-1)]]) {
      mark.setAttribute("cx", x);
      mark.setAttribute("cy", y);
    }
    const k = this.path.length - 1;
    this.numbers.textContent = `step ${k} · loss ${loss(this.path.at(-1)).toFixed(3)}`;
    this.dataset.step = k;
    this.dataset.at = this.path.at(-1).join(" ");
  }
}

customElements.define("downhill-descent", Descent);
