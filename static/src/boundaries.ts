// Two boundaries of one site on a map: the older one dashed, the newer one solid, so that colour is not all that tells them apart.

import type { Map as MapLibre } from "maplibre-gl";

const colours = { before: "#8a1f11", after: "#0b6b50" };

/** Draws the boundaries and lets the slider beside the map fade between them. */
export function drawBoundaries(map: MapLibre, element: HTMLElement): void {
  const { boundaryBefore, boundaryAfter } = element.dataset;
  if (!boundaryBefore || !boundaryAfter) return;
  for (const [name, text] of [
    ["before", boundaryBefore],
    ["after", boundaryAfter],
  ] as const) {
    map.addSource(`boundary-${name}`, {
      type: "geojson",
      data: { type: "Feature", properties: {}, geometry: JSON.parse(text) },
    });
    map.addLayer({
      id: `boundary-${name}-ground`,
      type: "fill",
      source: `boundary-${name}`,
      paint: { "fill-color": colours[name], "fill-opacity": 0.2 },
    });
    map.addLayer({
      id: `boundary-${name}`,
      type: "line",
      source: `boundary-${name}`,
      paint: {
        "line-color": colours[name],
        "line-width": 4,
        ...(name === "before" ? { "line-dasharray": [2, 1.5] } : {}),
      },
    });
  }
  const fade = (name: string, opacity: number) => {
    map.setPaintProperty(`boundary-${name}`, "line-opacity", opacity);
    map.setPaintProperty(`boundary-${name}-ground`, "fill-opacity", opacity * 0.2);
  };
  const slider = document.querySelector<HTMLElement>("before-after");
  const show = () => {
    const both = slider?.dataset.mode !== "split";
    const share = Number(slider?.dataset.share ?? 0.5);
    fade("before", both ? 1 : 1 - share);
    fade("after", both ? 1 : share);
    element.dataset.boundaries = both ? "both" : String(share);
  };
  slider?.addEventListener("before-after", show);
  show();
}
