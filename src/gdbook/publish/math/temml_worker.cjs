// Sets LaTeX as MathML. One JSON object a line: {tex, display, macros} in, {mathml} or {error} out.
// Started by typesetter.py, with the path of Temml as its argument.
"use strict";

const temml = require(process.argv[2]);

function typeset({ tex, display, macros }) {
  try {
    const mathml = temml.renderToString(tex, {
      displayMode: display,
      throwOnError: true,
      // A long formula in a sentence may break after a relation, as in TeX; a displayed one scrolls.
      wrap: display ? "none" : "tex",
      macros: { ...macros },
    });
    return { mathml };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => process.stdout.write(JSON.stringify(typeset(JSON.parse(line))) + "\n"));
