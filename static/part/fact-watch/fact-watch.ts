// <fact-watch> asks, while somebody types in its form, whether the authority has answered what they are saying, and shows the cards
// beside the box. A card appears once: the form then carries its number, and the server knows that it was read. Without this script the
// server shows the same cards when the form is sent.
//
//   data-endpoint      the address to ask; a page without cards to find has no such element
//   [data-watch-hint]  says that the text is compared; shown only where this runs
//   [data-watch-cards] where cards appear

const PAUSE = 900; // after the last key, in milliseconds
const LEAST = 12; // characters; shorter texts claim nothing

export class FactWatch extends HTMLElement {
  private timer = 0;
  private asked = "";
  private asking?: AbortController;

  connectedCallback(): void {
    const form = this.closest("form");
    if (!form || !this.dataset.endpoint) return;
    const hint = this.querySelector<HTMLElement>("[data-watch-hint]");
    if (hint) hint.hidden = false;
    form.addEventListener("input", (event) => {
      if (!(event.target instanceof HTMLTextAreaElement)) return;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(form), PAUSE);
    });
    form.addEventListener("submit", () => clearTimeout(this.timer));
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  private async ask(form: HTMLFormElement): Promise<void> {
    const text = [...form.querySelectorAll("textarea")].map((box) => box.value).join("\n");
    if (text.trim().length < LEAST || text === this.asked) return;
    this.asked = text;
    this.asking?.abort();
    this.asking = new AbortController();
    const body = new URLSearchParams({ text: text.slice(0, 6000) });
    for (const [name, value] of new FormData(form))
      if (typeof value === "string" && (name === "fact" || name === "_csrf")) body.append(name, value);
    if (form.querySelector("[name=_key]")) body.append("sends", "yes");
    try {
      const answer = await fetch(this.dataset.endpoint ?? "", { method: "POST", body, signal: this.asking.signal });
      if (answer.status === 200) showCards(this, await answer.text());
    } catch {
      // No answer, no card: nothing is kept from being sent.
    }
  }
}

/** Puts cards that our own server has drawn into their place. A template keeps them inert until then. */
function showCards(watch: Element, html: string): void {
  const template = document.createElement("template");
  template.innerHTML = html;
  watch.querySelector("[data-watch-cards]")?.append(template.content);
}

customElements.define("fact-watch", FactWatch);
