// <gd-code>: below the code of a cell that can be changed and run in the page. What the build
// printed stands until the reader runs the cell; what the reader typed is kept until Reset.
// @ts-check
import { CodeElement } from "./code.mjs";
import { button, element, session } from "./shared.mjs";

const FROM_A_FILE =
  "This code can be changed and run when the page comes from a web server; it was opened as a file.";
const KEPT = "This is your code from before. Below is what the book's own code gave.";
const DONE = "Ran in this page, on the book's own engine, in float64.";

export class LiveCell extends CodeElement {
  /** @returns {LiveCell[]} */
  static all() {
    return /** @type {LiveCell[]} */ ([...document.querySelectorAll("gd-code")]);
  }

  // The script runs when the page is there: each element is found in its place.
  constructor() {
    super("Edit and run", "Run");
    const cell = /** @type {HTMLElement} */ (this.closest(".cell"));
    this.code = /** @type {HTMLElement} */ (this.previousElementSibling);
    this.built = /** @type {HTMLElement[]} */ ([...cell.querySelectorAll(".cell_output")]);
    this.original = (this.code.querySelector("pre")?.textContent ?? "").trimEnd();
    this.number = Number(this.dataset.place);
  }

  connectedCallback() {
    if (location.protocol === "file:") {
      this.replaceChildren(element("p", "live-needs", FROM_A_FILE));
      return;
    }
    this.parentElement?.after(this.result);
    if (LiveCell.all().length > 1) this.label();
    this.furnish(this);
    this.resume(KEPT);
  }

  get key() {
    return `gdbook-live ${location.pathname} ${this.number}`;
  }

  get named() {
    return `live cell ${this.number + 1}`;
  }

  get place() {
    return `cell ${this.number + 1}`;
  }

  /** @param {HTMLElement} holder */
  putEditor(holder) {
    this.code.before(holder);
    this.code.hidden = true;
  }

  begin() {
    for (const output of this.built) output.hidden = true;
  }

  /** Run the code, and before it the cells above that a deck leaves out. */
  async ask() {
    /** @type {string} */
    const code = this.editor.value;
    /** @type {string[]} */
    const above = JSON.parse(this.dataset.above ?? "[]");
    const here = new Set(LiveCell.all().map((cell) => cell.number));
    for (const [place, left] of above.entries()) {
      if (here.has(place) || session.ran.has(place)) continue;
      const { failure } = await session.run(place, left, () => {});
      if (failure) return { failure, drawings: [] };
    }
    return session.run(this.number, code, (text) => this.text.append(text));
  }

  /** @param {import("./session.mjs").Outcome} outcome */
  show({ failure }) {
    const earlier = LiveCell.all().filter((cell) => cell.number < this.number);
    this.say(failure ? "The code ended with an error." : DONE, missing(earlier, this));
    return !failure;
  }

  restore() {
    for (const output of this.built) output.hidden = false;
    this.code.hidden = false;
  }
}

/** Say which cells above have not run, and offer to run them, and then the code below them.
 * @param {LiveCell[]} earlier @param {CodeElement} below */
export function missing(earlier, below) {
  const places = earlier.map((cell) => cell.number).filter((place) => !session.ran.has(place));
  if (!places.length) return [];
  const which = places.map((k) => k + 1).join(", ");
  const words = places.length > 1 ? `cells ${which} have` : `cell ${which} has`;
  const said = element("span", "live-missing", ` Above, live ${words} not run. `);
  const all = async () => {
    for (const cell of earlier) {
      if (!(await cell.run())) return;
    }
    await below.run();
  };
  return [said, button("Run all above", all)];
}
