// What live cells and checked problems of a page share: one Python, and one that runs at a time.
// @ts-check
import { Session } from "./session.mjs";

/** @typedef {{worker: string, micropython: string, wasm: string, engine: string, checks: string,
 *             editor: import("./editor.mjs").EditorFiles}} Files */

const FILES = /** @type {Files} */ (JSON.parse("FILES"));
const BASE = /** @type {HTMLScriptElement} */ (document.currentScript).src;
/** @param {string} name */
const at = (name) => new URL(name, BASE).href;

export const EDITOR = { ...FILES.editor, folder: at(FILES.editor.folder), sheet: at(FILES.editor.sheet) };
export const session = new Session({
  worker: at(FILES.worker),
  micropython: at(FILES.micropython),
  wasm: at(FILES.wasm),
  engine: at(FILES.engine),
  checks: at(FILES.checks),
});

/** @param {string} tag @param {string} kind @param {string} [text] */
export function element(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {string} text @param {() => void} press */
export function button(text, press) {
  const made = /** @type {HTMLButtonElement} */ (element("button", "live-button", text));
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
