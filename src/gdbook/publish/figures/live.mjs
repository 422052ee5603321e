// <gd-live>: a figure that answers. Its sliders are in the page already; the attribute data-spec,
// which comes with the drawing, says how its lines and points follow from the numbers that the reader moves
// (gdbook.plots.live). A number is a node: [operation, …arguments], arguments being nodes.
// @ts-check
import { whenDrawn } from "./drawing.mjs";
import { inWords } from "./words.mjs";

{
  /** @typedef {{log: boolean, scale: number, shift: number}} Axis */
  /** @typedef {{name: string, label: string, low: number, high: number, start: number,
   *             log: boolean}} Dial */
  /** @typedef {{variables: string[], start: number[], next: number[], steps: number}} Run */
  /** @typedef {{variables: string[], x: number[], y: number[], count: number, node: number,
   *             at: number[]}} Levels */
  /** @typedef {{panel: number, vertices: number[][], run?: number, levels?: Levels,
   *             along?: {variable: string, from: number, to: number, count: number},
   *             handle?: {x?: string, y?: string},
   *             title?: {value: number, x: number, y: number}}} Element_ */
  /** @typedef {{label: string, form: string, node: number, measured?: number}} Value */
  /** @typedef {{inputs: Dial[], nodes: any[][], free: boolean[], data: number[][], runs: Run[],
   *             panels: {x: Axis, y: Axis}[], elements: Element_[], values: Value[]}} Spec */

  /** @type {Record<string, (...numbers: number[]) => number>} */
  const OPERATIONS = {
    neg: (a) => -a,
    abs: Math.abs,
    sqrt: Math.sqrt,
    exp: Math.exp,
    log: Math.log,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    atan: Math.atan,
    tanh: Math.tanh,
    sinh: Math.sinh,
    cosh: Math.cosh,
    sign: (a) => (a > 0 ? 1 : a < 0 ? -1 : 0), // as torch: of nan it is 0
    floor: Math.floor,
    relu: (a) => Math.max(a, 0),
    sigmoid: (a) => 1 / (1 + Math.exp(-a)),
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    div: (a, b) => a / b,
    pow: (a, b) => a ** b,
    maximum: Math.max,
    minimum: Math.min,
    lt: (a, b) => Number(a < b),
    le: (a, b) => Number(a <= b),
    gt: (a, b) => Number(a > b),
    ge: (a, b) => Number(a >= b),
    where: (condition, here, elsewhere) => (condition ? here : elsewhere),
  };
  /** @type {Record<string, (a: number, b: number) => number>} */
  const REDUCTIONS = {
    mean: (a, b) => a + b,
    sum: (a, b) => a + b,
    max: Math.max,
    min: Math.min,
  };
  const FAR = 1e5; // beyond it a line leaves the drawing in any case

  /** The numbers of one figure: inputs set from outside, all others computed when asked for. */
  class Numbers {
    /** @param {Spec} spec */
    constructor(spec) {
      this.spec = spec;
      /** @type {Record<string, number>} */
      this.inputs = {};
      /** @type {Record<string, number>} the variables of curves, steps and data */
      this.now = {};
      this.turn = 0; // counts the changes of inputs
      this.moment = 0; // counts those of variables, too
      const uses = spec.nodes.map(() => 0);
      for (const [name, ...rest] of spec.nodes) {
        if (name in OPERATIONS || name in REDUCTIONS) for (const node of rest) uses[node]++;
      }
      /** @type {(() => number)[]} */
      this.functions = [];
      // One after the other: a node's arguments stand before it.
      spec.nodes.forEach((node, at) => {
        this.functions.push(this.function(node, spec.free[at], uses[at] > 1));
      });
      this.states = spec.runs.map((run) => this.once(() => this.iterate(run)));
    }

    /** A function whose value is kept until an input changes, or also a variable.
     * @template T @param {() => T} work @param {"turn" | "moment"} [until] @returns {() => T} */
    once(work, until = "turn") {
      let at = -1;
      /** @type {any} */
      let kept;
      return () => {
        if (at !== this[until]) {
          kept = work();
          at = this[until]; // after the work: a sum changes its own variable, and puts it back
        }
        return kept;
      };
    }

    /** @param {any[]} node @param {boolean} free @param {boolean} often
     * @returns {() => number} */
    function([name, ...rest], free, often) {
      const { spec, now, inputs } = this;
      const [a, b, c] = rest;
      const [first, second, third] = rest.map((i) => this.functions[i]);
      if (name === "number") return () => a;
      if (name === "input") return () => inputs[a];
      if (name === "variable") return () => now[a];
      if (name === "data") return () => spec.data[a][now[b]];
      if (name === "iterate") return () => this.states[a]()[b][c];
      /** @type {() => number} */
      let work;
      if (name in REDUCTIONS) {
        const combine = REDUCTIONS[name];
        const count = Number(b.slice(1));
        work = () => {
          const outer = now[b];
          let total = NaN;
          for (let i = 0; i < count; i++) {
            now[b] = i;
            this.moment++;
            total = i ? combine(total, first()) : first();
          }
          now[b] = outer;
          this.moment++;
          return name === "mean" ? total / count : total;
        };
      } else {
        const apply = OPERATIONS[name];
        work =
          rest.length === 1
            ? () => apply(first())
            : rest.length === 2
              ? () => apply(first(), second())
              : () => apply(first(), second(), third());
      }
      return free ? this.once(work) : often ? this.once(work, "moment") : work;
    }

    /** @param {Run} run */
    iterate(run) {
      const states = [run.start.map((node) => this.functions[node]())];
      for (let k = 0; k < run.steps; k++) {
        this.set(run.variables, states[k]);
        states.push(run.next.map((node) => this.functions[node]()));
      }
      return states;
    }

    /** @param {string[]} names @param {number[]} values */
    set(names, values) {
      names.forEach((name, i) => (this.now[name] = values[i]));
      this.moment++;
    }

    /** Lines on which a function of two variables has given values: pieces that cross the
     * triangles of a grid, on each of which it counts as linear.
     * @param {Levels} levels @returns {number[][]} */
    levels({ variables, x: [left, right], y: [low, high], count, node, at }) {
      const [value, last] = [this.functions[node], count - 1];
      const corners = Array.from({ length: count * count }, (_, i) => {
        const x = left + ((right - left) * (i % count)) / last;
        const y = low + ((high - low) * Math.floor(i / count)) / last;
        this.set(variables, [x, y]);
        return [x, y, value()];
      });
      /** @type {number[][]} */
      const points = [];
      for (let i = 0; i < count * last; i++) {
        if (i % count === last) continue;
        for (const third of [i, i + count + 1]) {
          const triangle = [corners[i + 1], corners[third], corners[i + count]];
          const [p, q, r] = triangle.map(([, , z]) => z);
          const [least, most] = [Math.min(p, q, r), Math.max(p, q, r)];
          for (const level of at) {
            if (most < level || least >= level) continue; // most triangles: no side is crossed
            for (let k = 0; k < 3; k++) {
              const [x, y, z] = triangle[k];
              const [a, b, c] = triangle[(k + 1) % 3];
              if (z < level === c < level) continue;
              const share = (level - z) / (c - z);
              points.push([x + (a - x) * share, y + (b - y) * share]);
            }
            points.push([NaN, NaN]);
          }
        }
      }
      return points;
    }

    /** The points of an element, in data. @param {Element_} element @returns {number[][]} */
    points(element) {
      if (element.levels) return this.levels(element.levels);
      const points = [];
      const { along, run } = element;
      const count = along ? along.count : run === undefined ? 1 : this.spec.runs[run].steps + 1;
      for (let k = 0; k < count; k++) {
        if (along) {
          const share = k / (count - 1);
          this.set([along.variable], [along.from + (along.to - along.from) * share]);
        } else if (run !== undefined) {
          const state = this.states[run]()[k];
          this.set([...this.spec.runs[run].variables, "k"], [...state, k]);
        }
        for (const [x, y] of element.vertices) points.push([this.functions[x](), this.functions[y]()]);
      }
      return points;
    }
  }

  /** A dial's number: a hundredth of its way is told. @param {Dial} dial @param {number} value */
  const ofDial = (dial, value) => {
    const width = dial.log ? value : dial.high - dial.low;
    return inWords(value, `.${Math.max(0, 2 - Math.floor(Math.log10(width)))}f`);
  };

  /** @param {Axis} axis @param {number} value */
  const onto = (axis, value) => {
    const at = axis.scale * (axis.log ? Math.log10(value) : value) + axis.shift;
    return Number.isNaN(at) ? at : Math.min(Math.max(at, -FAR), FAR);
  };

  /** @param {Axis} axis @param {number} at */
  const back = (axis, at) => {
    const value = (at - axis.shift) / axis.scale;
    return axis.log ? 10 ** value : value;
  };

  /** What a figure draws, moves and says. */
  class Figure {
    /** @param {HTMLElement} host @param {Spec} spec */
    constructor(host, spec) {
      this.host = host;
      this.spec = spec;
      this.numbers = new Numbers(spec);
      this.ranges = [...host.querySelectorAll("input")];
      this.shown = [...host.querySelectorAll(".gd-dial > .gd-value")];
      this.texts = [...host.querySelectorAll(".gd-answer > span")];
      this.said = host.querySelector("[role=status]");
      /** @type {number | undefined} the picture that is asked for */
      this.waiting = undefined;
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      this.pause = undefined;
      this.parts = spec.elements.map((_, i) => this.part(i));
      this.ranges.forEach((range, i) => {
        range.addEventListener("input", () => this.move(i, this.read(i)));
        this.numbers.inputs[spec.inputs[i].name] = this.read(i);
      });
      host.addEventListener("keydown", (event) => {
        // Keys that move a number must not also turn the page or the slide.
        if (event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
      });
      spec.elements.forEach((element, i) => element.handle && this.grab(element, i));
      this.draw(); // a browser may have kept the ranges of an earlier visit
    }

    /** The line and the marks of an element. @param {number} number */
    part(number) {
      const group = /** @type {SVGGElement} */ (this.host.querySelector(`svg [data-live="${number}"]`));
      const marks = [...group.querySelectorAll("use")];
      const line = [...group.children].find((child) => child.tagName === "path");
      const made = { group, line, marks, model: marks[0], around: marks[0]?.parentNode };
      const { title } = this.spec.elements[number];
      if (title) {
        // The still's letters are hidden, not gone: other words are made of their shapes.
        group.children[0].setAttribute("display", "none");
        group.innerHTML += `<text class="gd-title" x="${title.x}" y="${title.y}"></text>`;
      }
      return /** @type {typeof made & {grip?: SVGCircleElement}} */ (made);
    }

    /** The value of a dial's range. @param {number} i */
    read(i) {
      const value = Number(this.ranges[i].value);
      return this.spec.inputs[i].log ? 10 ** value : value;
    }

    /** Set a number, and draw before the next picture. @param {number} i @param {number} value */
    move(i, value) {
      const dial = this.spec.inputs[i];
      const inside = Math.min(Math.max(value, dial.low), dial.high);
      this.numbers.inputs[dial.name] = inside;
      this.ranges[i].value = String(dial.log ? Math.log10(inside) : inside);
      this.waiting ??= requestAnimationFrame(() => {
        this.waiting = undefined;
        this.draw();
      });
    }

    draw() {
      this.numbers.turn++;
      this.numbers.moment++;
      this.spec.inputs.forEach((dial, i) => {
        const text = ofDial(dial, this.numbers.inputs[dial.name]);
        this.shown[i].textContent = text;
        this.ranges[i].setAttribute("aria-valuetext", text);
      });
      this.spec.values.forEach((value, i) => (this.texts[i].textContent = this.words(value)));
      const sentences = this.spec.values.map(({ label }, i) => `${label}: ${this.texts[i].textContent}`);
      this.spec.elements.forEach((element, i) => {
        const { title } = element;
        if (title) this.parts[i].group.children[1].textContent = sentences[title.value];
        else this.place(element, i);
      });
      clearTimeout(this.pause);
      this.pause = setTimeout(() => {
        if (this.said) this.said.textContent = sentences.join(". ");
      }, 600);
    }

    /** @param {Value} value */
    words(value) {
      const number = inWords(this.numbers.functions[value.node](), value.form);
      if (value.measured === undefined) return number;
      const measured = inWords(this.numbers.functions[value.measured](), value.form);
      return `${number} predicted, ${measured} measured`;
    }

    /** Move the line and the marks of an element. @param {Element_} element @param {number} i */
    place(element, i) {
      const { x, y } = this.spec.panels[element.panel];
      const points = this.numbers.points(element).map(([a, b]) => [onto(x, a), onto(y, b)]);
      const { line, marks, model, around } = this.parts[i];
      if (line) {
        let path = "";
        let inside = false;
        for (const [a, b] of points) {
          const good = Number.isFinite(a + b);
          if (good) path += `${inside ? "L" : "M"}${a.toFixed(2)} ${b.toFixed(2)}`;
          inside = good;
        }
        line.setAttribute("d", path);
      }
      if (!model || !around) return;
      while (marks.length < points.length) {
        marks.push(/** @type {SVGUseElement} */ (model.cloneNode()));
        around.appendChild(marks[marks.length - 1]);
      }
      marks.forEach((mark, k) => {
        const good = k < points.length && Number.isFinite(points[k][0] + points[k][1]);
        mark.setAttribute("display", good ? "inline" : "none");
        if (!good) return;
        mark.setAttribute("x", points[k][0].toFixed(2));
        mark.setAttribute("y", points[k][1].toFixed(2));
      });
      const { grip } = this.parts[i];
      if (!grip || !Number.isFinite(points[0][0] + points[0][1])) return;
      grip.setAttribute("cx", points[0][0].toFixed(2));
      grip.setAttribute("cy", points[0][1].toFixed(2));
    }

    /** Let the reader drag a point. @param {Element_} element @param {number} i */
    grab(element, i) {
      const { group } = this.parts[i];
      const svg = group.ownerSVGElement;
      if (!svg) return;
      // The ring is too small for a finger: what is grabbed is an invisible disc about it.
      const grip = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      grip.setAttribute("class", "gd-grip");
      grip.setAttribute("r", "17");
      svg.appendChild(grip);
      this.parts[i].grip = grip;
      const axes = this.spec.panels[element.panel];
      const { inputs } = this.spec;
      const moved = [element.handle?.x, element.handle?.y].map((name) =>
        inputs.findIndex((dial) => dial.name === name),
      );
      /** The numbers that the point would have under the pointer. @param {MouseEvent} event */
      const under = (event) => {
        const from = svg.getScreenCTM()?.inverse();
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(from);
        return [back(axes.x, at.x), back(axes.y, at.y)];
      };
      const move = (/** @type {number[]} */ to) =>
        moved.forEach((dial, k) => dial >= 0 && this.move(dial, to[k]));
      grip.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
      });
      grip.addEventListener("pointermove", (event) => {
        if (grip.hasPointerCapture(event.pointerId)) move(under(event));
      });
      if (moved.includes(-1)) return;
      // A point of the plane comes to where a click or a finger asks for it.
      svg.addEventListener("click", (event) => {
        const to = under(event);
        if (to.every((value, k) => value >= inputs[moved[k]].low && value <= inputs[moved[k]].high)) move(to);
      });
    }
  }

  class Live extends HTMLElement {
    static inWords = inWords;
    /** @type {Figure | undefined} */
    figure = undefined;

    connectedCallback() {
      whenDrawn(this, () => {
        this.figure ??= new Figure(this, JSON.parse(this.dataset.spec ?? ""));
      });
    }
  }

  customElements.define("gd-live", Live);
}
