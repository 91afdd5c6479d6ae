// <desk-keys> lets officers work the desk by keyboard. The page is whole without it: every key opens a link or sends a form that stands there.
//
//   data-on            "on", or "off" where the officer switched single keys off (WCAG 2.1.4)
//   data-item          the item of a page about one; else its lines are [data-line] with data-item and data-reply
//   data-place, -left, -none, -failed, data-ticked (forms)     sentences
//   [data-say]         the polite line for what cannot be seen     [data-done]  what was done last
//   [data-dialog=…]    dialogs: assign, snooze, help                [data-form=…] forms: assign, snooze, off, undo
//   a[data-key]        the views, by their letter after g

import { words } from "../../layout/character-count";
import { send } from "./send";

const VIEWS: Record<string, string> = {
  u: "unanswered",
  m: "mine",
  t: "service",
  d: "due",
  h: "held",
  n: "mentions",
  p: "publish",
  s: "snoozed",
};
const SEQUENCE = 1500; // how long g waits for its letter
const LIST = "desk.list"; // where the officer last saw a list, for g i
const LINE = "desk.line"; // and on which line they were
const BACK = "desk.back"; // set on the way back there

export class DeskKeys extends HTMLElement {
  private went = 0; // when g was pressed
  private current = "";
  private readonly pressed = (event: KeyboardEvent): void => this.press(event);

