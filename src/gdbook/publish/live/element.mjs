// The script of pages where code runs: live cells, and problems that are answered in the page.
// @ts-check
import { LiveCell } from "./cell.mjs";
import { ProblemCheck } from "./check.mjs";

customElements.define("gd-code", LiveCell);
customElements.define("gd-check", ProblemCheck);
