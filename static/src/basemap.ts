// The ground of every map of ours, and our own layers on it. With no network beyond this site the map still shows our layers.

import {
  addProtocol,
  type LayerSpecification,
  type SourceSpecification,
  type StyleSpecification,
  setWorkerUrl,
} from "maplibre-gl";

export interface Ground {
  kind: string; // "osm", "none", "style" or "pmtiles"
  url: string;
  attribution: string;
}

export function groundOf(data: DOMStringMap): Ground {
  return { kind: data.basemap ?? "none", url: data.basemapUrl ?? "", attribution: data.attribution ?? "" };
}

// MapLibre's second thread is a file of its own, whose name changes with every build.
export function useWorker(url: string | undefined): void {
  if (url) setWorkerUrl(new URL(url, location.href).href);
}

const colours = { ground: "#f5efe4", water: "#b9d3dc", green: "#d5e3c4", road: "#ffffff", building: "#e0d6c6" };
const stageColours = ["match", ["get", "stage"], "open", "#0b6b50", "soon", "#1d5f9e", "weighed", "#8a5a00", "#5a4a78"];

// styleOf begins from the chosen ground and lays our wards, sites and pins on it. When the ground cannot be had, they lie on plain
// paper: the map is ours first.
export async function styleOf(ground: Ground): Promise<StyleSpecification> {
  const style = await groundStyle(ground).catch(() => plainStyle());
  Object.assign(style.sources, ourSources());
  style.layers.push(...ourLayers());
  return style;
}

function plainStyle(): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colours.ground } }],
  };
}

async function groundStyle(ground: Ground): Promise<StyleSpecification> {
  const plain = plainStyle();
  switch (ground.kind) {
    case "style":
      return await fetchedStyle(ground.url);
    case "osm":
      plain.sources.base = {
        type: "raster",
        tiles: [ground.url],
        tileSize: 256,
        maxzoom: 19,
        attribution: ground.attribution,
      };
      plain.layers.push({ id: "base", type: "raster", source: "base", paint: { "raster-saturation": -0.6 } });
      return plain;
    case "pmtiles":
      await layPMTiles(plain, ground);
      return plain;
    default:
      return plain;
  }
}

async function fetchedStyle(url: string): Promise<StyleSpecification> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as StyleSpecification;
}

// A .pmtiles file holds pictures, or vectors in the schema of Protomaps, of which we draw the plainest: land, water, roads, houses.
async function layPMTiles(style: StyleSpecification, ground: Ground): Promise<void> {
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const protocol = new Protocol();
  const file = new PMTiles(new URL(ground.url, location.href).href);
  protocol.add(file);
  addProtocol("pmtiles", protocol.tile);
  const header = await file.getHeader();
  const url = `pmtiles://${file.source.getKey()}`;
  if (header.tileType !== TileType.Mvt) {
    style.sources.base = { type: "raster", url, tileSize: 256, attribution: ground.attribution };
    style.layers.push({ id: "base", type: "raster", source: "base" });
    return;
  }
  style.sources.base = { type: "vector", url, attribution: ground.attribution };
  const fill = (id: string, colour: string): LayerSpecification => ({
    id: `base-${id}`,
    type: "fill",
    source: "base",
    "source-layer": id,
    paint: { "fill-color": colour },
  });
  style.layers.push(
    fill("landuse", colours.green),
    fill("water", colours.water),
    {
      id: "base-roads",
      type: "line",
      source: "base",
      "source-layer": "roads",
      paint: { "line-color": colours.road, "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.6, 17, 7] },
    },
    fill("buildings", colours.building),
  );
}

function ourSources(): Record<string, SourceSpecification> {
  const source = (layer: string, maxzoom: number): SourceSpecification => ({
    type: "vector",
    tiles: [`${location.origin}/tiles/${layer}/{z}/{x}/{y}`],
    maxzoom,
  });
  return { wards: source("wards", 14), sites: source("sites", 16), consultations: source("consultations", 16) };
}

function ourLayers(): LayerSpecification[] {
  const stage = stageColours as unknown as string; // a style expression, which the type of a colour does not know
  return [
    {
      id: "wards",
      type: "line",
      source: "wards",
      "source-layer": "wards",
      paint: { "line-color": "#4a6964", "line-width": 1.5, "line-dasharray": [3, 2] },
    },
    {
      id: "sites",
      type: "fill",
      source: "sites",
      "source-layer": "sites",
      minzoom: 13,
      paint: { "fill-color": stage, "fill-opacity": 0.3, "fill-outline-color": stage },
    },
    {
      id: "clusters",
      type: "symbol",
      source: "consultations",
      "source-layer": "consultations",
      filter: ["has", "count"],
      layout: { "icon-image": ["concat", "count-", ["get", "count"]], "icon-allow-overlap": true },
    },
    {
      id: "pins",
      type: "circle",
      source: "consultations",
      "source-layer": "consultations",
      filter: ["!", ["has", "count"]],
      paint: { "circle-radius": 11, "circle-color": stage, "circle-stroke-width": 3, "circle-stroke-color": "#ffffff" },
    },
  ];
}

// countIcon draws the number of a cluster. A picture of our own needs no font file from anywhere.
export function countIcon(count: string): ImageData | undefined {
  const size = 44 * 2;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return undefined;
  pen.fillStyle = "#124c45";
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 6;
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - 6, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.fillStyle = "#ffffff";
  pen.font = "600 34px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(count, size / 2, size / 2 + 2);
  return pen.getImageData(0, 0, size, size);
}
