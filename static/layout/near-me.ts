/**
 * <near-me> asks for the place on a tap, after the page has said why, fills the form's fields and sends it. When it cannot, it says
 * which of the four reasons it was and leads to the field for the postcode. The page stays whole without it.
 */
export class NearMe extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => this.ask());
  }

  ask(): void {
    if (!window.isSecureContext) this.giveUp("insecure");
    else if (!navigator.geolocation) this.giveUp("unsupported");
    else this.locate();
  }

  locate(): void {
    this.say("busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.send(coords.latitude, coords.longitude),
      (problem) => this.giveUp(problem.code === problem.PERMISSION_DENIED ? "denied" : "timeout"),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  }

  // Four decimals are about ten metres: enough to list what is near, and no more than that.
  send(lat: number, lon: number): void {
    const form = this.closest("form");
    this.fill("lat", lat.toFixed(4));
    this.fill("lon", lon.toFixed(4));
    form?.requestSubmit();
  }

  fill(which: "lat" | "lon", value: string): void {
    const field = this.closest("form")?.elements.namedItem(this.dataset[which] ?? "");
    if (field instanceof HTMLInputElement) field.value = value;
  }

  giveUp(reason: "denied" | "timeout" | "insecure" | "unsupported"): void {
    this.say(reason);
    document.getElementById(this.dataset.fallback ?? "")?.focus();
  }

  say(what: string): void {
    const status = this.querySelector("[role=status]");
    if (status) status.textContent = this.dataset[what] ?? "";
  }
}
