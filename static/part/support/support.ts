// Says "I say that too" without leaving the page: what somebody is writing below stays. Without it the same button sends the same form.

const form = document.querySelector<HTMLFormElement>("#supporting");

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  const line = button.closest(".support");
  const problem = await send(form, button, line);
  button.removeAttribute("aria-disabled");
  if (problem) say(line, problem);
});

/** Sends it and puts the answered line in the place of the old one; returns what went wrong. */
async function send(form: HTMLFormElement, button: HTMLButtonElement, line: Element | null): Promise<string> {
  const body = new URLSearchParams({ part: "support", [button.name]: button.value });
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const text = await answer.text();
    if (answer.status === 422) return text;
    if (!answer.ok || !line) return form.dataset.failed ?? "";
    const template = document.createElement("template");
    template.innerHTML = text; // a part that our own server has drawn
    const fresh = template.content.querySelector(".support");
    if (fresh) line.replaceWith(fresh);
    fresh?.querySelector("button")?.focus(); // its new name is read aloud
    return "";
  } catch {
    return form.dataset.failed ?? "";
  }
}

function say(line: Element | null, problem: string): void {
  let note = line?.querySelector("[role=alert]");
  if (!note) {
    note = document.createElement("span");
    note.setAttribute("role", "alert");
    line?.append(" ", note);
  }
  note.textContent = problem;
}
