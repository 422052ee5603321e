// One Python for all live cells of a page: started when it is first needed, ended to stop it.
// @ts-check
/** @typedef {{text: string, hint: string, cell: string, line: number}} Failure */
/** @typedef {{right: boolean, sentence: string, hint: string | null, last: boolean,
 *             note: string}} Verdict */
/** @typedef {{failure: Failure | null, drawings: import("./plot.mjs").Drawing[],
 *             verdict?: Verdict | null}} Outcome */
/** @typedef {{worker: string, micropython: string, wasm: string, engine: string,
 *             checks: string}} Places */
/** Which checker, what it judges, and how many wrong answers came before.
 * @typedef {{module: string, label: string, name: string, missed: number}} About */

/** Python ended before the cell did; the message says why. */
export class Ended extends Error {}

export class Session {
  /** @param {Places} places */
  constructor(places) {
    this.places = places;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Promise<void> | null} */
    this.ready = null;
    /** @type {Set<number>} the cells that have run since Python was started */
    this.ran = new Set();
    /** @type {(reason: Error) => void} */
    this.fail = () => {};
  }

  /** Start Python, unless it runs. */
  start() {
    this.ready ??= new Promise((resolve, reject) => {
      this.fail = reject;
      const worker = new Worker(this.places.worker, { type: "module" });
      this.worker = worker;
      worker.onerror = (event) => {
        this.end(new Ended(`Python could not be loaded (${event.message || "no answer"}).`));
      };
      worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        else this.end(new Ended(`Python could not be loaded (${data.broken}).`));
      };
      worker.postMessage(this.places);
    });
    return this.ready;
  }

  /** Run a cell.
   * @param {number} place of the cell among those of the page
   * @param {string} text
   * @param {(text: string) => void} say is given what it prints, when it prints it
   * @returns {Promise<Outcome>} */
  async run(place, text, say) {
    const outcome = await this.ask({ text, name: `cell ${place + 1}` }, say);
    if (!outcome.failure) this.ran.add(place);
    return outcome;
  }

  /** Run an answer to a problem and judge it.
   * @param {About} about
   * @param {string} text
   * @param {(text: string) => void} say is given what it prints, when it prints it
   * @returns {Promise<Outcome>} */
  check(about, text, say) {
    return this.ask({ text, about }, say);
  }

  /** @param {object} message @param {(text: string) => void} say @returns {Promise<Outcome>} */
  async ask(message, say) {
    await this.start();
    return new Promise((resolve, reject) => {
      const worker = /** @type {Worker} */ (this.worker);
      this.fail = reject;
      worker.onmessage = ({ data }) => {
        if (data.text !== undefined) say(data.text);
        if (data.broken) {
          this.end(new Ended(`Python broke down (${data.broken}) and is started anew.`));
        }
        if (data.missing) {
          reject(new Ended(`The checkers could not be loaded (${data.missing}).`));
        }
        if (data.outcome) resolve(data.outcome);
      };
      worker.postMessage(message);
    });
  }

  /** End Python, whatever it does; what the cells have computed is gone.
   * @param {Error} reason */
  end(reason) {
    this.worker?.terminate();
    this.worker = this.ready = null;
    this.ran.clear();
    this.fail(reason);
  }
}
