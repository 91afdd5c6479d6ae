// A resident who wants to be told of what appears: from a search to a confirmed alert, with and without JavaScript, by keyboard alone,
// on the smallest screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens } from "./checks.mjs";
import { press } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

/** The address of the page that the confirming mail leads to. */
async function confirming(to) {
  const mail = await site.mail(to, new RegExp(t("mail.alert_confirm.subject")));
  const found = mail.links.find((link) => link.includes("/alert/"));
  assert.ok(found, `no link in: ${mail.text}`);
  return found;
}

const heading = (page, key) => page.getByRole("heading", { level: 1, name: t(key) });

test("a search becomes an alert with one field", () =>
  site.as({}, async (page) => {
    await page.goto("/?q=homes&stage=open");
    await page.getByRole("link", { name: t("alert.from_list") }).click();
    await page.getByText(t("alert.everywhere")).waitFor();
    assert.equal(await page.locator(".govuk-summary-list").getByText("homes").count(), 1);
    await page.locator("#email").fill("one-field@example.org");
    await press(page, "alert.submit");
    await heading(page, "alert.asked_title").waitFor();
    await page.goto(await confirming("one-field@example.org"));
    await press(page, "alert.confirm");
    await page.getByText(t("alert.runs")).waitFor();
    await page.getByText(t("alert.log_empty")).waitFor();
  }));

test("an area is drawn on the map by keyboard alone", () =>
  site.as({ viewport: { width: 800, height: 900 } }, async (page) => {
    await page.goto("/alerts");
    await page.locator("main details summary").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: t("alert.draw"), exact: true }).focus();
    await page.keyboard.press("Enter");
    const map = page.locator("area-draw .map-box[data-ready]");
    await map.waitFor();
    await map.locator("canvas").focus();
    const lines = async () => (await page.locator("#corners").inputValue()).split("\n").filter(Boolean);
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
      await page.keyboard.press("Enter");
      await page.keyboard.press(key);
      await page.waitForTimeout(800); // the map glides
    }
    assert.equal(new Set(await lines()).size, 3, `corners: ${await lines()}`);
    const add = page.getByRole("button", { name: t("alert.draw_add"), exact: true });
    await add.focus();
    await page.keyboard.press("Enter");
    assert.equal((await lines()).length, 4);
    await page.getByRole("button", { name: t("alert.draw_undo"), exact: true }).press("Enter");
    assert.equal((await lines()).length, 3);
    assert.ok(await page.getByLabel(t("alert.area.polygon"), { exact: true }).isChecked());
    await accessible(page);
    await page.locator("#email").fill("draws@example.org");
    await page.getByRole("button", { name: t("alert.submit"), exact: true }).press("Enter");
    await heading(page, "alert.asked_title").waitFor();
    await page.goto(await confirming("draws@example.org"));
    await page.getByText(/3 corners/).waitFor();
  }));

test("a circle is given by a place on the map, which then counts before the postcode", () =>
  site.as({}, async (page) => {
    await page.goto("/alerts?postcode=B9+9CK");
    await page.getByText(t("alert.change"), { exact: true }).click();
    assert.equal(await page.locator("#postcode").inputValue(), "B9 9CK");
    await page.getByRole("button", { name: t("picker.open"), exact: true }).click();
    await page.locator("place-picker .map-box[data-ready]").waitFor();
    await page.locator("place-picker canvas").click();
    await page.getByText(t("picker.chosen")).waitFor();
    assert.equal(await page.locator("#postcode").inputValue(), "");
    assert.match(await page.locator("#lat").inputValue(), /^52\./);
  }));

test("without JavaScript, on the smallest screen: what is wrong is said, and the alert is managed to its end", () =>
  site.as({ javaScriptEnabled: false, viewport: { width: 320, height: 640 }, refusals: [404, 422] }, async (page) => {
    await page.goto("/alerts?ward=nowhere");
    await page.locator("#email").fill("small@example.org");
    await press(page, "alert.submit");
    await page.locator(".govuk-error-summary").waitFor();
    await fitsSmallScreens(page);
    await page.getByLabel(t("alert.area.polygon"), { exact: true }).check();
    await page.locator("#corners").fill("B9 9CK\n52.4800, -1.8500\n52.4650, -1.8450");
    await press(page, "alert.submit");
    await heading(page, "alert.asked_title").waitFor();
    const manage = await confirming("small@example.org");
    await page.goto(manage);
    await press(page, "alert.confirm");
    await fitsSmallScreens(page);
    await press(page, "alert.pause");
    await page.getByText(t("alert.paused.asked")).waitFor();
    await press(page, "alert.resume");
    await page.getByText(t("alert.runs")).waitFor();
    await page.getByLabel(t("alert.rhythm.weekly"), { exact: true }).check();
    await press(page, "alert.save_rhythm");
    assert.ok(await page.getByLabel(t("alert.rhythm.weekly"), { exact: true }).isChecked());
    await press(page, "alert.end");
    await heading(page, "alert.ended_title").waitFor();
    assert.equal((await page.goto(manage)).status(), 404);
  }));
