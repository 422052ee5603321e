// <gd-code>: below the code of a cell that can be changed and run in the page. What the build
// printed stands until the reader runs the cell; what the reader typed is kept until Reset.
// @ts-check
import { makeEditor } from "./editor.mjs";
import { draw } from "./plot.mjs";
import { Ended, Session } from "./session.mjs";

/** @typedef {{worker: string, micropython: string, wasm: string, engine: string,
 *             editor: import("./editor.mjs").EditorFiles}} Files */

const FROM_A_FILE =
  "This code can be changed and run when the page comes from a web server; it was opened as a file.";
const STOPPED =
  "Stopped. Python starts anew with the next run: what the cells of this page had computed is gone.";
const KEPT = "This is your code from before. Below is what the book's own code gave.";
const DONE = "Ran in this page, on the book's own engine, in float64.";
const ESCAPE = "Ctrl+Enter runs the code. Escape, then Tab leaves the editor.";

const FILES = /** @type {Files} */ (JSON.parse("FILES"));
const BASE = /** @type {HTMLScriptElement} */ (document.currentScript).src;
/** @param {string} name */
const at = (name) => new URL(name, BASE).href;
const session = new Session({
  worker: at(FILES.worker),
  micropython: at(FILES.micropython),
  wasm: at(FILES.wasm),
  engine: at(FILES.engine),
});

/** @type {LiveCell | null} the cell that runs now */
let runs = null;

