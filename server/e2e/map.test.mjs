// The map: our own tiles without any network beyond, pins that are list links, and a place that is chosen by keyboard.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writePMTiles } from "./pmtiles.mjs";
import { openApplication, press, resident, writeComment } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

const drawn = (page) => page.locator("consultation-map[data-idle]").waitFor({ state: "attached" });

test("the map draws its own tiles and asks nobody else for anything", () =>
  site.as({ viewport: { width: 800, height: 900 } }, async (page) => {
    const tiles = [];
    const strangers = [];
    page.on("response", (answer) => {
      if (answer.url().includes("/tiles/")) tiles.push([answer.status(), answer.url()]);
      if (!answer.url().startsWith(site.base) && !/^(blob|data):/.test(answer.url())) strangers.push(answer.url());
    });
    await page.goto("/");
    await page.getByRole("link", { name: t("consultations.map") }).click();
    await drawn(page);
    assert.ok(tiles.length > 0, "no tile was asked for");
    assert.deepEqual(
      tiles.filter(([status]) => status !== 200 && status !== 204),
      [],
    );
    assert.ok(
      tiles.some(([status]) => status === 200),
      "every tile was empty",
    );
    assert.deepEqual(strangers, []);
    assert.ok((await colours(page)) > 3, "nothing is drawn on the canvas");
  }));

/** How many different colours a picture of the map shows: an empty map shows one or two. */
async function colours(page) {
  const picture = await page.locator(".map-box canvas").screenshot();
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const counts = new Map();
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return [...counts.values()].filter((count) => count > 20).length;
  }, picture.toString("base64"));
}

test("every pin is a link of the list, and a pressed pin leads to its line", () =>
  site.as({ viewport: { width: 800, height: 900 } }, async (page) => {
    await page.goto("/");
    const listed = await page
      .locator(".card__title a")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")).sort());
    const one = listed[0].split("/").pop();
    await page.goto(`/map?at=${one}`);
    await drawn(page);
    const pins = await page
      .locator("[data-pin] .card__title a")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")).sort());
    assert.deepEqual(pins, listed);
    // The map stands on the chosen one: its pin is in the middle.
    await page.locator(".map-box canvas").click();
    const line = page.locator(`[data-pin="${one}"] .card__title a`);
    await page.waitForFunction(
      (id) => document.activeElement?.closest("[data-pin]")?.getAttribute("data-pin") === id,
      one,
    );
    assert.equal(await line.getAttribute("href"), `/consultations/${one}`);
  }));

test("the map can be reached and moved by keyboard, and a line of the list moves it", () =>
  site.as({ viewport: { width: 800, height: 900 } }, async (page) => {
    await page.goto("/map");
    await drawn(page);
    const canvas = page.locator(".map-box canvas");
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press("Tab");
      if (await canvas.evaluate((e) => e === document.activeElement)) break;
    }
    assert.ok(await canvas.evaluate((e) => e === document.activeElement), "Tab does not reach the map");
    assert.ok(await canvas.getAttribute("aria-label"), "the map has no name");
    const before = await canvas.screenshot();
    await page.keyboard.press("ArrowRight");
    await changed(page, canvas, before);
    const moved = await canvas.screenshot();
    await page.locator("[data-pin] a").last().focus();
    await page.evaluate(() => window.scrollTo(0, 0));
    await changed(page, canvas, moved);
  }));

async function changed(page, canvas, before) {
  for (let tries = 0; tries < 100; tries++) {
    if (!(await canvas.screenshot()).equals(before)) return;
    await page.waitForTimeout(100);
  }
  assert.fail("the map did not move");
}

test("a place is chosen on the map with the Enter key", () =>
  site.as({}, async (page) => {
    const application = await openApplication(page);
    await writeComment(page, application, resident());
    await page.goto(page.url().replace(/check$/, "place"));
    const open = page.getByRole("button", { name: t("picker.open") });
    await open.focus();
    await page.keyboard.press("Enter");
    await page.locator(".map-box[data-ready]").waitFor();
    await page.locator(".map-box canvas").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText(t("picker.chosen")).waitFor();
    const lat = Number(await page.locator("#lat").inputValue());
    const lon = Number(await page.locator("#lon").inputValue());
    assert.ok(Math.abs(lat - 52.4723) < 0.1 && Math.abs(lon + 1.8597) < 0.1, `${lat}, ${lon} is not near`);
    await press(page, "site.continue");
    await page.goto(page.url().replace(/details$/, "check"));
    await page.getByText(`${lat}`).waitFor();
  }));

test("without JavaScript the map's page says so and its list is whole", () =>
  site.as({ javaScriptEnabled: false }, async (page) => {
    await page.goto("/map");
    const note = page.locator("noscript p");
    await note.waitFor();
    assert.equal(await note.innerText(), t("map.noscript"));
    assert.ok((await page.locator("[data-pin] a").count()) >= 8);
  }));

test("a PMTiles file on the disk is the ground of the map", async () => {
  const folder = await mkdtemp(join(tmpdir(), "yousaid-ground-"));
  await writePMTiles(join(folder, "city.pmtiles"), [20, 60, 200]);
  const grounded = await startSite("demo", { YOUSAID_BASEMAP: join(folder, "city.pmtiles") });
  try {
    await grounded.as({ viewport: { width: 800, height: 900 } }, async (page) => {
      const ranges = [];
      page.on("response", (answer) => {
        if (answer.url().endsWith("/basemap.pmtiles")) ranges.push(answer.status());
      });
      await page.goto("/map");
      await drawn(page);
      assert.ok(ranges.length > 0 && ranges.every((status) => status === 206), `answers: ${ranges}`);
      assert.ok(await shows(page, [20, 60, 200]), "the ground is not drawn");
    });
  } finally {
    await grounded.stop();
    await rm(folder, { recursive: true });
  }
});

test("with a ground that cannot be reached the map still shows our own layers", async () => {
  const stranded = await startSite("demo", { YOUSAID_BASEMAP: "http://127.0.0.1:18999/style.json" });
  try {
    await stranded.as({ viewport: { width: 800, height: 900 }, refusals: [503] }, async (page) => {
      await page.route("**/style.json", (route) =>
        route.fulfill({ status: 503, headers: { "Access-Control-Allow-Origin": "*" }, body: "" }),
      );
      await page.goto("/map");
      await drawn(page);
      assert.ok((await colours(page)) > 3, "nothing is drawn on the canvas");
    });
  } finally {
    await stranded.stop();
  }
});

/** Whether a good part of the map's picture has a colour. */
async function shows(page, wanted) {
  const picture = await page.locator(".map-box canvas").screenshot();
  return page.evaluate(
    async ([base64, [red, green, blue]]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      let same = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) same++;
      }
      return same > data.length / 16;
    },
    [picture.toString("base64"), wanted],
  );
}
