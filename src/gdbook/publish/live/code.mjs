// What a live cell and the answer to a problem have in common: an editor that keeps what the
// reader typed, buttons that show what can be pressed now, a run that can be stopped, an outcome.
// @ts-check
import { makeEditor } from "./editor.mjs";
import { draw } from "./plot.mjs";
import { Ended } from "./session.mjs";
import { EDITOR, button, element, session } from "./shared.mjs";

/** @typedef {import("./session.mjs").Failure} Failure */
/** @typedef {import("./session.mjs").Outcome} Outcome */

const STOPPED =
  "Stopped. Python starts anew with the next run: what the cells of this page had computed is gone.";
const ESCAPE = "runs the code. Escape, then Tab leaves the editor.";

let named = 0;

export class CodeElement extends HTMLElement {
  /** @type {CodeElement | null} the one whose code runs now */
  static runs = null;

  /** @returns {CodeElement[]} */
  static everywhere() {
    return /** @type {CodeElement[]} */ ([...document.querySelectorAll("gd-code, gd-check")]);
  }

  /** @param {string} edit what the button says that opens the editor
   * @param {string} run what the button says that runs the code */
  constructor(edit, run) {
    super();
    /** @type {any} */
    this.editor = null;
    this.original = "";
    this.note = element("p", "live-note");
    this.text = element("pre", "live-text");
    this.drawings = element("div", "live-drawings");
    this.result = element("div", "live-result");
    this.hint = element("span", "live-hint", `Ctrl+Enter ${ESCAPE}`);
    this.editButton = button(edit, () => this.open());
    this.runButton = button(run, () => this.run());
    this.stopButton = button("Stop", () => session.end(new Ended(STOPPED)));
    this.resetButton = button("Reset", () => this.reset());
  }

  // What differs; each is overridden.
  get key() {
    return "";
  }
  get named() {
    return "";
  }
  /** What an error's place is called in Python. */
  get place() {
    return "";
  }
  /** @param {HTMLElement} _holder of the editor */
  putEditor(_holder) {}
  /** @returns {Promise<Outcome>} */
  async ask() {
    throw new Error("not here");
  }
  /** Show an outcome; true if the code came to its end.
   * @param {Outcome} _outcome @returns {boolean} */
  show(_outcome) {
    return false;
  }
  begin() {}
  /** Bring back what stood here before. */
  restore() {}

  /** Put the buttons into an element, and make the place for what the code gives.
   * @param {HTMLElement} bar */
  furnish(bar) {
    this.result.setAttribute("role", "status");
    this.result.setAttribute("aria-atomic", "false");
    this.result.append(this.note, this.text, this.drawings);
    this.result.hidden = true;
    this.hint.id = `live-hint-${++named}`;
    bar.replaceChildren(...this.buttons(), this.hint);
    this.reflect();
  }

  buttons() {
    return [this.editButton, this.runButton, this.stopButton, this.resetButton];
  }

  /** Tell apart, for who hears them only, buttons that look alike. */
  label() {
    for (const each of this.buttons()) {
      each.setAttribute("aria-label", `${each.textContent}: ${this.named}`);
    }
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

  /** Open the editor if the reader has typed something before, and say so.
   * @param {string} words */
  resume(words) {
    const kept = this.kept();
    if (kept !== null && kept !== this.original) {
      this.open({ focus: false }).then(() => this.say(words), console.error);
    }
  }

  /** Show the editor.
   * @param {{focus?: boolean}} [options] */
  async open({ focus = true } = {}) {
    if (this.editor) return;
    const holder = element("div", "live-editor");
    try {
      this.editor = await makeEditor(EDITOR, holder, {
        text: this.kept() ?? this.original,
        label: `Code of ${this.named}`,
        describedBy: this.hint.id,
        changed: (/** @type {string} */ text) => this.keep(text),
      });
    } catch (error) {
      this.say(`The editor could not be loaded (${error}).`);
      return;
    }
    holder.addEventListener("keydown", (event) => this.pressed(event), true);
    // The page's own keys, and a deck's, are not meant here.
    holder.addEventListener("keydown", (event) => event.stopPropagation());
    this.putEditor(holder);
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
    const running = CodeElement.runs === this;
    this.editButton.hidden = Boolean(this.editor);
    this.runButton.hidden = this.resetButton.hidden = !this.editor || running;
    this.stopButton.hidden = !running;
    this.runButton.disabled = CodeElement.runs !== null;
    this.hint.hidden = !this.editor;
  }

  /** @param {string} words @param {HTMLElement[]} [more] */
  say(words, more = []) {
    this.note.replaceChildren(words, ...more);
    this.result.hidden = false;
  }

  /** Run the code; true if it came to its end.
   * @returns {Promise<boolean>} */
  async run() {
    await this.open();
    if (!this.editor || CodeElement.runs) return false;
    CodeElement.runs = this;
    this.begin();
    this.text.replaceChildren();
    this.drawings.replaceChildren();
    this.mark(0);
    this.say(session.ready ? "Running …" : "Loading Python, then running …");
    const done = this.ask();
    const held = document.activeElement === this.runButton;
    CodeElement.everywhere().forEach((each) => each.reflect());
    if (held) this.stopButton.focus();
    try {
      const outcome = await done;
      this.drawings.append(...outcome.drawings.map(draw));
      if (outcome.failure) this.failed(outcome.failure);
      return this.show(outcome);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      this.say(error.message);
      return false;
    } finally {
      CodeElement.runs = null;
      const on = document.activeElement === this.stopButton;
      CodeElement.everywhere().forEach((each) => each.reflect());
      if (on) this.runButton.focus();
    }
  }

  /** Show an error, and mark its line.
   * @param {Failure} failure */
  failed({ text, hint, cell, line }) {
    const here = cell === this.place;
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

  /** Bring back the book's code. */
  reset() {
    this.editor.setOptions({ value: this.original });
    this.keep(this.original);
    this.mark(0);
    this.result.hidden = true;
    this.editor.container.remove();
    this.editor = null;
    this.restore();
    this.reflect();
    this.editButton.focus();
  }
}
