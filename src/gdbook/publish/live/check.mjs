// <gd-check>: below the text of a problem that can be answered in the page. Check judges the
// code by the book's own checker; from the second wrong answer on a hint comes with the verdict,
// and after the last hint, or when the answer is right, the solution is offered.
// @ts-check
import { LiveCell, missing } from "./cell.mjs";
import { CodeElement } from "./code.mjs";
import { button, element, session } from "./shared.mjs";

const KEPT = "This is your answer from before.";
const ERROR = "The code ended with an error, so it was not judged.";

export class ProblemCheck extends CodeElement {
  constructor() {
    super("Answer here", "Check");
    const { label = "", name = "", module = "", skeleton = "", solution = "" } = this.dataset;
    this.problem = label;
    this.handed = name;
    this.module = module;
    this.original = skeleton;
    this.missed = 0; // wrong answers since the page was loaded or the last right one
    this.bar = element("div", "live-bar");
    this.clue = element("p", "live-clue");
    this.offer = button("Show the solution", () => this.uncover());
    const found = document.getElementById(solution);
    this.answer = found instanceof HTMLDetailsElement ? found : null;
  }

  connectedCallback() {
    this.hidden = location.protocol === "file:"; // the problem stands as it was
    if (this.hidden) return;
    this.append(this.bar, this.result);
    this.label();
    this.offer.setAttribute("aria-label", `${this.offer.textContent}: ${this.named}`);
    this.furnish(this.bar);
    this.note.after(this.clue);
    this.result.append(this.offer);
    this.quiet();
    this.resume(KEPT);
  }

  get key() {
    return `gdbook-check ${this.problem}`;
  }

  get named() {
    return this.closest(".problem")?.querySelector(".caption-number")?.textContent?.trim() ?? "this problem";
  }

  get place() {
    return "answer";
  }

  /** @param {HTMLElement} holder */
  putEditor(holder) {
    this.prepend(holder);
    this.dataset.open = "";
  }

  /** Take away what was said of the answer before. */
  quiet() {
    this.clue.textContent = "";
    this.clue.hidden = this.offer.hidden = true;
    delete this.dataset.verdict;
  }

  begin() {
    this.quiet();
  }

  ask() {
    const { module, problem: label, handed: name, missed } = this;
    const about = { module, label, name, missed };
    return session.check(about, this.editor.value, (text) => this.text.append(text));
  }

  /** @param {import("./session.mjs").Outcome} outcome */
  show({ failure, verdict }) {
    if (!verdict) {
      const above = LiveCell.all().filter(
        (cell) => cell.compareDocumentPosition(this) & Node.DOCUMENT_POSITION_FOLLOWING,
      );
      this.say(ERROR, failure?.text.startsWith("NameError") ? missing(above, this) : []);
      return false;
    }
    this.missed = verdict.right ? 0 : this.missed + 1;
    this.dataset.verdict = verdict.right ? "right" : "wrong";
    this.say(`${verdict.right ? "Right" : "Not yet"}: ${verdict.sentence}`);
    this.clue.textContent = verdict.hint ?? verdict.note;
    this.clue.hidden = !this.clue.textContent;
    this.offer.hidden = !this.answer || !(verdict.right || verdict.last);
    return true;
  }

  /** Open the solution, which stands folded below the problem. */
  uncover() {
    if (!this.answer) return;
    this.answer.open = true;
    this.answer.querySelector("summary")?.focus();
    this.answer.scrollIntoView({ block: "start" });
  }

  restore() {
    this.quiet();
    delete this.dataset.open;
  }
}
