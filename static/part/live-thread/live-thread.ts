// <live-thread> keeps a thread's page up to date. The page is whole without it: what it adds, a reload would show as well.
//
//   data-thread, data-since, data-epoch, data-endpoint        the thread and how far the page shows it
//   data-key                                                  what opens the thread to this reader alone
//   data-connecting, -arriving, -offline, -failed, -typing      sentences; data-new: plural forms of "{n} new messages"
//   (not data-online: html/template takes what begins with "on" for a script)
//   [data-live-log]    the list that fragments go into; without one, news are only counted (an inbox must not move)
//   [data-live-part]   what an answer to many changes, or without a list any event: drawn anew by the server, each by its name;
//                      data-changed: the sentence that says so
//   [data-live-state]  the line that says whether the page is live      [data-live-form]  the form to send in place

import { words } from "../../layout/character-count";
import { Connection, type Page, type Position, type ThreadEvent } from "./connection";
import { takeParts } from "./parts";
import { postInPlace } from "./post";

const BEHIND = 5_000; // a shorter loss of the connection is not worth a word
const TYPING = 3_000; // at most one signal in this time
const TYPED = 6_000; // how long a signal stands
const TOGETHER = 150; // events this close to each other are drawn at once

export class LiveThread extends HTMLElement implements Page {
  private connection?: Connection;
  private log: Element | null = null;
  private note: HTMLElement | null = null;
  private news: HTMLElement | null = null;
  private unseen = 0;
  private own = ""; // what this page sent last, until it has come back as an event
  private state = ""; // the one shown, or due to be
  private stateTimer = 0;
  private typingTimer = 0;
  private partsTimer = 0;
  private seen?: IntersectionObserver;

