// <gd-play>: the optimizer playground. Its attribute data-spec has the landscapes, the state and
// what the reader may set; the still inside gives way to it.
// @ts-check
import { make } from "./controls.mjs";
import { landscape } from "./landscapes.mjs";
import { Panels } from "./panels.mjs";
import { picture } from "./plot.mjs";
import { Rows } from "./rows.mjs";
import { METHODS } from "./rules.mjs";
import { run, runs, tuned } from "./run.mjs";
import { lossSaid, theorySaid, verdict } from "./said.mjs";
import { clamp, read, written } from "./state.mjs";
import { brief } from "../words.mjs";

/** @typedef {import("./landscapes.mjs").Ground} Ground */
/** @typedef {{state: any, grounds: Record<string, Ground>, looks: Record<string, string[]>,
 *   dials: string[], starts: number[][], full: boolean}} Spec */

const [BLIND, SHOW] = ["Blind date", "Show the map"];

class Playground {
  /** @param {HTMLElement} host @param {Spec} spec */
  constructor(host, spec) {
    this.host = host;
    this.spec = spec;
    this.state = spec.full ? read(location.search, spec.state, spec.grounds) : spec.state;
    this.revealed = !this.state.blind;
    this.turn = this.step = this.timer = this.waiting = 0;
    /** @type {Record<string, import("./run.mjs").Run>} */
    this.runs = {};
    /** @type {Record<string, string[]>} what theory says */
    this.theory = {};
    this.panels = new Panels(spec.looks);
    this.rows = new Rows(spec, (change) => this.change(change));
    this.build();
    this.renew();
    this.show(host.closest(".reveal") ? 0 : this.state.steps);
  }

  get ground() {
    return this.spec.grounds[this.state.f];
  }

  get visible() {
    return !this.state.blind || this.revealed;
  }

  /** @param {string} words @param {() => void} onclick */
  press(words, onclick) {
    return make("button", { type: "button", onclick }, [words]);
  }

