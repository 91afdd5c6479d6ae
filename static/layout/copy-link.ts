// <copy-link> adds a button that copies an address. The link beside it works without; on pages that a browser does not trust with the
// clipboard there is no button.
//
//   data-text   what is copied      data-label, data-done   the button's words before and after

export class CopyLink extends HTMLElement {
  connectedCallback(): void {
    if (!navigator.clipboard || this.firstElementChild) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary share__copy";
    button.textContent = this.dataset.label ?? "";
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.dataset.text ?? "");
        said.textContent = this.dataset.done ?? "";
      } catch {
        said.textContent = "";
      }
    });
    this.append(button, " ", said);
  }
}
