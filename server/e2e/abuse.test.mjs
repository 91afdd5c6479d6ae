// What residents do with each other's words, and moderators with both: agreeing counts once, a flag takes nothing down, a decision names its
// rule, its author sees why and can object, everybody else sees a stub. With and without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens } from "./checks.mjs";
import { ask, openApplication, press, resident, sendComment, writeComment } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
let application;
let thread; // a conversation with one message
let author; // the browser that wrote it
let officer;

const words = "The house with the green door keeps everybody awake.";
const ruling = "It points at one household.";

before(async () => {
  site = await startSite();
  officer = await site.signedIn("officer", { refusals: [422] });
  author = await site.visit({ refusals: [422] });
  application = await openApplication(author.page);
  thread = await ask(author.page, application, "Nights", words);
});
after(() => site?.stop());

const count = (page) => page.locator(".support__count");
const agree = (page) => page.getByRole("button", { name: t("support.say"), exact: true }).first();

test("one person agrees once, takes it back, and nothing typed is lost", () =>
  site.as({}, async (page) => {
    await page.goto(thread);
    await page.locator("#body").fill("I was about to say");
    await agree(page).click();
    await page.getByRole("button", { name: t("support.said"), exact: true }).waitFor();
    assert.equal(await count(page).innerText(), t("support.count", { n: 1 }));
    assert.ok(
      await page
        .getByRole("button", { name: t("support.said"), exact: true })
        .evaluate((e) => e === document.activeElement),
      "the focus is lost",
    );
    assert.equal(await page.locator("#body").inputValue(), "I was about to say");
    await accessible(page);
    await page.reload();
    assert.equal(await count(page).innerText(), t("support.count", { n: 1 }));
    await page.getByRole("button", { name: t("support.said"), exact: true }).click();
    await agree(page).waitFor();
    assert.equal(await count(page).count(), 0);
    await agree(page).click();
    await count(page).waitFor();
  }));

test("without JavaScript, on the smallest screen: the same button, and a flag", () =>
  site.as({ javaScriptEnabled: false, viewport: { width: 320, height: 640 }, refusals: [422] }, async (page) => {
    await page.goto(thread);
    await agree(page).click();
    assert.equal(await count(page).innerText(), t("support.count", { n: 2 }));
    await fitsSmallScreens(page);
    await page
      .getByRole("link", { name: t("flag.link") })
      .first()
      .click();
    await press(page, "flag.send");
    await page.getByRole("link", { name: t("error.rule_required") }).waitFor();
    await page.getByLabel(t("rule.personal-data"), { exact: true }).check();
    await page.locator("#words").fill("That is us.");
    await press(page, "flag.send");
    await page.getByRole("heading", { level: 1, name: t("flag.thanks_title") }).waitFor();
    await page.getByText(t("flag.waiting")).waitFor();
    await fitsSmallScreens(page);
    await page.goto(thread);
    await page.getByText(words).waitFor();
  }));

test("a moderator hides it under a rule; others see a stub, its author sees why and objects", async () => {
  const { page } = officer;
  await page.goto("/officer/flags");
  const item = page.locator(".card", { hasText: words });
  await accessible(page);
  await item.getByRole("link").first().click();
  await page.getByText("That is us.").waitFor();
  await accessible(page);
  await press(page, "officer_flag.hide");
  await page.locator(".govuk-error-summary").waitFor();
  await page.getByLabel(t("rule.personal-data"), { exact: true }).check();
  await page.locator("#reason").fill(ruling);
  await press(page, "officer_flag.hide");
  await page.getByText(t("moderation.hidden_message")).first().waitFor();

  await site.as({}, async (other) => {
    await other.goto(thread);
    await other.getByText(ruling).waitFor();
    assert.ok(!(await other.locator("main").innerText()).includes("green door"));
    await other.getByRole("link", { name: t("moderation.link") }).click();
    await other.getByText(t("moderation.act.hidden"), { exact: true }).waitFor();
    assert.equal(await other.locator("#words").count(), 0);
    await accessible(other);
  });

  const { page: mine } = author;
  await mine.goto(thread);
  await mine.getByText(ruling).waitFor();
  await mine.getByText(words).waitFor(); // one's own words stay to be read
  await mine.getByRole("link", { name: t("moderation.object_link") }).click();
  await mine.locator("#words").fill("There are twenty green doors.");
  await accessible(mine);
  await press(mine, "moderation.object_send");
  await mine.getByText(like("moderation.objected")).waitFor();

  await page.goto("/officer/flags");
  await page.getByText(t("officer_flags.objection")).waitFor();
  const admin = await site.signedIn("admin", { refusals: [422] });
  await admin.page.goto("/officer/flags");
  await admin.page.locator(".card", { hasText: words }).getByRole("link").first().click();
  await admin.page.getByText("There are twenty green doors.").waitFor();
  await press(admin.page, "officer_flag.restore");
  await admin.leave();
  await mine.goto(thread);
  await mine.getByText(words).waitFor();
  await site.as({}, async (other) => {
    await other.goto(`${application}/moderation`);
    for (const act of ["hidden", "restored"])
      await other
        .getByText(t(`moderation.act.${act}`), { exact: true })
        .first()
        .waitFor();
    assert.ok(!(await other.locator("main").innerText()).includes("green door"));
  });
});

test("messages are paused and opened again, and say so everywhere", async () => {
  const { page } = officer;
  const desk = `/officer${application}/posting`;
  await page.goto(desk);
  await page.getByLabel(t("officer_posting.mode_paused"), { exact: true }).check();
  await page.locator("#reason").fill("Heated since last night.");
  await press(page, "officer_posting.save");
  await accessible(page);
  await site.as({}, async (other) => {
    await other.goto(thread);
    await other.getByText("Heated since last night.").waitFor();
    assert.equal(await other.locator("#body").count(), 0);
    await writeComment(other, application, resident()); // the formal way stays open
    await sendComment(other);
  });
  await page.goto(desk);
  await page.getByLabel(t("officer_posting.mode_released"), { exact: true }).check();
  await press(page, "officer_posting.save");
  const { page: mine } = author;
  await mine.goto(thread);
  await mine.locator("#body").fill("And the dust.");
  await press(mine, "thread.send");
  await mine.reload();
  await mine.getByText(t("message.held")).waitFor();
  await mine.getByText("And the dust.").waitFor();
  await page.goto(desk);
  await page.getByLabel(t("officer_posting.mode_open"), { exact: true }).check();
  await press(page, "officer_posting.save");
  await author.leave();
});

test("a letter that many sent is one signal, and an officer notes what it is", async () => {
  const { page } = officer;
  await page.goto("/?q=Foil");
  const foil = await page.locator(".card__title a").first().getAttribute("href");
  await page.goto(`/officer${foil}/signals`);
  await page.getByText(t("signal.harmless.text")).first().waitFor();
  await accessible(page);
  const note = page.locator("textarea").first();
  await note.fill("A letter that a residents' group hands out.");
  await page
    .getByRole("button", { name: t("officer_signals.look") })
    .first()
    .click();
  await page.getByText("A letter that a residents' group hands out.").waitFor();
  await officer.leave();
});
