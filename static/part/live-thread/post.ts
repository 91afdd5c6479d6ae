// Sends a thread's form without leaving the page. Whatever fails, the text stays where it is and the reason stands above it.

/** Makes a form post itself; sent is called with the text that the server has accepted. */
export function postInPlace(form: HTMLFormElement, failed: string, sent: (text: string) => void): void {
  let sending = false;
  form.addEventListener("submit", async (event) => {
    if ((event.submitter as HTMLButtonElement | null)?.name) return; // a button of its own draws the page anew
    event.preventDefault();
    if (sending) return;
    sending = true;
    const text = field(form)?.value ?? "";
    const problem = await post(form, failed);
    sending = false;
    say(form, problem);
    if (problem) field(form)?.focus();
    else {
      clear(form, text);
      sent(text);
    }
  });
}

/** Posts once, and once more where only the form's token had grown old. It returns what went wrong in the reader's words. */
async function post(form: HTMLFormElement, failed: string, again = true): Promise<string> {
  try {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") return "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector<HTMLInputElement>("[name=_csrf]")?.value;
    if (answer.status === 403 && token && again) {
      set(form, "_csrf", token);
      return post(form, failed, false);
    }
    if (answer.ok && showCards(form, page)) return page.querySelector(".site-notice")?.textContent?.trim() || failed;
    const reason =
      page.querySelector("[data-live-form] .govuk-error-message") ?? page.querySelector("main .govuk-body");
    return reason?.textContent?.trim() || failed;
  } catch {
    return failed;
  }
}

const field = (form: HTMLFormElement) => form.querySelector("textarea");
const button = (form: Element | null) => form?.querySelector<HTMLButtonElement>("button.govuk-button:not([name])");

/** Takes over fact cards that the server shows before it posts. The form carries their numbers, so that they are shown once. */
function showCards(form: HTMLFormElement, page: Document): boolean {
  const cards = page.querySelector("[data-live-form] [data-fact-match]");
  const place = form.querySelector("[data-watch-cards]");
  const send = button(form);
  if (!cards || !place || !send) return false;
  place.replaceChildren(cards);
  send.dataset.words ??= send.textContent ?? "";
  send.textContent = button(page.querySelector("[data-live-form]"))?.textContent ?? send.textContent;
  return true;
}

/** Puts cards away once the message is out, and keeps their numbers. */
function hideCards(form: HTMLFormElement): void {
  for (const cards of form.querySelectorAll("[data-fact-match]"))
    cards.replaceWith(...cards.querySelectorAll("input[type=hidden]"));
  const send = button(form);
  if (send?.dataset.words) send.textContent = send.dataset.words;
}

function set(form: HTMLFormElement, name: string, value: string): void {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}

function say(form: HTMLFormElement, problem: string): void {
  let line = form.querySelector("[data-live-error]");
  if (!line) {
    line = document.createElement("p");
    line.className = "govuk-error-message";
    line.setAttribute("role", "alert");
    line.setAttribute("data-live-error", "");
    form.querySelector("textarea")?.before(line);
  }
  line.textContent = problem;
}

/** Empties the box for the next message, which needs a key of its own: the old one stands for what was sent. */
function clear(form: HTMLFormElement, sent: string): void {
  set(form, "_key", uuid());
  hideCards(form);
  const box = field(form);
  if (box?.value !== sent) return; // its writer has gone on already
  box.value = "";
  box.dispatchEvent(new Event("input"));
}

/** A random UUID. crypto.randomUUID exists on secure pages only. */
function uuid(): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = ((b[6] ?? 0) & 15) | 64;
  b[8] = ((b[8] ?? 0) & 63) | 128;
  const hex = [...b].map((v) => v.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
