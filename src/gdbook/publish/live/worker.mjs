// The page's Python: MicroPython in a worker, so that the page scrolls while it runs and an
// endless loop can be ended. The first message says where things are, each later one is a cell.
// @ts-check
const HEAP = 64 * 1024 * 1024;
const EVERY = 60; // milliseconds between two messages of output
const MOST = 20000; // characters of output that a cell may print
const TOO_MUCH = `… A cell prints at most ${MOST} characters here; the rest is left out.\n`;

/** Where MicroPython, its WebAssembly and the packed Python files are.
 * @typedef {{micropython: string, wasm: string, engine: string, checks: string}} Places */

/** @type {any} */
let python = null;
let checks = ""; // where the checkers of a module are
const loaded = new Set(); // the modules whose checkers are there
let waiting = ""; // output that the page has not been given
let printed = 0;
let told = 0; // when it was given some last

function flush() {
  if (waiting) postMessage({ text: waiting });
  waiting = "";
  told = performance.now();
}

/** @param {string} text */
function say(text) {
  if (printed > MOST) return;
  printed += text.length;
  waiting += printed > MOST ? TOO_MUCH : text;
  if (printed > MOST || performance.now() - told > EVERY) flush();
}

/** What was printed without an end of line.
 * @param {any} module */
function unfinished(module) {
  const bytes = module._stdoutBuffer;
  const rest = new TextDecoder().decode(new Uint8Array(bytes));
  bytes.length = 0;
  return rest;
}

/** Whether a value stands in a row of numbers for one that is not finite.
 * @param {string} key @param {unknown} value */
function isGap(key, value) {
  return value === null && /^[0-9]+$/.test(key);
}

/** @param {string} place */
async function packed(place) {
  const answer = await fetch(place);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.json();
}

/** Put files where Python finds them.
 * @param {any} made @param {Record<string, string>} files */
function write(made, files) {
  for (const [place, text] of Object.entries(files)) {
    let folder = "";
    for (const name of place.split("/").slice(1, -1)) {
      folder += `/${name}`;
      if (!made.FS.analyzePath(folder).exists) made.FS.mkdir(folder);
    }
    made.FS.writeFile(place, text);
  }
}

/** @param {Places} places */
async function start(places) {
  checks = places.checks;
  const load = (/** @type {string} */ name) => import(name);
  const engine = packed(places.engine);
  const { loadMicroPython } = await load(places.micropython);
  const options = { url: places.wasm, heapsize: HEAP, linebuffer: true };
  const line = (/** @type {string} */ text) => say(`${text}\n`);
  const [files, made] = await Promise.all([
    engine,
    loadMicroPython({ ...options, stdout: line, stderr: line }),
  ]);
  write(made, files);
  made.runPython(`
import sys
import gdbook.autodiff as torch
sys.modules["torch"] = torch
for name in ("autograd", "nn", "optim"):
    sys.modules["torch." + name] = getattr(torch, name)
import matplotlib.pyplot
import live_cells
`);
  return made;
}

onmessage = async ({ data }) => {
  try {
    if (!python) {
      python = await start(data);
      postMessage({ ready: true });
      return;
    }
    printed = 0;
    if (data.about && !loaded.has(data.about.module)) {
      try {
        write(python, await packed(checks.replace("MODULE", data.about.module)));
      } catch (error) {
        postMessage({ missing: String(error instanceof Error ? error.message : error) });
        return;
      }
      loaded.add(data.about.module);
    }
    const { module, label, name, missed } = data.about ?? {};
    const told = data.about
      ? python.pyimport("live_checks").judge(module, label, name, data.text, missed)
      : python.pyimport("live_cells").run(data.text, data.name);
    const outcome = JSON.parse(told, (key, value) => (isGap(key, value) ? NaN : value));
    say(unfinished(python._module));
    flush();
    postMessage({ outcome });
  } catch (error) {
    // No error of the cell, which comes back as an outcome: Python itself is at its end.
    flush();
    postMessage({ broken: String(error instanceof Error ? error.message : error) });
  }
};
