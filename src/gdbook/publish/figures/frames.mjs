// <gd-frames>: a figure that moves. Its controls are in the page already; each part of the
// drawing says in which frames it shows: data-frames="3-7 9".
import { whenDrawn } from "./drawing.mjs";

{
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {string} text @returns {number[][]} */
  const shownIn = (text) =>
    text.split(" ").map((run) => {
      const [first, last = first] = run.split("-").map(Number);
      return [first, last];
    });

  class Frames extends HTMLElement {
    connectedCallback() {
      if (this.range) return;
      this.range = this.querySelector("input");
      this.value = this.querySelector(".gd-value");
      this.button = this.querySelector(".gd-play");
      this.texts = JSON.parse(this.dataset.texts);
      this.parts = [];
      this.range.addEventListener("input", () => {
        this.pause();
        this.show(this.frame);
      });
      this.button?.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
      this.querySelector(".gd-back")?.addEventListener("click", () => this.step(-1));
      this.querySelector(".gd-forward")?.addEventListener("click", () => this.step(1));
      this.querySelector(".gd-controls").addEventListener("keydown", (event) => this.key(event));
      whenDrawn(this, () => {
        const parts = [...this.querySelectorAll("svg [data-frames]")];
        this.parts = parts.map((part) => [part, shownIn(part.dataset.frames)]);
        this.show(this.frame); // a browser may have kept the range of an earlier visit
      });
    }

    disconnectedCallback() {
      this.pause();
    }

    get frame() {
      return Number(this.range.value);
    }

    get last() {
      return Number(this.range.max);
    }

    show(frame) {
      for (const [part, runs] of this.parts) {
        if (runs.some(([first, last]) => first <= frame && frame <= last)) {
          part.removeAttribute("display");
        } else {
          part.setAttribute("display", "none");
        }
      }
      this.range.value = frame;
      this.range.setAttribute("aria-valuetext", this.texts[frame]);
      this.value.textContent = this.texts[frame];
      this.dispatchEvent(new Event("gd-frame")); // a deck keeps up
    }

    step(by) {
      this.pause();
      this.show(Math.min(Math.max(this.frame + by, 0), this.last));
    }

    play() {
      if (this.frame === this.last) this.show(0);
      const wait = Math.max(Number(this.dataset.interval), calm.matches ? 1000 : 0);
      this.timer = setInterval(() => {
        if (this.frame < this.last) this.show(this.frame + 1);
        if (this.frame === this.last) this.pause();
      }, wait);
      this.mark(true);
    }

    pause() {
      clearInterval(this.timer);
      this.timer = null;
      this.mark(false);
    }

    mark(playing) {
      this.toggleAttribute("playing", playing);
      this.button?.setAttribute("aria-label", playing ? "Pause" : "Play");
    }

    // Keys that move the figure must not also turn the page or the slide.
    key(event) {
      const arrows = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 };
      if (event.target !== this.range && event.key in arrows) {
        event.preventDefault();
        this.step(arrows[event.key]);
      }
      if (event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
    }
  }

  customElements.define("gd-frames", Frames);
}
