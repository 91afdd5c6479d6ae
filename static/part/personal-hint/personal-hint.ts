// Says, while a message is being written, that it seems to hold a number or an address. It looks with the pattern that the page brings,
// in the browser alone: nothing is sent before its writer sends it, and nobody is held up.

class PersonalHint extends HTMLElement {
  connectedCallback(): void {
    const field = document.getElementById(this.dataset.field ?? "");
    if (!(field instanceof HTMLTextAreaElement)) return;
    const pattern = new RegExp(this.dataset.pattern ?? "$^", "iu");
    const line = document.createElement("p");
    line.className = "govuk-hint";
    line.setAttribute("role", "status");
    this.append(line);
    let pause = 0;
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = window.setTimeout(() => {
        const text = pattern.test(field.value) ? (this.dataset.text ?? "") : "";
        if (line.textContent !== text) line.textContent = text;
      }, 600);
    });
  }
}

customElements.define("personal-hint", PersonalHint);