  connectedCallback(): void {
    const { thread, since, epoch, endpoint } = this.dataset;
    if (!thread || !endpoint) return;
    this.log = this.querySelector("[data-live-log]");
    this.seen = new IntersectionObserver((items) => {
      if (items.some((item) => item.isIntersecting)) this.clearNews();
    });
    const url = new URL(endpoint, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.connection = new Connection(
      url.href,
      thread,
      { seq: Number(since), epoch: epoch ?? "" },
      this,
      this.dataset.key,
    );
    this.listen(this.connection);
    this.say("connecting", 1000);
    this.connection.open();
  }

  disconnectedCallback(): void {
    this.connection?.stop();
    this.seen?.disconnect();
    clearTimeout(this.stateTimer);
    if (!this.connection) return;
    window.removeEventListener("online", this.connection.wake);
    document.removeEventListener("visibilitychange", this.connection.wake);
  }

  private listen(connection: Connection): void {
    window.addEventListener("online", connection.wake);
    document.addEventListener("visibilitychange", connection.wake);
    const form = this.querySelector<HTMLFormElement>("[data-live-form]");
    if (!form) return;
    postInPlace(form, this.dataset.failed ?? "", (text) => {
      this.own = plain(text);
      connection.expect();
    });
    let told = 0;
    form.querySelector("textarea")?.addEventListener("input", ({ target }) => {
      if (!(target as HTMLTextAreaElement).value || Date.now() - told < TYPING) return;
      told = Date.now();
      connection.typing();
    });
  }

  live(up: boolean): void {
    this.say(up ? "arriving" : "offline", up ? 0 : BEHIND);
  }

  ended(): void {
    this.say("offline", 0);
    // The server knows better what to show now; but never at the price of what somebody has typed.
    if (!this.querySelector("textarea")?.value) location.reload();
  }

  event({ kind, html, data }: ThreadEvent): void {
    if (kind === "none") return;
    const parts = this.querySelector("[data-live-part]");
    if (parts && (!this.log || data?.answer)) this.redraw();
    if (!this.log) {
      if (!parts) this.announce(null);
    } else if (html) {
      const item = fragment(html);
      if (this.own && plain(item?.querySelector(".message__body")?.textContent) === this.own) this.quietly(item);
      this.place(item, kind === "message");
    }
    this.hint("");
  }

  /** Fetches the page for its parts, once for events that come together. */
  private redraw(): void {
    clearTimeout(this.partsTimer);
    this.partsTimer = window.setTimeout(() => void this.refresh(), TOGETHER);
  }

  /** Marks an own message, which its writer need not hear read aloud. */
  private quietly(item: Element | null): void {
    this.own = "";
    item?.classList.add("message--own");
    const region = this.log?.closest("[aria-live]");
    region?.setAttribute("aria-live", "off");
    setTimeout(() => region?.setAttribute("aria-live", "polite"), 1000);
  }

  typing(): void {
    this.hint(this.dataset.typing ?? "");
  }

  async refresh(): Promise<Position | null> {
    try {
      const answer = await fetch(location.pathname + location.search, { redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = [...page.querySelectorAll<HTMLElement>("live-thread")].find(
        (e) => e.dataset.thread === this.dataset.thread,
      );
      if (!answer.ok || !fresh) return null;
      this.take(fresh);
      return { seq: Number(fresh.dataset.since), epoch: fresh.dataset.epoch ?? "" };
    } catch {
      return null;
    }
  }

  /** Takes over a freshly drawn page: what is new or changed in it, or all of it when it belongs to another log. */
  private take(fresh: HTMLElement): void {
    const items = [...(fresh.querySelector("[data-live-log]")?.children ?? [])];
    if (fresh.dataset.epoch !== this.dataset.epoch) this.log?.replaceChildren(...items);
    else for (const item of items) this.place(item, true);
    this.dataset.epoch = fresh.dataset.epoch ?? "";
    const { changed, held } = takeParts(this, fresh);
    if (changed && this.dataset.changed) this.stateLine().textContent = this.dataset.changed;
    if (held) this.announce(null);
  }

  /** Puts an item in the place of the one it replaces, else at the end if it is new. */
  private place(item: Element | null, isNew: boolean): void {
    if (!item || !this.log) return;
    const old = item.id ? document.getElementById(item.id) : null;
    if (old && this.log.contains(old)) {
      if (!old.isEqualNode(item)) old.replaceWith(item);
    } else if (isNew) {
      this.log.append(item);
      if (document.hidden || item.getBoundingClientRect().top > window.innerHeight) this.announce(item);
    }
  }

  /** Counts what came in out of sight, in a link that leads to it. */
  private announce(item: Element | null): void {
    if (!this.news) {
      this.news = document.createElement("p");
      this.news.className = "govuk-body";
      if (!this.log) this.news.setAttribute("role", "status"); // a log speaks for itself
      const link = document.createElement("a");
      link.className = "govuk-link";
      link.href = item ? `#${item.id}` : location.pathname + location.search;
      this.news.append(link);
      this.stateLine().before(this.news);
    }
    this.unseen++;
    const link = this.news.firstElementChild;
    if (link) link.textContent = words(this.dataset.new, this.unseen);
    if (item) this.seen?.observe(item);
  }

  private clearNews(): void {
    this.seen?.disconnect();
    this.news?.remove();
    this.news = null;
    this.unseen = 0;
  }

  private stateLine(): Element {
    return this.querySelector("[data-live-state]") ?? this.appendChild(document.createElement("p"));
  }

  private say(what: "connecting" | "arriving" | "offline", after: number): void {
    if (what === this.state) return;
    this.state = what;
    clearTimeout(this.stateTimer);
    this.stateTimer = window.setTimeout(() => {
      const line = this.stateLine();
      const text = this.dataset[what] ?? "";
      if (line.textContent !== text) line.textContent = text;
    }, after);
  }

  /** Shows for a moment that somebody is writing. It is not read aloud: that would interrupt the reading of what was written. */
  private hint(text: string): void {
    clearTimeout(this.typingTimer);
    if (!this.note) {
      if (!text) return;
      this.note = document.createElement("p");
      this.note.className = "govuk-hint";
      this.note.setAttribute("aria-hidden", "true");
      this.stateLine().before(this.note);
    }
    this.note.textContent = text;
    this.note.hidden = !text;
    if (text) this.typingTimer = window.setTimeout(() => this.hint(""), TYPED);
  }
}

/** Text as it compares: the server may have put it in another form. */
const plain = (text: string | null | undefined) => (text ?? "").normalize().replace(/\s+/g, " ").trim();

/** Reads a fragment that our own server has drawn. A template keeps it inert until it is put into the page. */
function fragment(html: string): Element | null {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

customElements.define("live-thread", LiveThread);
