// <going-answer> counts the seconds in which an answer can still be undone. Without it the page says until when.
//
//   data-seconds   how many there were when the page was drawn      data-left   plural forms of "{n} seconds left"      data-gone   what stands there afterwards

import { words } from "../../layout/character-count";

const SECOND = 1000;

class GoingAnswer extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    // The clock of this device may be wrong: what the server drew is counted down from when the page came.
    const end = performance.now() + Number(this.dataset.seconds) * SECOND;
    const tick = (): void => {
      const seconds = Math.ceil((end - performance.now()) / SECOND);
      const shown = this.querySelector("strong");
      if (shown) shown.textContent = seconds > 0 ? words(this.dataset.left, seconds) : (this.dataset.gone ?? "");
      if (seconds > 0) return;
      clearInterval(this.timer);
      // Nothing is typed while an answer goes out; the new page says what became of it.
      setTimeout(() => location.assign(location.pathname), 2 * SECOND);
    };
    this.timer = window.setInterval(tick, SECOND);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }
}

customElements.define("going-answer", GoingAnswer);
