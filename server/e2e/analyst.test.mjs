// The analyst's journey: figures that can be read, found again by their address, and taken away.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { screenshot } from "./screenshot.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
let analyst;

before(async () => {
  site = await startSite();
  analyst = await site.signedIn("analyst");
});
after(() => site?.stop());

test("the page of who took part shows every figure as a table and as a chart that agrees with it", async () => {
  const { page } = analyst;
  await page.goto("/analyst");
  for (const name of ["time", "stance", "topic", "ward", "channel", "answered", "outcome"]) {
    await page
      .getByText(t(`reach.table_${name}`), { exact: false })
      .first()
      .waitFor();
  }
  const rows = await page.locator("figure.chart tbody tr").evaluateAll((all) =>
    all.map((row) => {
      const bar = row.querySelector("rect");
      const figure = row.closest("figure");
      return {
        figure: figure.id,
        label: row.querySelector("th").textContent,
        text: row.querySelector("td:last-child").textContent.trim(),
        value: bar ? Number(bar.dataset.value) : null,
        length: bar ? Number(bar.getAttribute("width")) : null,
      };
    }),
  );
  assert.ok(rows.length > 20);
  for (const { figure, label, text, value } of rows) {
    if (value === null) assert.ok(!/^\d/.test(text), `${figure}, ${label}: a withheld number is shown as ${text}`);
    else assert.equal(Number(text.match(/[\d,.]+/)[0].replaceAll(",", "")), value, `${figure}, ${label}`);
  }
  for (const one of rows.filter(({ value }) => value !== null)) {
    for (const other of rows.filter(({ figure, value }) => figure === one.figure && value > one.value)) {
      assert.ok(other.length > one.length, `${one.figure}: the bar of ${one.label} is too long beside ${other.label}`);
    }
  }
  const counts = rows.filter(({ figure, value }) => value !== null && !/wait|age|sex|ethnic|disability/.test(figure));
  assert.deepEqual(
    counts.filter(({ value }) => value % 5 !== 0),
    [],
    "a number that is not rounded to 5",
  );
  await page.locator("#overview").evaluate((e) => e.scrollIntoView());
  await screenshot(page, "analyst");
});

test("a choice stands in the address, and the address brings it back", async () => {
  const { page } = analyst;
  await page.goto("/analyst");
  await page.locator("#stance").selectOption("objection");
  await page.locator("#topic").selectOption("traffic");
  await page.getByRole("button", { name: t("reach.show") }).click();
  await page.waitForURL(/stance=objection/);
  const chosen = page.url();
  const shown = await page.locator("main").innerText();
  await page.goto("/analyst");
  await page.goto(chosen);
  assert.equal(await page.locator("#stance").inputValue(), "objection");
  assert.equal(await page.locator("#topic").inputValue(), "traffic");
  assert.equal(await page.locator("main").innerText(), shown);
  for (const link of await page.locator(".reach-files a").all()) {
    assert.match(await link.getAttribute("href"), /stance=objection.*topic=traffic|topic=traffic.*stance=objection/);
  }
});

/** Presses a link on the page and returns what it downloads. */
async function download(page, key) {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: t(key), exact: true }).click(),
  ]);
  return readFile(await file.path());
}

/** Reads CSV as RFC 4180 has it, strictly: rows of fields. */
function readCSV(text) {
  const rows = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/y;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    assert.ok(found, `not RFC 4180 near ${JSON.stringify(text.slice(rows.length, 80))}`);
    const [, value, end] = found;
    rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === "\r\n" && field.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

/** Reads the files of a ZIP archive by its central directory. */
function readZIP(bytes) {
  const files = new Map();
  const end = bytes.lastIndexOf("PK\u0005\u0006");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, note] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + packed);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), method === 8 ? inflateRawSync(content) : content);
    at += 46 + name + extra + note;
  }
  return files;
}

test("the files an analyst takes away can be read, agree with each other, and hold no formula", async () => {
  const { page } = analyst;
  await page.goto("/analyst");
  const table = readCSV((await download(page, "reach.file_comments")).toString("utf8"));
  const [head, ...rows] = table;
  assert.ok(rows.length > 30, `only ${rows.length} comments`);
  for (const row of rows) assert.equal(row.length, head.length);
  assert.ok(!rows.flat().some((cell) => /^[=+@\t]/.test(cell)), "a cell that a spreadsheet would run");

  const places = JSON.parse((await download(page, "reach.file_places")).toString("utf8"));
  assert.equal(places.type, "FeatureCollection");
  assert.equal(places.features.length, rows.length);
  for (const { geometry } of places.features.filter((feature) => feature.geometry)) {
    const [lon, lat] = geometry.coordinates;
    assert.ok(lon > -2 && lon < -1.7 && lat > 52.4 && lat < 52.6, `a comment far away: ${lon}, ${lat}`);
  }

  const codebook = readCSV((await download(page, "reach.file_codebook")).toString("utf8"));
  const described = new Set(codebook.flat());
  for (const name of head) assert.ok(described.has(name), `the codebook does not explain ${name}`);
  assert.ok(readCSV((await download(page, "reach.file_figures")).toString("utf8")).length > 20);

  const files = readZIP(await download(page, "reach.file_package"));
  for (const name of ["data.csv", "data.geojson", "figures.csv", "codebook.csv"]) {
    assert.ok(
      [...files.keys()].some((path) => path.endsWith(name)),
      `${name} is not in the package`,
    );
  }
  const [, data] = [...files].find(([path]) => path.endsWith("data.csv"));
  assert.deepEqual(readCSV(data.toString("utf8")), table);
});

test("the analyst's browser saw no script fail and no content policy broken", () => analyst.leave());
