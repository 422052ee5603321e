// Writes what Temml knows, as JSON: its functions with their arguments, its symbols, macros and
// environments. They are local to its bundle, so the bundle is compiled with one more line.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");

const path = process.argv[2];
const made = new Module(path);
made.filename = path;
made._compile(
  fs.readFileSync(path, "utf8") +
    "\n;module.exports = { _functions, symbols, _macros, _environments };",
  path,
);
const { _functions, symbols, _macros, _environments } = made.exports;
const lists = {
  functions: Object.entries(_functions).map(([name, of]) => [
    name,
    of.infix ? -1 : of.numArgs,
    of.argTypes ?? [],
  ]),
  symbols: Object.keys(symbols.math),
  macros: Object.keys(_macros),
  environments: Object.entries(_environments).map(([name, of]) => [name, of.numArgs]),
};
process.stdout.write(JSON.stringify(lists));
