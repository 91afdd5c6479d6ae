import { Map as MapLibre, Marker, NavigationControl } from "maplibre-gl";
import { countIcon, groundOf, styleOf, useWorker } from "../../src/basemap";

// openPlaceMap shows the map and calls chosen with the place that is tapped or, after Enter, the one in the middle.
export async function openPlaceMap(
  box: HTMLElement,
  data: DOMStringMap,
  chosen: (lat: number, lon: number) => void,
): Promise<void> {
  useWorker(data.worker);
  const map = new MapLibre({
    container: box,
    style: await styleOf(groundOf(data)),
    center: [Number(data.lon), Number(data.lat)],
    zoom: 16,
    locale: { "Map.Title": data.label ?? "" },
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.on("styleimagemissing", ({ id }) => {
    const icon = id.startsWith("count-") && !map.hasImage(id) ? countIcon(id.slice("count-".length)) : undefined;
    if (icon) map.addImage(id, icon, { pixelRatio: 2 });
  });
  const marker = new Marker({ color: "#a4243b" });
  const choose = (lat: number, lon: number): void => {
    marker.setLngLat([lon, lat]).addTo(map);
    chosen(lat, lon);
  };
  map.on("click", (e) => choose(e.lngLat.lat, e.lngLat.lng));
  map.getCanvas().addEventListener("keydown", (e) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    const middle = map.getCenter();
    choose(middle.lat, middle.lng);
  });
  await new Promise<void>((done) => {
    map.once("load", () => done());
  });
  box.setAttribute("data-ready", "");
}
