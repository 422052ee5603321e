// Visits pages in Firefox. One JSON object on standard input:
//   {puppeteer, firefox, visits: [{url, ready, keys, ask}]}
// `ready` and `ask` are expressions of the page, `keys` are pressed between the two. Out comes
// what each visit answered, and what went wrong there.
import { text } from "node:stream/consumers";

const asked = JSON.parse(await text(process.stdin));
const { default: puppeteer } = await import(asked.puppeteer);

const LIMIT = 60_000;
const { origin } = new URL(asked.visits[0].url);
const local = (url) => url.startsWith(origin) || /^(data|blob|about):/.test(url);
const NOTE = () => {
  window.stopped = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.stopped.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
};

/** Wait until an expression of the page is true; the page's policy forbids it to make functions. */
async function until(page, expression) {
  const end = Date.now() + LIMIT;
  while (!(await page.evaluate(`Boolean(${expression})`))) {
    if (Date.now() > end) throw new Error(`not so after a minute: ${expression}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

const browser = await puppeteer.launch({
  browser: "firefox", executablePath: asked.firefox, headless: true, timeout: LIMIT,
});
const seen = [];
try {
  for (const { url, ready, keys, ask } of asked.visits) {
    const page = await browser.newPage();
    const [errors, outside] = [[], []];
    page.on("console", (said) => said.type() === "error" && errors.push(said.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("response", (got) => got.status() >= 400 && errors.push(`${got.status()} ${got.url()}`));
    page.on("request", (sent) => local(sent.url()) || outside.push(sent.url()));
    await page.evaluateOnNewDocument(NOTE);
    await page.setViewport({ width: 1280, height: 720 });
    await page.goto(url, { waitUntil: "load", timeout: LIMIT });
    await page.keyboard.press("Shift"); // what comes with the first key, as figures' scripts
    await until(page, ready);
    for (const key of keys) await page.keyboard.press(key);
    const answer = await page.evaluate(ask);
    errors.push(...(await page.evaluate("window.stopped")));
    seen.push({ answer, errors, outside });
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
