// Changed proposals: what changed, side by side and with a slider, on the map too; the officer who receives a change and decides; the
// author who takes a comment back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens, inUrdu } from "./checks.mjs";
import { press, resident, sendComment, writeComment } from "./resident.mjs";
import { screenshot } from "./screenshot.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
let changed; // the application whose plans were changed: the shop on the corner

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

/** The address of the application with this word in its title. */
async function find(page, word) {
  await page.goto(`/?q=${word}`);
  return page.locator(".card__title a").first().getAttribute("href");
}

test("without JavaScript the two versions stand side by side, and changes are marked by more than colour", () =>
  site.as({ javaScriptEnabled: false, viewport: { width: 900, height: 900 } }, async (page) => {
    changed = await find(page, "Seven+flats");
    await page.goto(changed);
    await page.getByRole("link", { name: t("versions.link") }).click();
    await page.getByRole("heading", { level: 2, name: t("versions.description") }).waitFor();
    const line = (selector) =>
      page
        .locator(selector)
        .first()
        .evaluate((e) => getComputedStyle(e).textDecorationLine);
    assert.equal(await line("main del"), "line-through");
    assert.equal(await line("main ins"), "underline");
    const [before, after] = await Promise.all(
      [0, 1].map((n) => page.locator(".before-after__picture svg").nth(n).boundingBox()),
    );
    assert.ok(
      after.x > before.x + before.width / 2 && Math.abs(after.y - before.y) < 2,
      "the plans stand side by side",
    );
    assert.equal(await page.locator("before-after input").count(), 0);
    await page.getByText(t("versions.height_storeys", { metres: "9.9", n: 3 })).waitFor();
    await page.getByText(t("versions.decided_yes", { n: 14 })).waitFor();
    await page.setViewportSize({ width: 320, height: 700 });
    await fitsSmallScreens(page);
  }));

test("the slider goes by keyboard and by buttons, and says how much it shows", () =>
  site.as({ viewport: { width: 900, height: 900 } }, async (page) => {
    await page.goto(`${changed}/versions`);
    const slider = page.getByRole("slider", { name: t("before_after.slider") });
    const button = (name) => page.getByRole("button", { name: t(`before_after.${name}`), exact: true });
    assert.equal(await button("both").getAttribute("aria-pressed"), "true");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await slider.inputValue(), "55");
    assert.equal(await slider.getAttribute("aria-valuetext"), t("before_after.shown", { n: 55 }));
    assert.equal(await button("both").getAttribute("aria-pressed"), "false");
    const shown = () => page.locator(".before-after__picture").last().boundingBox();
    const whole = await page.locator(".before-after__picture").first().boundingBox();
    assert.ok(
      Math.abs((await shown()).width / whole.width - 0.55) < 0.02,
      "the newer plan covers what the slider says",
    );
    await screenshot(page, "versions");
    await page.keyboard.press("Home");
    assert.equal(await button("before").getAttribute("aria-pressed"), "true");
    await button("after").click();
    assert.equal(await slider.inputValue(), "100");
    assert.ok(Math.abs((await shown()).width - whole.width) < 2, "the newer plan covers the older one");
    const [before, after] = await Promise.all(
      [0, 1].map((n) => page.locator(".before-after__picture svg").nth(n).boundingBox()),
    );
    assert.ok(
      Math.abs(before.width - after.width) < 2 && Math.abs(before.y - after.y) < 2,
      "one plan lies on the other",
    );
    await accessible(page);
    await button("both").click();
    assert.ok((await shown()).x > whole.x + 10, "both stand side by side again");
    await page.setViewportSize({ width: 320, height: 700 });
    await button("after").click();
    await fitsSmallScreens(page);
  }));