  build() {
    const { full, starts } = this.spec;
    const { map, mapped, loss, data } = this.panels;
    this.button = this.press("Play", () => this.toggle());
    this.button.className = "gd-main";
    this.range = make("input", { type: "range", min: 0, step: 1, "aria-label": "step", autocomplete: "off" });
    this.range.addEventListener("input", () => this.stop(Number(this.range.value)));
    this.count = make("span", { class: "gd-value", "aria-hidden": "true" });
    const next = this.press("One step", () => this.stop((this.step % this.state.steps) + 1));
    const bar = make("div", { class: "gd-bar" }, [this.button, next]);
    if (starts.length) {
      const other = () => this.change({ start: starts[this.turn++ % starts.length] }, true);
      bar.append(this.press("Another start", other));
    }
    bar.append(this.range, this.count);
    this.said = make("p", { class: "gd-verdict", role: "status" });
    const side = make("div", { class: "gd-side" }, [loss.svg, data.svg]);
    const plots = make("div", { class: "gd-plots" }, [mapped, side]);
    const inside = [plots, bar, this.said, this.rows.rows, this.rows.dials];
    this.body = make("div", { class: "gd-body", "data-prevent-swipe": true }, inside);
    if (full) this.buildMore();
    this.host.replaceChildren(this.body);
    this.body.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      // Keys that move a number must not also turn the slide.
      if (event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
    });
    this.listen(map.svg);
  }

  /** What the playground's own page has beside. */
  buildMore() {
    const titles = Object.entries(this.spec.grounds).map(([f, { title }]) =>
      make("option", { value: f }, [title]),
    );
    this.choice = make("select", { onchange: () => this.choose(this.choice.value) }, titles);
    this.places = [0, 1].map((i) =>
      make("input", { type: "number", step: "any", onchange: () => this.type(i) }),
    );
    this.names = this.places.map((place) => make("label", {}, ["", place]));
    this.body.prepend(
      make("div", { class: "gd-top" }, [make("label", {}, ["Landscape", this.choice]), ...this.names]),
    );
    this.rows.rows.before(this.rows.choice());
    this.blind = this.press(BLIND, () => this.date());
    this.axis = this.press("Linear loss", () => this.change({ linear: 1 - this.state.linear }));
    const tune = this.press("Tune each rate", () =>
      this.change({ eta: tuned(landscape(this.ground, this.state), this.state) }, true),
    );
    this.body.append(make("div", { class: "gd-more" }, [tune, this.axis, this.blind]));
  }

  /** The pointer and the keyboard move the start. @param {SVGElement} svg */
  listen(svg) {
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "application");
    const { map } = this.panels;
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      this.begin(map.point(event));
    });
    svg.addEventListener("pointermove", (event) => {
      if (svg.hasPointerCapture(event.pointerId)) this.begin(map.point(event));
    });
    svg.addEventListener("click", () => this.change({}, true));
    svg.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const move = /** @type {Record<string, number[]>} */ (moves)[event.key];
      if (move) {
        const part = event.shiftKey ? 0.005 : 0.02;
        this.begin(this.ground.domain.map(([a, b], i) => this.state.start[i] + move[i] * (b - a) * part));
      } else if (event.key === "Enter" || event.key === " ") this.toggle();
      else return;
      event.preventDefault();
    });
  }

  /** Put the start somewhere, to three decimals. @param {number[]} place */
  begin(place) {
    const { domain } = this.ground;
    this.change({ start: place.map((value, i) => clamp(Number(value.toFixed(3)), domain[i])) });
  }

  /** @param {number} i */
  type(i) {
    const typed = this.places?.[i].value;
    const start = [...this.state.start];
    if (typed && Number.isFinite(Number(typed))) start[i] = clamp(Number(typed), this.ground.domain[i]);
    this.change({ start });
  }

  /** @param {string} f */
  choose(f) {
    const { rates, start } = this.spec.grounds[f];
    const eta = Object.fromEntries(Object.keys(this.state.eta).map((method) => [method, rates[method]]));
    this.change({ f, start, eta, blind: 0 });
  }

  /** Hide other data, and the map; or show it. */
  date() {
    const { sine } = this.spec.grounds;
    if (this.visible) {
      const eta = this.state.f === "sine" ? this.state.eta : { sgd: sine.rates.sgd };
      const blind = 1 + Math.floor(Math.random() * 1e6);
      this.change({ f: "sine", start: sine.start, eta, blind });
    } else {
      this.revealed = true;
      this.change({});
    }
  }

  /** Take up a change, and draw it before the next picture. @param {any} change
   * @param {boolean} [plays] */
  change(change, plays = false) {
    this.stop();
    this.state = { ...this.state, ...change };
    if ("blind" in change) this.revealed = !change.blind;
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => {
      this.renew();
      if (plays) this.play(0);
      else this.show(this.state.steps);
    });
  }

  /** Everything anew that follows from the state. */
  renew() {
    const { state, ground, visible } = this;
    const land = landscape(ground, state);
    this.runs = runs(land, state);
    this.panels.renew(land, ground, state, this.runs, visible);
    this.rows.set(state, ground);
    for (const [method, made] of Object.entries(this.runs)) {
      this.theory[method] = theorySaid(method, state, land, made, ground.L);
    }
    this.range.max = String(state.steps);
    const names = Object.keys(state.eta).map((method) => METHODS[method].name);
    const from = ground.variables.map((name, i) => `${name} = ${state.start[i]}`);
    this.panels.map.svg.setAttribute(
      "aria-label",
      `${visible ? `Map: ${ground.title}` : "Hidden map"}. ${names.join(", ")} from ${from.join(", ")}. ` +
        "Arrow keys move the start, Enter plays.",
    );
    if (!this.spec.full) return;
    this.choice.value = state.f;
    this.places?.forEach((place, i) => {
      place.value = String(state.start[i]);
      if (this.names) this.names[i].firstChild.data = `Start ${ground.variables[i]}`;
    });
    this.axis.setAttribute("aria-pressed", String(!!state.linear));
    this.blind.textContent = visible ? BLIND : SHOW;
    this.remember();
  }

  /** Show so many steps. @param {number} step */
  show(step) {
    const { steps } = this.state;
    this.step = clamp(Math.round(step), [0, steps]);
    this.panels.show(this.step);
    for (const [method, { said }] of Object.entries(this.rows.lines)) {
      said.textContent = [lossSaid(this.runs[method], this.step), ...this.theory[method]].join(" · ");
    }
    this.range.value = String(this.step);
    this.count.textContent = `step ${this.step} of ${steps}`;
    this.range.setAttribute("aria-valuetext", this.count.textContent);
    this.button.textContent = this.timer ? "Pause" : this.step % steps ? "Go on" : "Play";
    clearTimeout(this.later);
    if (!this.timer) {
      this.later = setTimeout(() => {
        this.said.textContent = verdict(this.runs, this.step);
        this.panels.loss.svg.setAttribute("aria-label", `Loss against steps. ${this.said.textContent}`);
      }, 200);
    }
  }

  toggle() {
    if (this.timer) this.stop();
    else this.play(this.step < this.state.steps ? this.step : 0);
  }

  /** @param {number} from */
  play(from) {
    const { steps } = this.state;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const quiet = calm ? 0 : this.panels.lastSeen(Object.values(this.runs));
    const speed = Math.max(Math.min(25, steps / 2), steps / 8); // steps a second
    const began = performance.now();
    const tick = (/** @type {number} */ now) => {
      const step = from + Math.max(0, ((now - began) / 1000) * speed);
      const ends = step >= quiet;
      this.timer = ends ? 0 : requestAnimationFrame(tick);
      this.show(ends ? steps : step);
    };
    tick(began);
  }

  /** Pause, at a step if one is given. @param {number} [step] */
  stop(step = this.step) {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    this.show(step);
  }

  /** Keep the state in the address. */
  remember() {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => {
      try {
        history.replaceState(null, "", `?${written(this.state)}${location.hash}`);
      } catch {
        // A file's address may not change in every browser.
      }
    }, 300);
  }

  /** A link of the page to a state sets it without loading the page. @param {MouseEvent} event */
  follow(event) {
    const link = /** @type {HTMLAnchorElement | null} */ (
      /** @type {Element} */ (event.target).closest("a.gd-try")
    );
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.revealed = false;
    this.change(read(link.search, this.state, this.spec.grounds), true);
    this.host.scrollIntoView({ block: "start" });
    this.panels.map.svg.focus({ preventScroll: true });
  }
}

class Play extends HTMLElement {
  /** What tests hold against torch and gdbook. */
  static parts = { METHODS, landscape, run, runs, tuned, read, written, picture, brief };
  /** @type {Playground | undefined} */
  playground = undefined;

  connectedCallback() {
    if (this.playground) return;
    const made = new Playground(this, JSON.parse(this.dataset.spec ?? ""));
    this.playground = made;
    if (made.spec.full) document.addEventListener("click", (event) => made.follow(event));
  }

  disconnectedCallback() {
    this.playground?.stop();
  }
}

customElements.define("gd-play", Play);
