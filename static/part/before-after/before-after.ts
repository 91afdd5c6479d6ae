// Before and after: a slider and three buttons over two pictures of one place, or over whatever listens to its event. Without this
// script the pictures stand side by side.

import { words } from "../../layout/character-count";

/** What is shown: how much of the change, from 0 to 1, or both versions at once. */
export interface Shown {
  share: number;
  both: boolean;
}

class BeforeAfter extends HTMLElement {
  private readonly slider = document.createElement("input");
  private readonly buttons = new Map<string, HTMLButtonElement>();

  connectedCallback(): void {
    if (this.querySelector(".before-after__controls")) return;
    const controls = document.createElement("div");
    controls.className = "before-after__controls";
    const label = document.createElement("label");
    label.className = "govuk-label";
    label.textContent = this.dataset.label ?? "";
    label.htmlFor = this.slider.id = "before-after-share";
    this.slider.type = "range";
    this.slider.min = "0";
    this.slider.max = "100";
    this.slider.step = "5";
    this.slider.addEventListener("input", () => this.show({ share: this.slider.valueAsNumber / 100, both: false }));
    controls.append(label, this.slider, this.group());
    this.prepend(controls);
    this.show({ share: 0.5, both: true });
  }

  private group(): HTMLElement {
    const group = document.createElement("div");
    group.className = "before-after__buttons";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.dataset.group ?? "");
    const what: [string, string | undefined, Shown][] = [
      ["before", this.dataset.before, { share: 0, both: false }],
      ["after", this.dataset.after, { share: 1, both: false }],
      ["both", this.dataset.both, { share: 0.5, both: true }],
    ];
    for (const [name, text, shown] of what) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text ?? "";
      button.addEventListener("click", () => this.show(shown));
      this.buttons.set(name, button);
      group.append(button);
    }
    return group;
  }

  private show(shown: Shown): void {
    const percent = Math.round(shown.share * 100);
    this.slider.valueAsNumber = percent;
    this.slider.setAttribute("aria-valuetext", words(this.dataset.shown, percent));
    this.style.setProperty("--share", `${percent}%`);
    this.dataset.mode = shown.both ? "both" : "split";
    this.dataset.share = String(shown.share);
    const pressed: Record<string, boolean> = {
      before: !shown.both && percent === 0,
      after: !shown.both && percent === 100,
      both: shown.both,
    };
    for (const [name, button] of this.buttons) button.setAttribute("aria-pressed", String(pressed[name]));
    this.dispatchEvent(new CustomEvent<Shown>("before-after", { bubbles: true, detail: shown }));
  }
}

customElements.define("before-after", BeforeAfter);
