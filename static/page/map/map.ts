// The map of consultations. It shows what the list below it says: choosing a pin leads to its line, and a line that gets the focus
// is shown on the map.

import { AttributionControl, type MapGeoJSONFeature, Map as MapLibre, NavigationControl } from "maplibre-gl";
import { countIcon, groundOf, styleOf, useWorker } from "../../src/basemap";
import { drawBoundaries } from "../../src/boundaries";

class ConsultationMap extends HTMLElement {
  private map: MapLibre | undefined;

  connectedCallback(): void {
    this.open().catch(() => this.sayFailed());
  }

  private async open(): Promise<void> {
    const { lat, lon, zoom, worker, label, zoomIn, zoomOut } = this.dataset;
    useWorker(worker);
    const box = document.createElement("div");
    box.className = "map-box";
    this.append(box);
    const map = new MapLibre({
      container: box,
      style: await styleOf(groundOf(this.dataset)),
      center: [Number(lon), Number(lat)],
      zoom: Number(zoom),
      maxZoom: 19,
      attributionControl: false,
      cooperativeGestures: false,
      locale: {
        "Map.Title": label ?? "",
        "NavigationControl.ZoomIn": zoomIn ?? "",
        "NavigationControl.ZoomOut": zoomOut ?? "",
      },
    });
    this.map = map;
    map.addControl(new NavigationControl({ showCompass: false }));
    map.addControl(new AttributionControl({ compact: false }));
    map.on("styleimagemissing", ({ id }) => this.drawCount(id));
    map.on("load", () => {
      drawBoundaries(map, this);
      this.setAttribute("data-ready", "");
    });
    map.on("idle", () => this.setAttribute("data-idle", ""));
    map.on("click", (e) => {
      const [feature] = map.queryRenderedFeatures(e.point, { layers: ["pins", "clusters", "sites"] });
      if (feature) this.choose(feature);
    });
    document.addEventListener("focusin", (e) => this.follow(e.target));
  }

  private drawCount(id: string): void {
    if (!id.startsWith("count-") || this.map?.hasImage(id)) return;
    const icon = countIcon(id.slice("count-".length));
    if (icon) this.map?.addImage(id, icon, { pixelRatio: 2 });
  }

  // A cluster opens; a pin leads to its line in the list, or to its page when the list is too short to hold it.
  private choose(feature: MapGeoJSONFeature): void {
    if (feature.properties.count !== undefined && feature.geometry.type === "Point") {
      const [lon, lat] = feature.geometry.coordinates;
      this.map?.easeTo({ center: [lon ?? 0, lat ?? 0], zoom: this.map.getZoom() + 2 });
      return;
    }
    const id = String(feature.properties.id);
    const link = document.querySelector<HTMLAnchorElement>(`[data-pin="${CSS.escape(id)}"] a`);
    if (link) {
      link.focus();
      link.scrollIntoView({ block: "center" });
    } else {
      location.assign(`/consultations/${encodeURIComponent(id)}`);
    }
  }

  private follow(target: EventTarget | null): void {
    const line = target instanceof Element ? target.closest<HTMLElement>("[data-pin]") : null;
    if (!line || !this.map) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const view = { center: [Number(line.dataset.lon), Number(line.dataset.lat)] as [number, number], zoom: 16 };
    if (calm) this.map.jumpTo(view);
    else this.map.easeTo(view);
  }

  private sayFailed(): void {
    const note = document.createElement("p");
    note.className = "govuk-inset-text";
    note.textContent = this.dataset.failed ?? "";
    this.replaceChildren(note);
  }
}

customElements.define("consultation-map", ConsultationMap);
