// Sends a form of the desk and reads the page that comes back.

/** The page the form leads to, or in the reader's words what went wrong. */
export async function send(
  form: HTMLFormElement,
  action: string,
  failed: string,
  by?: HTMLElement | null,
): Promise<Document | string> {
  try {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form, by)) if (typeof value === "string") body.append(name, value);
    const answer = await fetch(action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) return page;
    const reasons = [...page.querySelectorAll(".govuk-error-summary li, main [role=alert] p")];
    return reasons.map((reason) => reason.textContent?.trim()).join(" ") || failed;
  } catch {
    return failed;
  }
}
