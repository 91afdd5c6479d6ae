// A claim goes round: a resident who types it is shown what the council knows, and posts it all the same; an officer pins the card; the
// open page of another resident shows it. The same without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible } from "./checks.mjs";
import { ask, messages, openApplication, press } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
let application;
let officer;
let card; // the address of the card's desk
before(async () => {
  site = await startSite();
  officer = await site.signedIn("officer");
  application = await openApplication(officer.page);
  card = await publish(officer.page);
});
after(() => site?.stop());

const box = (page) => page.getByLabel(t("thread.body"), { exact: true });
const answer = "Two of eleven trees are felled; nine stay.";
const claim = "I heard all the trees in the yard will be felled.";

/** Writes a card and publishes it. */
async function publish(desk) {
  await desk.goto(`/officer${application}/facts`);
  await desk.getByRole("link", { name: t("officer_fact.new"), exact: true }).click();
  await desk.getByLabel(t("officer_fact.kind_claim"), { exact: true }).check();
  for (const [field, value] of Object.entries({
    claim: "All the trees in the yard will be felled",
    short: answer,
    answer: "Nine of the eleven stay.",
    "source-1": "Tree survey",
    "source-1-link": "https://example.org/trees",
    phrasings: "they cut down every tree",
    "review-day": "1",
    "review-month": "9",
    "review-year": "2099",
  }))
    await desk.locator(`#${field}`).fill(value);
  await press(desk, "officer_fact.save");
  await desk.getByText(t("officer_fact.saved")).waitFor();
  const address = new URL(desk.url()).pathname;
  await press(desk, "officer_fact.publish");
  await desk.getByText(t("officer_fact.published")).waitFor();
  return address;
}

test("who types the claim sees the card, posts anyway, and everybody sees it pinned", async () => {
  const writer = await site.visit();
  const reader = await site.visit();
  const thread = await ask(writer.page, application, "Trees", "Which trees stay?");
  await reader.page.goto(thread);
  for (const { page } of [writer, reader]) await page.getByText(t("thread.online")).waitFor();

  await box(writer.page).pressSequentially(claim);
  await writer.page.locator(".fact-match", { hasText: answer }).waitFor();
  await accessible(writer.page);
  assert.equal(await box(writer.page).inputValue(), claim, "what is typed stays");
  await press(writer.page, "thread.send");
  await reader.page.locator("li.message", { hasText: claim }).waitFor();
  await writer.page.locator("li.message", { hasText: claim }).waitFor();
  await writer.page.locator(".fact-match").waitFor({ state: "detached" });

  await box(writer.page).fill(`Really: ${claim}`);
  await press(writer.page, "thread.send");
  await reader.page.locator("li.message", { hasText: "Really" }).waitFor();
  assert.equal(await writer.page.locator(".fact-match").count(), 0, "a card is shown once");

  const { page: desk } = officer;
  await desk.goto(`${card}/pins`);
  await accessible(desk);
  const row = desk.locator("li.card", { hasText: "Really" });
  await row.getByRole("checkbox").check();
  await press(desk, "officer_fact.pin");
  await desk.getByText(t("officer_fact.pinned_n", { n: 1 })).waitFor();
  for (const { page } of [writer, reader]) {
    const message = page.locator("li.message", { hasText: "Really" });
    await message.locator(".pinned", { hasText: answer }).waitFor();
    assert.match(await message.innerText(), /Really: I heard/, "nothing is hidden");
  }
  await accessible(reader.page);
  await writer.leave();
  await reader.leave();
});

test("who sends before the card came is shown it in place, and sends again", async () => {
  const { page, leave } = await site.visit();
  await page.route("**/facts/match", (route) => route.abort());
  await ask(page, application, "Yard", "What happens to the yard?");
  await page.getByText(t("thread.online")).waitFor();
  await box(page).fill(claim);
  await press(page, "thread.send");
  await page.locator(".fact-match", { hasText: answer }).waitFor();
  await page.getByText(t("fact.not_posted")).waitFor();
  assert.equal(await box(page).inputValue(), claim);
  await press(page, "fact.post_anyway");
  await page.locator("li.message", { hasText: claim }).waitFor();
  await page.getByRole("button", { name: t("thread.send"), exact: true }).waitFor();
  assert.deepEqual(await messages(page), ["What happens to the yard?", claim]);
  await leave();
});

test("without JavaScript the card comes with the answer, once, and nothing is lost", async () => {
  const { page, leave } = await site.visit({ javaScriptEnabled: false });
  await page.goto(`${application}/ask`);
  await page.getByLabel(t("ask.about"), { exact: true }).fill("Trees");
  await box(page).fill(claim);
  await press(page, "ask.send");
  await page.locator(".fact-match", { hasText: answer }).waitFor();
  assert.equal(await box(page).inputValue(), claim);
  await press(page, "fact.post_anyway");
  await page.waitForURL(/\/threads\//);
  assert.deepEqual(await messages(page), [claim]);
  await leave();
});

test("a card can be shared: a link to copy, a code to print, pictures to pass on", async () => {
  const { page, leave } = await site.visit({ permissions: ["clipboard-read", "clipboard-write"] });
  const address = card.replace("/officer", "");
  await page.goto(address);
  await accessible(page);
  await press(page, "share.copy");
  await page.getByText(t("share.copied"), { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), site.base + address);
  const code = page.locator(".share__qr");
  await code.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector(".share__qr").naturalWidth > 0);
  for (const name of ["wide.png", "square.png", "wide.svg", "square.svg"]) {
    const size = await page.evaluate(async (src) => {
      const picture = new Image();
      picture.src = src;
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight];
    }, `${address}/${name}`);
    assert.deepEqual(size, name.startsWith("wide") ? [1200, 630] : [1080, 1080], name);
  }
  await leave();
});