  connectedCallback(): void {
    document.addEventListener("keydown", this.pressed);
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("focusin", ({ target }) =>
      this.note((target as Element).closest<HTMLElement>("[data-line]")),
    );
    for (const form of this.querySelectorAll<HTMLFormElement>("form[data-form]"))
      form.addEventListener("submit", (event) => this.submit(event, form));
    if (!this.lines().length) return;
    sessionStorage.setItem(LIST, location.pathname + location.search);
    if (cameBack()) this.focusLine(document.getElementById(sessionStorage.getItem(LINE) ?? ""));
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.pressed);
  }

  private lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-line]")];
  }

  /** The line that keys are about: the one with the focus, else the one that had it last. */
  private line(): HTMLElement | null {
    return document.activeElement?.closest<HTMLElement>("[data-line]") ?? document.getElementById(this.current);
  }

  private note(line: HTMLElement | null): void {
    if (!line) return;
    this.current = line.id;
    sessionStorage.setItem(LINE, line.id);
  }

  private press(event: KeyboardEvent): void {
    const { target, key } = event;
    const typing = target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog");
    if (typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (this.dataset.on !== "on") return;
    const sequence = Date.now() - this.went < SEQUENCE;
    this.went = 0;
    const act = sequence ? this.view(key) : this.acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private readonly acts: Record<string, () => void> = {
    j: () => this.move(1),
    k: () => this.move(-1),
    o: () => this.open("href"),
    r: () => this.open("reply"),
    a: () => this.ask("assign"),
    s: () => this.ask("snooze"),
    e: () => this.about((item) => this.post("off", item)),
    x: () => this.tick(),
    u: () => this.post("undo", ""),
    "/": () => document.querySelector<HTMLElement>("#q")?.focus(),
    "?": () => this.help(),
    g: () => {
      this.went = Date.now();
    },
  };

  private view(key: string): (() => void) | undefined {
    if (key === "i")
      return () => {
        sessionStorage.setItem(BACK, "yes");
        location.assign(sessionStorage.getItem(LIST) ?? "/officer");
      };
    const link = document.querySelector<HTMLAnchorElement>(`a[data-key="${CSS.escape(key)}"]`);
    if (link) return () => link.click();
    const view = VIEWS[key]; // a page without the list of views
    return view ? () => location.assign(`/officer?view=${view}`) : undefined;
  }

  private move(by: number): void {
    const lines = this.lines();
    if (!lines.length) return;
    const line = this.line();
    const at = line ? lines.indexOf(line) + by : by > 0 ? 0 : lines.length - 1;
    const next = lines[Math.max(0, Math.min(lines.length - 1, at))];
    if (!next) return;
    this.focusLine(next);
    this.say(
      (this.dataset.place ?? "")
        .replace("{n}", String(lines.indexOf(next) + 1))
        .replace("{total}", String(lines.length)),
    );
  }

  private focusLine(line: HTMLElement | null): void {
    if (!line || !this.contains(line)) return;
    line.querySelector<HTMLElement>(".card__title a")?.focus();
    line.scrollIntoView({ block: "nearest" });
  }

  private open(what: "href" | "reply"): void {
    const line = this.line();
    const href = line?.querySelector<HTMLAnchorElement>(".card__title a")?.href;
    if (line && href) location.assign(what === "reply" ? (line.dataset.reply ?? href) : href);
    else if (!this.dataset.item) this.say(this.dataset.none ?? "");
    else if (what === "reply" && document.getElementById("body")) document.getElementById("body")?.focus();
    else this.querySelector<HTMLElement>("[data-open]")?.click();
  }

  /** Does something with the item of the line, or says that there is none. */
  private about(act: (item: string) => void): void {
    const item = this.line()?.dataset.item ?? this.dataset.item;
    if (item) act(item);
    else this.say(this.dataset.none ?? "");
  }

  /** Opens a dialog for the line; for ticked ones the page that shows what would change; on an item's own page its form. */
  private ask(what: "assign" | "snooze"): void {
    if (this.querySelector("[data-line] input:checked")) {
      this.querySelector<HTMLElement>(`#bulk [name=do][value=${what}]`)?.click();
      return;
    }
    this.about((item) => {
      const dialog = this.dialog(what);
      if (dialog) dialog.showModal();
      else if (document.getElementById(what)) location.hash = what;
      else location.assign(`/officer/items/${item}#${what}`);
      const field = dialog ?? document.getElementById(what)?.parentElement;
      field?.querySelector<HTMLElement>("select, button")?.focus();
    });
  }

  private dialog(name: string): HTMLDialogElement | null {
    return this.querySelector<HTMLDialogElement>(`dialog[data-dialog=${name}]`);
  }

  private help(): void {
    const dialog = this.dialog("help");
    if (dialog) dialog.showModal();
    else this.querySelector<HTMLElement>("[data-help]")?.click();
  }

  private tick(): void {
    const box = this.line()?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    this.say(words(this.dataset.ticked, this.querySelectorAll("[data-line] input:checked").length));
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    if (target.closest("[data-close]")) target.closest("dialog")?.close();
    if (!target.closest("[data-help]") || !this.dialog("help")) return;
    event.preventDefault();
    this.help();
  }

  private post(name: "off" | "undo", item: string): void {
    const form = this.querySelector<HTMLFormElement>(`form[data-form=${name}]`);
    if (!form) {
      if (item) location.assign(`/officer/items/${item}`);
      return;
    }
    if (this.lines().length) void this.submitted(form, item);
    else form.submit();
  }

  private submit(event: SubmitEvent, form: HTMLFormElement): void {
    const item = this.line()?.dataset.item;
    if (!this.lines().length || (!item && form.dataset.form !== "undo")) return;
    event.preventDefault();
    void this.submitted(form, item ?? "", event.submitter);
  }

  /** Sends a form about an item and takes over what the list says then. No line moves: one that left the view says so in its place. */
  private async submitted(form: HTMLFormElement, item: string, by?: HTMLElement | null): Promise<void> {
    const action = form.dataset.form === "undo" ? form.action : `/officer/items/${item}`;
    this.toast().replaceChildren(); // what was done before is over
    const answer = await send(form, action, this.dataset.failed ?? "", by);
    const dialog = form.closest("dialog");
    if (typeof answer === "string") {
      this.problem(form, answer);
      return;
    }
    dialog?.close();
    form.querySelector("textarea")?.form?.reset();
    this.problem(form, "");
    this.take(answer);
    const line = this.line();
    if (line) this.focusLine(line);
  }

  private take(page: Document): void {
    const done = this.toast();
    done.replaceChildren(...(page.querySelector("[data-done]")?.children ?? []));
    for (const line of this.lines()) {
      const now = page.getElementById(line.id);
      const gone = line.querySelector<HTMLElement>("[data-gone]");
      if (now) line.replaceChildren(...now.children);
      else if (gone) {
        gone.textContent = this.dataset.left ?? "";
        gone.hidden = false;
      }
    }
    for (const tab of document.querySelectorAll<HTMLAnchorElement>(".tabs a")) {
      const count = page.querySelector(`.tabs a[href="${CSS.escape(tab.getAttribute("href") ?? "")}"] .tabs__count`);
      const shown = tab.querySelector(".tabs__count");
      if (count && shown) shown.textContent = count.textContent;
    }
    this.say(done.querySelector("strong")?.textContent ?? "");
  }

  /** Where what was just done is shown: over the page, so that no line moves for it. */
  private toast(): Element {
    const kept = this.querySelector(".desk-toast");
    if (kept) return kept;
    const toast = document.createElement("div");
    toast.className = "desk-done desk-toast";
    toast.setAttribute("data-done", "");
    this.append(toast);
    return toast;
  }

  private problem(form: HTMLFormElement, text: string): void {
    let line = form.querySelector("[data-problem]");
    if (!line && text) {
      line = document.createElement("p");
      line.className = "govuk-error-message";
      line.setAttribute("role", "alert");
      line.setAttribute("data-problem", "");
      form.prepend(line);
    }
    if (line) line.textContent = text;
    if (text && form.hidden) this.say(text);
  }

  private say(text: string): void {
    const line = this.querySelector("[data-say]");
    if (line) line.textContent = text;
  }
}

/** Tells whether the officer was on this list before and comes back to it. Elsewhere the focus belongs to the page's beginning. */
function cameBack(): boolean {
  const asked = sessionStorage.getItem(BACK) === "yes";
  sessionStorage.removeItem(BACK);
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return asked || visit?.type === "back_forward";
}

customElements.define("desk-keys", DeskKeys);

// A link "open it at the reply" leads to a box to write in: the browser scrolls to it, and typing must go there.
if (location.hash === "#body" || location.hash === "#reason") document.getElementById(location.hash.slice(1))?.focus();
