// A consultation with questions of its own: answered with and without JavaScript, by keyboard and on a narrow screen; on paper; and its
// results.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens } from "./checks.mjs";
import { press } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
let matter;
before(async () => {
  site = await startSite();
  await site.as({}, async (page) => {
    await page.goto("/?q=C-2099-0001");
    matter = await page.locator(".card__title a").first().getAttribute("href");
  });
});
after(() => site?.stop());

const option = (page, text) => page.getByLabel(text, { exact: true });

/** Answers the first two sections as somebody who drives, and stands before the third. */
async function answerAsDriver(page) {
  await page.goto(`${matter}/comment`);
  await option(page, "By car").check();
  await option(page, t("form.other")).check();
  await page.locator("#text-ways-of-going").fill("With a pram");
  await option(page, t("form.step", { step: 1, meaning: "Very bad" })).check();
  await press(page, "site.continue");
  await page.locator("#text-instead-of-car").fill("A bench on the way.");
  await press(page, "site.continue");
  await page.locator("#q-first--trees").waitFor();
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`a resident answers every kind of question, ${how}`, () =>
    site.as({ javaScriptEnabled, refusals: [422] }, async (page) => {
      await page.goto(`${matter}/comment`);
      await press(page, "site.continue");
      await page.getByRole("heading", { name: t("site.problem") }).waitFor();
      await page
        .getByRole("link", { name: t("error.answer_choose") })
        .first()
        .click();
      assert.equal(new URL(page.url()).hash, "#q-ways-of-going");
      await answerAsDriver(page);

      await page.locator("#q-first--trees").selectOption("1");
      await page.locator("#q-first--crossing").selectOption("1");
      await page.locator("#q-where").fill("The bend at Example Row");
      await press(page, "site.continue");
      const twice = page.getByRole("link", { name: t("error.rank_twice", { rank: 1 }) });
      await twice.click();
      assert.equal(new URL(page.url()).hash, "#q-first--crossing");
      assert.equal(
        await page.locator("#q-where").inputValue(),
        "The bend at Example Row",
        "what was typed beside the mistake stays",
      );
      await page.locator("#q-first--crossing").selectOption("2");
      await press(page, "site.continue");

      await page.locator("#postcode").fill("B9 9CK");
      await press(page, "site.continue");
      for (const answer of [
        "By car; Something else; With a pram",
        "A bench on the way.",
        "1. Trees and benches; 2. A safer crossing",
      ]) {
        await page.getByText(answer).waitFor();
      }
      if (javaScriptEnabled) await accessible(page);
      const change = page.getByRole("link", { name: `${t("site.change")} What would let you leave the car at home?` });
      await change.click();
      await page.locator("#text-instead-of-car").fill("Two benches on the way.");
      await press(page, "site.continue");
      await page.getByText("Two benches on the way.").waitFor();
      await press(page, "form.send");
      await page.getByRole("heading", { level: 1, name: t("matter.my_comment.received") }).waitFor();
      await page.getByText("Two benches on the way.").waitFor();
      await page.getByText(t("form.step_of", { step: 1, of: 5 })).waitFor();
    }));
}

test("who does not drive is not asked about the car", () =>
  site.as({}, async (page) => {
    await page.goto(`${matter}/comment`);
    await option(page, "By bus").check();
    await option(page, t("form.dont_know")).check();
    await press(page, "site.continue");
    await page.locator("#q-first--trees").waitFor();
    assert.match(page.url(), /section-3$/);
  }));

test("the questions are answered by keyboard alone, on a screen of 320 pixels", () =>
  site.as({ viewport: { width: 320, height: 640 } }, async (page) => {
    await page.goto(`${matter}/comment`);
    await fitsSmallScreens(page);
    await option(page, "By cycle").focus();
    await page.keyboard.press("Space");
    await option(page, "2").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.locator("#q-first--school").focus();
    await page.keyboard.type("1");
    assert.equal(await page.locator("#q-first--school").inputValue(), "1");
    await fitsSmallScreens(page);
    await page.locator("#q-where").focus();
    await page.keyboard.type("The bus stop");
    await page.keyboard.press("Enter");
    await page.locator("#postcode").waitFor();
    await page.keyboard.press("Tab");
    assert.match(page.url(), /details$/);
  }));

test("the form is printed with boxes, numbers and lines, without the site around it", () =>
  site.as({}, async (page) => {
    await page.goto(matter);
    await page.getByRole("link", { name: t("form.paper") }).click();
    for (const part of [".paper__box", ".paper__box--number", ".paper__step", ".paper__line", "address"]) {
      assert.ok((await page.locator(part).count()) > 0, `no ${part} on paper`);
    }
    await page.getByText(like("form.paper_reference")).first().waitFor();
    await accessible(page);
    await page.emulateMedia({ media: "print" });
    for (const around of [".site-header", ".site-footer", ".paper__screen"]) {
      assert.equal(await page.locator(around).first().isVisible(), false, `${around} is printed`);
    }
  }));

test("results are protected, each chart is its table, and words lead to what was published", () =>
  site.as({}, async (page) => {
    await page.goto(matter);
    await page.getByRole("link", { name: t("results.read") }).click();
    await page.getByText(t("results.rule")).waitFor();
    await page.getByText(t("results.rank_formula", { n: 3 })).waitFor();
    const counts = await page.locator("figure.chart td.govuk-table__cell--numeric").allInnerTexts();
    assert.ok(counts.length > 8, `${counts.length} rows`);
    for (const count of counts) {
      assert.ok(count === t("results.withheld") || Number(count) % 5 === 0, `a count of ${count}`);
    }
    await accessible(page);
    await page
      .getByRole("link", { name: like("results.read_words") })
      .first()
      .click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.ok((await page.locator("article.comment").count()) > 0);
  }));
