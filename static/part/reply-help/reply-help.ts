// <reply-help> stands in the form of an official reply. Every few seconds it says that somebody is here, keeps what is typed, and tells
// who else is at it and whether a colleague has answered meanwhile. Without it the server refuses a reply that crosses another.

const BEAT = 10_000; // the lease of a presence is 15 s
const PAUSE = 2_000; // without a key, before what was typed is kept

class ReplyHelp extends HTMLElement {
  private beat = 0;
  private pause = 0;
  private kept = "";

  connectedCallback(): void {
    const form = this.closest("form");
    const box = this.box();
    if (!form || !box) return;
    this.kept = box.value;
    this.beat = window.setInterval(() => this.tell(), BEAT);
    box.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = window.setTimeout(() => this.tell(), PAUSE);
    });
    // Before others look at the form: what came in live was seen.
    form.addEventListener("submit", () => this.look(), { capture: true });
  }

  disconnectedCallback(): void {
    clearInterval(this.beat);
    clearTimeout(this.pause);
  }

  private box(): HTMLTextAreaElement | null {
    return this.closest("form")?.querySelector("textarea[name=body]") ?? null;
  }

  /** Notes the highest number on the page. */
  private look(): string {
    const seen = this.querySelector<HTMLInputElement>("[name=seen]");
    if (!seen) return "0";
    for (const item of document.querySelectorAll<HTMLElement>(".messages [data-seq]")) {
      if (Number(item.dataset.seq) > Number(seen.value)) seen.value = item.dataset.seq ?? "";
    }
    return seen.value;
  }

  private async tell(): Promise<void> {
    const form = this.closest("form");
    const box = this.box();
    if (!form || !box || document.hidden) return;
    const typed = box.value;
    const said = new URLSearchParams({
      item: this.dataset.item ?? "",
      thread: this.dataset.thread ?? "",
      seen: this.look(),
      writing: document.activeElement === box && typed ? "yes" : "no",
      _csrf: form.querySelector<HTMLInputElement>("[name=_csrf]")?.value ?? "",
    });
    if (typed !== this.kept) said.set("body", typed);
    try {
      const answer = await fetch(this.dataset.endpoint ?? "", { method: "POST", body: said, redirect: "error" });
      if (!answer.ok) return; // too long, or signed out: the form itself will say so
      const { here, newer, saved } = (await answer.json()) as { here: string; newer: string; saved: string };
      if (saved) this.kept = typed;
      this.write("here", here);
      if (saved) this.write("saved", saved);
      this.warn(newer);
    } catch {
      // Without a network there is nobody to tell; what is typed stays in its box.
    }
  }

  private write(where: string, text: string): Element | null {
    const line = this.querySelector(`[data-${where}]`);
    if (line && line.textContent !== text) line.textContent = text;
    return line;
  }

  /** A colleague was faster: says so, with a link that shows the page anew. What is typed is kept by then. */
  private warn(newer: string): void {
    const line = this.querySelector("[data-newer]");
    if (!line || !newer) return;
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = location.pathname;
    link.textContent = this.dataset.show ?? "";
    line.replaceChildren(`${newer} `, link);
  }
}

customElements.define("reply-help", ReplyHelp);
