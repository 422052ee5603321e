// Numbers as the book writes them: gdbook.plots.live.elements.in_words, in the browser.
// @ts-check

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Digits of a number. In the middle between two, JavaScript takes the one farther from zero,
 * Python the even one: so does this. @param {(digits: number) => string} write
 * @param {number} digits */
const evenly = (write, digits) => {
  const [exact, power = ""] = write(digits + 40).split("e");
  const kept = exact.slice(0, -40).replace(/\.$/, "");
  const middle = exact.endsWith(`5${"0".repeat(39)}`) && /[02468]$/.test(kept);
  return middle ? kept + (power && `e${power}`) : write(digits);
};

/** A number as the book writes it. @param {number} value @param {string} form */
export const inWords = (value, form) => {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const digits = Number(form[1]);
  if (form.endsWith("f")) {
    const text = evenly((n) => value.toFixed(n), digits);
    return text.replace(/^-(?=[0.]*$)/, "").replace("-", "−");
  }
  const [number, power] = evenly((n) => value.toExponential(n), digits).split("e");
  const raised = [...String(Number(power))]
    .map((sign) => (sign === "-" ? "⁻" : SUPERSCRIPTS[Number(sign)]))
    .join("");
  return `${number.replace(/^-(?=[0.]*$)/, "").replace("-", "−")}\u00a0×\u00a010${raised}`;
};

/** A number in three digits; a very small or large one with a power of ten. @param {number} value */
export const brief = (value) => {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (size && !(size >= 1e-3 && size < 1e4))) return inWords(value, ".2e");
  return inWords(value, `.${size ? Math.max(0, 2 - Math.floor(Math.log10(size))) : 2}f`);
};
