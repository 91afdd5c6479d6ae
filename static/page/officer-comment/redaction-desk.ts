// The redaction desk by keyboard: every place is a tick box and a list of reasons, which work without this script. It moves between
// them, takes out what is selected in the text, and shows at once what everybody will read. Words come from the page's data- attributes.

import { words } from "../../layout/character-count";

class RedactionDesk extends HTMLElement {
  private marks: Record<string, string> = {};
  private status = document.createElement("p");

  connectedCallback(): void {
    this.marks = JSON.parse(this.dataset.marks ?? "{}");
    this.status.className = "govuk-hint";
    this.status.setAttribute("role", "status");
    const add = document.createElement("button");
    add.type = "button";
    add.className = "govuk-button govuk-button--secondary";
    add.textContent = this.dataset.add ?? "";
    add.addEventListener("mousedown", (event) => event.preventDefault()); // or the selection would go
    add.addEventListener("click", () => this.takeSelection());
    this.append(this.status, add);
    if (this.dataset.keys) {
      const help = document.createElement("p");
      help.className = "govuk-hint";
      help.textContent = this.dataset.help ?? "";
      this.prepend(help);
    }
    this.addEventListener("change", () => this.show());
    this.addEventListener("focusin", () => this.point());
    this.addEventListener("keydown", (event) => this.key(event));
  }

  /** Keys work while the focus is on a place, and nowhere else: nobody who dictates or types is surprised by them. */
  private key(event: KeyboardEvent): void {
    const row = (event.target as Element).closest<HTMLElement>("li[data-n]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLSelectElement) {
      if (event.key === "Escape") this.box(row)?.focus();
      return;
    }
    const single: Record<string, () => void> = {
      j: () => this.move(row, 1),
      k: () => this.move(row, -1),
      y: () => this.choose(row, true),
      n: () => this.choose(row, false),
      r: () => row.querySelector("select")?.focus(),
      t: () => this.takeSelection(),
    };
    const always: Record<string, () => void> = {
      ArrowDown: () => this.move(row, 1),
      ArrowUp: () => this.move(row, -1),
    };
    const act = always[event.key] ?? (this.dataset.keys ? single[event.key.toLowerCase()] : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  }

  private rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("li[data-n]")];
  }

  private box(row: Element): HTMLInputElement | null {
    return row.querySelector<HTMLInputElement>("input[type=checkbox]");
  }

  private move(row: HTMLElement, by: number): void {
    const rows = this.rows();
    const next = rows[rows.indexOf(row) + by];
    if (next) this.box(next)?.focus();
  }

  private choose(row: HTMLElement, taken: boolean): void {
    const box = this.box(row);
    if (!box) return;
    box.checked = taken;
    this.show();
    this.move(row, 1);
  }

  /** Outlines the place in the text that the focus is on. */
  private point(): void {
    const n = document.activeElement?.closest<HTMLElement>("li[data-n]")?.dataset.n;
    for (const mark of this.querySelectorAll<HTMLElement>("mark"))
      mark.classList.toggle("current", mark.dataset.n === n);
  }

  /** Shows what is chosen: in the text, below it, and as a number. */
  private show(): void {
    let taken = 0;
    for (const row of this.rows()) {
      const on = this.box(row)?.checked ?? false;
      if (on) taken++;
      this.querySelector(`mark[data-n="${row.dataset.n}"]`)?.classList.toggle("taken", on);
    }
    for (const part of this.querySelectorAll("[data-topic]")) {
      const text = part.querySelector("[data-text]");
      const shown = part.querySelector("[data-public]");
      if (text && shown) shown.textContent = [...text.childNodes].map((node) => this.published(node)).join("");
    }
    this.status.textContent = words(this.dataset.taken ?? "{}", taken);
  }

  /** What everybody reads of a stretch of the text: line by line, so that its shape stays. */
  private published(node: Node): string {
    const text = node.textContent ?? "";
    if (!(node instanceof HTMLElement) || !node.classList.contains("taken")) return text;
    const reason = this.querySelector<HTMLSelectElement>(`li[data-n="${node.dataset.n}"] select`)?.value ?? "";
    const mark = this.marks[reason] ?? "";
    return text
      .split("\n")
      .map((line) => (line.trim() ? mark : ""))
      .join("\n");
  }

  private takeSelection(): void {
    const selection = document.getSelection();
    const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
    const text = (range?.startContainer.parentElement ?? null)?.closest<HTMLElement>("[data-text]");
    const part = text?.closest<HTMLElement>("[data-topic]");
    if (!range || !text || !part || range.startContainer !== range.endContainer || !range.toString().trim()) {
      this.status.textContent = this.dataset.none ?? "";
      return;
    }
    if (range.startContainer.parentElement !== text) return; // it is a place already
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const begins = characters(before.toString());
    const key = `${part.dataset.topic}:${begins}:${begins + characters(range.toString())}:words`;
    const n = `${this.rows().length + 1}+`;
    const mark = document.createElement("mark");
    mark.dataset.n = n;
    const quoted = range.toString();
    range.surroundContents(mark);
    selection?.removeAllRanges();
    const row = this.row(n, key, quoted);
    this.list(part).append(row);
    this.show();
    this.box(row)?.focus();
  }

  private list(part: HTMLElement): Element {
    const found = part.querySelector("[data-found]");
    if (found) return found;
    const list = document.createElement("ul");
    list.className = "redaction__found";
    list.dataset.found = "";
    part.querySelector("[data-text]")?.after(list);
    return list;
  }

  /** A place like those that the server draws. */
  private row(n: string, key: string, quoted: string): HTMLLIElement {
    const row = document.createElement("li");
    row.dataset.n = n;
    const item = document.createElement("div");
    item.className = "govuk-checkboxes__item";
    const box = document.createElement("input");
    Object.assign(box, {
      type: "checkbox",
      className: "govuk-checkboxes__input",
      id: `take-${key}`,
      name: "take",
      value: key,
      checked: true,
    });
    const label = document.createElement("label");
    Object.assign(label, {
      className: "govuk-label govuk-checkboxes__label",
      htmlFor: box.id,
      textContent: `${quoted} · ${this.dataset.marked ?? ""}`,
    });
    item.append(box, label);
    const reasons = document.querySelector<HTMLSelectElement>("#more-reason")?.cloneNode(true) as HTMLSelectElement;
    Object.assign(reasons, { id: `why-${key}`, name: `why-${key}` });
    reasons.setAttribute("aria-label", document.querySelector("label[for=more-reason]")?.textContent ?? "");
    row.append(item, reasons);
    return row;
  }
}

/** Counts as the server does: code points. */
const characters = (text: string) => [...text].length;

customElements.define("redaction-desk", RedactionDesk);
