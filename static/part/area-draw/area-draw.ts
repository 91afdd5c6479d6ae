// The area of an alert, drawn on a map by tap or keyboard. The map comes only when it is asked for; it writes the corners into the text
// field, which works without it and stays what is sent.

import { words } from "../../layout/character-count";
import type { AreaMap } from "./area-map";

export type Corner = [lat: number, lon: number];

class AreaDraw extends HTMLElement {
  private map: AreaMap | undefined;
  private status = document.createElement("p");

  connectedCallback(): void {
    const open = this.button(this.dataset.open, () => this.open(open));
    this.append(open);
  }

  private button(text: string | undefined, pressed: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = text ?? "";
    button.addEventListener("click", pressed);
    return button;
  }

  private get field(): HTMLTextAreaElement | null {
    return document.querySelector(`textarea[name="${this.dataset.field}"]`);
  }

  private get lines(): string[] {
    return (this.field?.value ?? "").split("\n").filter((line) => line.trim() !== "");
  }

  private async open(button: HTMLButtonElement): Promise<void> {
    button.remove();
    const box = document.createElement("div");
    box.className = "map-box";
    this.status.className = "govuk-hint";
    this.status.setAttribute("role", "status");
    this.append(this.status, box);
    this.addStyle();
    try {
      const { openAreaMap } = await import("./area-map");
      this.map = await openAreaMap(box, this.dataset, (corner) => this.add(corner));
    } catch {
      box.remove();
      this.status.textContent = this.dataset.failed ?? "";
      return;
    }
    this.append(
      this.button(this.dataset.add, () => this.map && this.add(this.map.middle())),
      this.button(this.dataset.undo, () => this.write(this.lines.slice(0, -1))),
      this.button(this.dataset.clear, () => this.write([])),
    );
    this.field?.addEventListener("input", () => this.draw());
    this.status.textContent = this.dataset.help ?? "";
    this.map.draw(this.corners());
  }

  private add([lat, lon]: Corner): void {
    const polygon = document.querySelector<HTMLInputElement>('input[name="area"][value="polygon"]');
    if (polygon) polygon.checked = true;
    this.write([...this.lines, `${lat.toFixed(5)}, ${lon.toFixed(5)}`]);
  }

  private write(lines: string[]): void {
    if (this.field) this.field.value = lines.join("\n");
    this.draw();
  }

  private draw(): void {
    this.map?.draw(this.corners());
    this.status.textContent = words(this.dataset.count ?? "", this.lines.length);
  }

  // Postcodes cannot be drawn here: the server knows where they are.
  private corners(): Corner[] {
    return this.lines.flatMap((line) => {
      const [lat, lon] = line.split(",").map(Number);
      return lat !== undefined && lon !== undefined && Number.isFinite(lat) && Number.isFinite(lon) ? [[lat, lon]] : [];
    });
  }

  private addStyle(): void {
    const { sheet } = this.dataset; // not data-style: templates take that for CSS
    if (!sheet) return;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet;
    document.head.append(link);
  }
}

customElements.define("area-draw", AreaDraw);
