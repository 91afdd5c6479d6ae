// The place of a comment, by tap or keyboard. The map comes only when it is asked for; the fields it fills work without it.

class PlacePicker extends HTMLElement {
  connectedCallback(): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = this.dataset.open ?? "";
    button.addEventListener("click", () => this.open(button));
    this.append(button);
  }

  private async open(button: HTMLButtonElement): Promise<void> {
    button.remove();
    const status = document.createElement("p");
    status.className = "govuk-hint";
    status.setAttribute("role", "status");
    const box = document.createElement("div");
    box.className = "map-box";
    this.append(status, box);
    this.addStyle();
    try {
      const { openPlaceMap } = await import("./place-map");
      await openPlaceMap(box, this.dataset, (lat, lon) => {
        this.fill(this.dataset.latField ?? "lat", lat);
        this.fill(this.dataset.lonField ?? "lon", lon);
        this.clear(this.dataset.clears);
        status.textContent = this.dataset.chosen ?? "";
      });
      status.textContent = this.dataset.help ?? "";
    } catch {
      box.remove();
      status.textContent = this.dataset.failed ?? "";
    }
  }

  private addStyle(): void {
    const { sheet } = this.dataset; // not data-style: templates take that for CSS
    if (!sheet) return;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet;
    document.head.append(link);
  }

  // A field that would count before the chosen place.
  private clear(name: string | undefined): void {
    const field = name ? document.querySelector<HTMLInputElement>(`input[name="${name}"]`) : null;
    if (field) field.value = "";
  }

  private fill(name: string, value: number): void {
    const field = document.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (field) field.value = value.toFixed(5);
  }
}

customElements.define("place-picker", PlacePicker);
