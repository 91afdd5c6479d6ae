import { type GeoJSONSource, Map as MapLibre, NavigationControl } from "maplibre-gl";
import { countIcon, groundOf, styleOf, useWorker } from "../../src/basemap";
import type { Corner } from "./area-draw";

export interface AreaMap {
  middle(): Corner;
  draw(corners: Corner[]): void;
}

const colour = "#a4243b";

// openAreaMap shows the map and calls set with the corner that is tapped or, after Enter, the middle of the map.
export async function openAreaMap(
  box: HTMLElement,
  data: DOMStringMap,
  set: (corner: Corner) => void,
): Promise<AreaMap> {
  useWorker(data.worker);
  const map = new MapLibre({
    container: box,
    style: await styleOf(groundOf(data)),
    center: [Number(data.lon), Number(data.lat)],
    zoom: 13,
    locale: { "Map.Title": data.label ?? "" },
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.on("styleimagemissing", ({ id }) => {
    const icon = id.startsWith("count-") && !map.hasImage(id) ? countIcon(id.slice("count-".length)) : undefined;
    if (icon) map.addImage(id, icon, { pixelRatio: 2 });
  });
  const middle = (): Corner => {
    const { lat, lng } = map.getCenter();
    return [lat, lng];
  };
  map.on("click", (e) => set([e.lngLat.lat, e.lngLat.lng]));
  map.getCanvas().addEventListener("keydown", (e) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    set(middle());
  });
  await new Promise<void>((done) => {
    map.once("load", () => done());
  });
  map.addSource("area", { type: "geojson", data: shape([]) });
  map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": colour, "fill-opacity": 0.2 } });
  map.addLayer({ id: "area-border", type: "line", source: "area", paint: { "line-color": colour, "line-width": 3 } });
  map.addLayer({
    id: "area-corners",
    type: "circle",
    source: "area",
    filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": colour, "circle-radius": 6 },
  });
  box.setAttribute("data-ready", "");
  return { middle, draw: (corners) => map.getSource<GeoJSONSource>("area")?.setData(shape(corners)) };
}

// shape is the corners and what lies between them: from three on an area, before that a line.
function shape(corners: Corner[]): GeoJSON.FeatureCollection {
  const positions = corners.map(([lat, lon]) => [lon, lat]);
  const geometries: GeoJSON.Geometry[] = positions.map((coordinates) => ({ type: "Point", coordinates }));
  const [first] = positions;
  if (first && positions.length > 2) geometries.push({ type: "Polygon", coordinates: [[...positions, first]] });
  else if (positions.length === 2) geometries.push({ type: "LineString", coordinates: positions });
  return {
    type: "FeatureCollection",
    features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })),
  };
}