test("from right to left the newer plan begins at the right", () =>
  site.as({ viewport: { width: 900, height: 900 } }, async (page) => {
    await page.goto(`${changed}/versions?lang=ur`);
    await inUrdu(page);
    await page.locator("before-after input").focus();
    await page.keyboard.press("ArrowLeft"); // what ArrowRight is in English
    const whole = await page.locator(".before-after__picture").first().boundingBox();
    const shown = await page.locator(".before-after__picture").last().boundingBox();
    assert.ok(Math.abs(shown.x + shown.width - whole.x - whole.width) < 2, "the newer plan is not at the right edge");
    assert.ok(shown.width > whole.width / 2 && shown.width < whole.width * 0.7);
    await accessible(page);
  }));

test("the map shows both boundaries with the same slider", () =>
  site.as({ viewport: { width: 900, height: 1000 } }, async (page) => {
    await page.goto(`${changed}/versions`);
    await page.getByRole("link", { name: t("versions.map") }).click();
    const map = page.locator("consultation-map[data-ready]");
    await map.waitFor({ state: "attached" });
    assert.equal(await map.getAttribute("data-boundaries"), "both");
    await page.getByRole("button", { name: t("before_after.before"), exact: true }).click();
    assert.equal(await map.getAttribute("data-boundaries"), "0");
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    assert.equal(await map.getAttribute("data-boundaries"), "1");
    await accessible(page);
    await page.getByRole("link", { name: t("map.versions_back") }).click();
    await page.getByRole("heading", { level: 2, name: t("versions.boundary") }).waitFor();
  }));

test("an officer receives a change, told what is wrong with a drawing, and decides in public", async () => {
  const { page, leave } = await site.signedIn("officer", { refusals: [422] });
  const application = await find(page, "84+homes");
  const desk = `/officer${application}/versions`;
  await page.goto(desk);
  await page.locator("#summary").fill("The windows to the north are gone.");
  await page.locator("#boundary").fill('{"type":"Polygon","coordinates":[[[52.47,-1.86]');
  await page.locator("#why").fill("It answers what neighbours said.");
  await press(page, "officer_versions.receive_submit");
  await page.getByRole("link", { name: t("error.geo_not_json") }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "boundary");
  assert.equal(await page.locator("#summary").inputValue(), "The windows to the north are gone.");
  await accessible(page);
  await page.locator("#boundary").fill("");
  await page.locator("#description").fill("Erection of a building without windows to the north");
  await press(page, "officer_versions.receive_submit");
  await page.getByRole("heading", { level: 2, name: t("officer_versions.decide") }).waitFor();
  await accessible(page);
  await press(page, "officer_versions.decide_submit");
  await page.getByRole("link", { name: t("error.factors_required") }).waitFor();
  await page.getByLabel(t("officer_versions.required_yes"), { exact: true }).check();
  await page.getByLabel(t("factor.change-significant"), { exact: true }).check();
  await page.getByLabel(t("topic.privacy"), { exact: true }).check();
  await page.locator("#days").fill("14");
  await page.locator("#why").fill("Whom the windows looked at may see it differently now.");
  await press(page, "officer_versions.decide_submit");
  await page.getByRole("heading", { level: 2, name: t("officer_versions.start") }).waitFor();
  await accessible(page);
  await fitsSmallScreens(page);
  await page.locator("#why").fill("The windows are gone.");
  await press(page, "officer_versions.start_submit");
  await page.getByRole("link", { name: t("error.publicity_required") }).waitFor();
  await page.goto(`${application}/versions`);
  await page.getByText("Whom the windows looked at may see it differently now.").waitFor();
  await leave();
});

test("an author takes a comment back, by two presses and not by opening a link", () =>
  site.as({ refusals: [404] }, async (page) => {
    await writeComment(page, changed, resident());
    const { reference, path } = await sendComment(page);
    await page.goto(`${path}/withdraw`);
    await page.goto(path);
    assert.equal(await page.getByText(t("comment_state.withdrawn")).count(), 0);
    await page.getByRole("link", { name: t("again.withdraw"), exact: true }).click();
    await accessible(page);
    await press(page, "withdraw.confirm");
    await page.getByText(t("again.withdrawn").split("{")[0]).waitFor();
    assert.equal((await page.goto(`/comments/${reference}`)).status(), 404);
  }));
