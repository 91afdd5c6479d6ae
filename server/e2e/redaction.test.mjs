// The redaction desk: a resident sees before sending what will be taken out, an officer takes places out by keyboard alone, another one
// without JavaScript, and the author finds both texts side by side.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, press, resident, sendComment, writeComment } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
let officer;
let author;
let application;

const words = "Our kitchen loses the sun. Ring me on 0121 496 0123.\n\nMy son has asthma, and the corner is blind.";

before(async () => {
  site = await startSite();
  officer = await site.signedIn("officer", { refusals: [422] });
  author = await site.visit({ viewport: { width: 390, height: 844 } });
  await author.page.goto("/?q=Seven+flats");
  application = await author.page.locator(".card__title a").first().getAttribute("href");
});
after(() => site?.stop());

async function comment() {
  const { page } = author;
  await writeComment(page, application, resident({ texts: { light: words } }));
  await page.getByRole("heading", { name: t("redaction_preview.heading") }).waitFor();
  await page.getByText("Ring me on [contact details removed].").waitFor();
  return sendComment(page);
}

test("an officer takes places out by keyboard alone", async () => {
  const sent = await comment();
  const { page } = officer;
  await page.goto(`/officer/comments/${sent.reference}`);
  const shown = page.locator("[data-public]").first();
  await page.locator("#take").focus();
  await page.keyboard.press("n"); // the number stays, and the focus goes on
  assert.ok((await shown.innerText()).includes("0121 496 0123"));
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("y");
  assert.ok(!(await shown.innerText()).includes("0121 496 0123"));
  assert.ok((await shown.innerText()).includes("Ring me on [contact details removed].\n\nMy son has"));
  await page.keyboard.press("r");
  await page.keyboard.press("Escape");
  assert.ok(await page.evaluate(() => document.activeElement.matches("input[name=take]")));
  await page.locator("#more").focus();
  await page.keyboard.type("blind"); // y, n and the other keys are letters in a field
  await page.locator("#more-reason").focus();
  await page.keyboard.press("o"); // offensive
  await page.getByRole("button", { name: t("officer_comment.publish"), exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(t("comment_state.published")).first().waitFor();

  await author.page.goto(`/comments/${sent.reference}`);
  const public_ = await author.page.locator("main").innerText();
  assert.ok(public_.includes("[contact details removed]") && public_.includes("[offensive words removed]"));
  assert.ok(!public_.includes("0121 496 0123") && !public_.includes("asthma"));
  await author.page.goto(sent.path);
  await author.page.locator("del", { hasText: "0121 496 0123" }).waitFor();
  const wide = await author.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  assert.ok(wide, "the author's page is wider than a telephone");
});

test("an officer marks further words with the mouse", async () => {
  const sent = await comment();
  const { page } = officer;
  await page.goto(`/officer/comments/${sent.reference}`);
  await page.evaluate(() => {
    const text = document.querySelector("[data-text]").firstChild;
    document.getSelection().setBaseAndExtent(text, 0, text, 3);
  });
  await page.getByRole("button", { name: t("officer_redaction.add") }).click();
  await page.locator('input[name=take][value="light:0:3:words"]').waitFor();
  assert.ok((await page.locator("[data-public]").first().innerText()).startsWith("[name removed] kitchen"));
  await press(page, "officer_comment.publish");
  await page.getByText(t("comment_state.published")).first().waitFor();
  await author.page.goto(`/comments/${sent.reference}`);
  await author.page.getByText("[name removed] kitchen loses the sun.").waitFor();
});

test("it works without JavaScript", async () => {
  const sent = await comment();
  const state = await officer.page.context().storageState();
  await site.as({ javaScriptEnabled: false, storageState: state }, async (page) => {
    await page.goto(`/officer/comments/${sent.reference}`);
    assert.equal(await page.locator("input[name=take]:checked").count(), 2);
    await page.locator("input[name=take]").nth(1).uncheck();
    await press(page, "officer_redaction.preview");
    await page.locator("[data-public]", { hasText: "My son has asthma" }).waitFor();
    await press(page, "officer_comment.publish");
    await page.getByText(t("comment_state.published")).first().waitFor();
  });
  await author.page.goto(`/comments/${sent.reference}`);
  await author.page.getByText("My son has asthma").waitFor();
});

test("a number in a message brings a hint before it is sent", async () => {
  const { page } = author;
  await page.goto(await ask(page, application, "Cranes", "When will they come?"));
  const hint = page.getByText(t("thread.personal_hint"));
  await page.locator("#body").fill("Will the wall stay?");
  await page.waitForTimeout(800);
  assert.equal(await hint.count(), 0);
  await page.locator("#body").fill("Ring me on 0121 496 0124");
  await hint.waitFor();
});
