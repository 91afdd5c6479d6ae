// A PMTiles file (version 3) of one picture that covers the world: a ground to test maps with that needs no network.

import { writeFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";

const checksums = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function checksum(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) c = checksums[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(checksum(body), body.length + 4);
  return out;
}

/** A picture of one colour, size by size. */
function png(size, [red, green, blue]) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Buffer.from([red, green, blue]))]);
  const rows = Buffer.concat(Array.from({ length: size }, () => row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function varint(n) {
  const out = [];
  for (let rest = n; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...out, rest]);
    out.push((rest % 128) | 128);
  }
}

/** Writes the file; colour is that of the whole world. */
export async function writePMTiles(path, colour) {
  const tile = png(256, colour);
  // One entry: tile 0 once, its length, its offset plus one.
  const directory = Buffer.concat([varint(1), varint(0), varint(1), varint(tile.length), varint(1)]);
  const about = Buffer.from("{}");
  const head = Buffer.alloc(127);
  head.write("PMTiles");
  head[7] = 3;
  const sections = [
    [127, directory.length],
    [127 + directory.length, about.length],
    [127 + directory.length + about.length, 0],
    [127 + directory.length + about.length, tile.length],
  ];
  sections.flat().forEach((n, i) => {
    head.writeBigUInt64LE(BigInt(n), 8 + i * 8);
  });
  for (const at of [72, 80, 88]) head.writeBigUInt64LE(1n, at);
  head.set([1, 1, 1, 2, 0, 0], 96); // clustered, nothing compressed, pictures, zoom 0 only
  [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((degrees, i) => {
    head.writeInt32LE(degrees, 102 + i * 4);
  });
  await writeFile(path, Buffer.concat([head, directory, about, tile]));
}