/** @param {string} tag @param {string} kind @param {string} [text] */
function element(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {string} text @param {() => void} press */
function button(text, press) {
  const made = /** @type {HTMLButtonElement} */ (element("button", "live-button", text));
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

class LiveCell extends HTMLElement {
  /** @returns {LiveCell[]} */
  static all() {
    return /** @type {LiveCell[]} */ ([...document.querySelectorAll("gd-code")]);
  }

  // The script runs when the page is there: each element is found in its place.
  constructor() {
    super();
    const cell = /** @type {HTMLElement} */ (this.closest(".cell"));
    this.code = /** @type {HTMLElement} */ (this.previousElementSibling);
    this.built = /** @type {HTMLElement[]} */ ([...cell.querySelectorAll(".cell_output")]);
    this.original = (this.code.querySelector("pre")?.textContent ?? "").trimEnd();
    this.place = Number(this.dataset.place);
    /** @type {any} */
    this.editor = null;
    this.note = element("p", "live-note");
    this.text = element("pre", "live-text");
    this.drawings = element("div", "live-drawings");
    this.result = element("div", "live-result");
    this.hint = element("span", "live-hint", ESCAPE);
    this.editButton = button("Edit and run", () => this.open());
    this.runButton = button("Run", () => this.run());
    this.stopButton = button("Stop", () => session.end(new Ended(STOPPED)));
    this.resetButton = button("Reset", () => this.reset());
  }

  connectedCallback() {
    if (location.protocol === "file:") {
      this.replaceChildren(element("p", "live-needs", FROM_A_FILE));
      return;
    }
    this.result.setAttribute("role", "status");
    this.result.setAttribute("aria-atomic", "false");
    this.result.append(this.note, this.text, this.drawings);
    this.result.hidden = true;
    this.parentElement?.after(this.result);
    this.hint.id = `live-hint-${this.place}`;
    const buttons = [this.editButton, this.runButton, this.stopButton, this.resetButton];
    this.label(buttons);
    this.replaceChildren(...buttons, this.hint);
    this.reflect();
    const kept = this.kept();
    if (kept !== null && kept !== this.original) {
      this.open({ focus: false }).then(() => this.say(KEPT), console.error);
    }
  }

  /** Tell apart, for who hears them only, buttons that look alike.
   * @param {HTMLButtonElement[]} buttons */
  label(buttons) {
    if (LiveCell.all().length < 2) return;
    for (const each of buttons) {
      each.setAttribute("aria-label", `${each.textContent}: live cell ${this.place + 1}`);
    }
  }

  get key() {
    return `gdbook-live ${location.pathname} ${this.place}`;
  }

  /** What the reader typed before, unless the book's code has changed since. */
  kept() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key) ?? "null");
      return found?.from === this.original ? String(found.text) : null;
    } catch {
      return null;
    }
  }

  /** @param {string} text */
  keep(text) {
    try {
      if (text === this.original) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify({ from: this.original, text }));
    } catch {
      // Where nothing may be stored, the text lasts as long as the page.
    }
  }

  /** Show the editor in place of the code.
   * @param {{focus?: boolean}} [options] */
  async open({ focus = true } = {}) {
    if (this.editor) return;
    const holder = element("div", "live-editor");
    try {
      this.editor = await makeEditor(
        { ...FILES.editor, folder: at(FILES.editor.folder) },
        holder,
        {
          text: this.kept() ?? this.original,
          label: `Code of live cell ${this.place + 1}`,
          describedBy: this.hint.id,
          changed: (/** @type {string} */ text) => this.keep(text),
        },
      );
    } catch (error) {
      this.say(`The editor could not be loaded (${error}).`);
      return;
    }
    holder.addEventListener("keydown", (event) => this.pressed(event), true);
    // The page's own keys, and a deck's, are not meant here.
    holder.addEventListener("keydown", (event) => event.stopPropagation());
    this.code.before(holder);
    this.code.hidden = true;
    this.reflect();
    if (focus) this.editor.textarea.focus();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.run();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.runButton.focus();
    }
  }

  /** Show the buttons that can be pressed now. */
  reflect() {
    const running = runs === this;
    this.editButton.hidden = Boolean(this.editor);
    this.runButton.hidden = this.resetButton.hidden = !this.editor || running;
    this.stopButton.hidden = !running;
    this.runButton.disabled = runs !== null;
    this.hint.hidden = !this.editor;
  }

  /** @param {string} words @param {HTMLElement[]} [more] */
  say(words, more = []) {
    this.note.replaceChildren(words, ...more);
    this.result.hidden = false;
  }

  /** Run the cell; true if it came to its end.
   * @returns {Promise<boolean>} */
  async run() {
    await this.open();
    if (!this.editor || runs) return false;
    runs = this;
    for (const output of this.built) output.hidden = true;
    this.text.replaceChildren();
    this.drawings.replaceChildren();
    this.mark(0);
    this.say(session.ready ? "Running …" : "Loading Python, then running …");
    const done = this.runAfterHidden(this.editor.value);
    const held = document.activeElement === this.runButton;
    LiveCell.all().forEach((cell) => cell.reflect());
    if (held) this.stopButton.focus();
    try {
      const { failure, drawings } = await done;
      this.drawings.append(...drawings.map(draw));
      if (failure) this.failed(failure);
      this.say(failure ? "The code ended with an error." : DONE, this.missing());
      return !failure;
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      this.say(error.message);
      return false;
    } finally {
      runs = null;
      const on = document.activeElement === this.stopButton;
      LiveCell.all().forEach((cell) => cell.reflect());
      if (on) this.runButton.focus();
    }
  }

  /** Run the code, and before it the cells above that a deck leaves out.
   * @param {string} code */
  async runAfterHidden(code) {
    /** @type {string[]} */
    const above = JSON.parse(this.dataset.above ?? "[]");
    const here = new Set(LiveCell.all().map((cell) => cell.place));
    for (const [place, left] of above.entries()) {
      if (here.has(place) || session.ran.has(place)) continue;
      const { failure } = await session.run(place, left, () => {});
      if (failure) return { failure, drawings: [] };
    }
    return session.run(this.place, code, (text) => this.text.append(text));
  }

  /** Show an error, and mark its line.
   * @param {import("./session.mjs").Failure} failure */
  failed({ text, hint, cell, line }) {
    const here = cell === `cell ${this.place + 1}`;
    const where = !line ? "" : here ? `Line ${line}: ` : `In live ${cell}, line ${line}: `;
    this.text.append(element("span", "live-error", where + text));
    if (hint) this.text.append(element("span", "live-error-hint", `\n${hint}`));
    if (here) this.mark(line);
  }

  /** Mark a line of the editor, or none.
   * @param {number} line */
  mark(line) {
    const lines = /** @type {HTMLElement[]} */ ([...this.editor.wrapper.children]);
    lines.forEach((each, number) => each.classList.toggle("live-wrong", number === line && line > 0));
  }

  /** Say which earlier cells have not run, and offer to run them. */
  missing() {
    const earlier = LiveCell.all().filter((cell) => cell.place < this.place);
    const names = earlier.map((cell) => cell.place).filter((place) => !session.ran.has(place));
    if (!names.length) return [];
    const which = names.map((k) => k + 1).join(", ");
    const words = names.length > 1 ? `cells ${which} have` : `cell ${which} has`;
    const said = element("span", "live-missing", ` Above, live ${words} not run. `);
    return [said, button("Run all above", () => this.runAbove(earlier))];
  }

  /** Run the cells above in order, then this one; stop at the first that fails.
   * @param {LiveCell[]} earlier */
  async runAbove(earlier) {
    for (const cell of earlier) {
      if (!(await cell.run())) return;
    }
    await this.run();
  }

  /** Bring back the book's code and output. */
  reset() {
    this.editor.setOptions({ value: this.original });
    this.keep(this.original);
    this.mark(0);
    this.result.hidden = true;
    for (const output of this.built) output.hidden = false;
    this.editor.container.remove();
    this.editor = null;
    this.code.hidden = false;
    this.reflect();
    this.editButton.focus();
  }
}

customElements.define("gd-code", LiveCell);
