// Takes out of a style sheet what no page can need: node purge.mjs PURGECSS < {"css", "words"}.
// A rule stays if each class, id and element that it names is among the words.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { PurgeCSS } = createRequire(import.meta.url)(process.argv[2]);
const { css, words } = JSON.parse(readFileSync(0, "utf8"));
const [made] = await new PurgeCSS().purge({
  content: [{ raw: words.join(" "), extension: "html" }],
  css: [{ raw: css }],
  defaultExtractor: (text) => text.split(" "),
  // Attributes come and go, and what they say isn't looked at.
  dynamicAttributes: [...css.matchAll(/\[\s*([\w-]+)/g)].map((found) => found[1]),
  safelist: { standard: [/^(html|body|head)$/, /^gd-/] }, // drawings have classes, too
});
process.stdout.write(made.css);
