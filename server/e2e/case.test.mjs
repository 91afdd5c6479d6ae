// A whole case, from validated to archived, with an amendment in the middle: what officers do at each of the law's steps, what residents
// are told by mail and on paper, and the way of one sentence to what it changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible } from "./checks.mjs";
import { press, resident, sendComment, writeComment } from "./resident.mjs";
import { screenshot } from "./screenshot.mjs";
import { startTimedSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
let today; // by the site's clock
let application; // the pavilion: accepted, its first round still to open
let desk; // the officer's address of it
let light; // the comment of somebody with an email address
let paper; // the comment of somebody with a postal address only
let officer; // the officer's browser

before(async () => {
  site = await startTimedSite();
  today = new Date().toISOString().slice(0, 10);
});
after(() => site?.stop());

/** The day n days after today, as [year, month, day]. */
function day(n) {
  const date = new Date(`${today}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + n);
  return date.toISOString().slice(0, 10).split("-").map(Number);
}

async function fillDay(page, name, [year, month, date]) {
  await page.locator(`#${name}-day`).fill(String(date));
  await page.locator(`#${name}-month`).fill(String(month));
  await page.locator(`#${name}-year`).fill(String(year));
}

/** Signs the officer in by mail: sessions do not outlive the days that pass here. */
async function signIn() {
  await officer?.leave();
  const known = await site.mails();
  officer = await site.visit({ viewport: { width: 1280, height: 900 }, refusals: [422] });
  const { page } = officer;
  await page.goto("/sign-in");
  await page.locator("#email").fill("officer@example.org");
  await press(page, "sign_in.submit");
  const mail = await site.nextMail("officer@example.org", known);
  await page.goto(mail.links.find((link) => link.includes("/sign-in/")));
  await press(page, "sign_in.link_submit");
  await page.getByRole("button", { name: t("site.sign_out") }).waitFor();
}

/** Moves the case on, with what the next state needs. */
async function move(to, fill = async () => {}) {
  const { page } = officer;
  await page.goto(`${desk}/cycle`);
  await page.locator(`input[name=state][value=${to}]`).check();
  await page.locator("#why").fill(`The case moves on to: ${to}.`);
  await fill(page);
  await press(page, "officer_cycle.move");
  await page.locator(".card__where .govuk-tag", { hasText: t(`state.${to}`) }).waitFor();
}

test("before the round opens residents read what it is about, and cannot comment yet", () =>
  site.as({}, async (page) => {
    await page.goto("/?q=pavilion");
    application = await page.locator(".card__title a").first().getAttribute("href");
    desk = `/officer${application}`;
    await page.goto(application);
    await page.getByText("National planning policy on open space").waitFor(); // by which rules
    assert.equal(await page.getByRole("link", { name: t("consultation.comment") }).count(), 0);
  }));

test("an officer opens the round once its first day has come; nothing can be decided before its last", async () => {
  today = await site.forward(3);
  await signIn();
  await move("consulting");
  const { page } = officer;
  assert.equal(await page.locator("input[name=state][value=decided]").count(), 0);
  await page.getByText(t("officer_cycle.blocked")).waitFor();
});

test("two people comment: one leaves an email address, one only a postal address", async () => {
  await site.as({}, async (page) => {
    const words = resident({
      email: "walker@example.org",
      texts: { light: "The lamps would shine into our bedroom." },
    });
    await writeComment(page, application, words);
    light = await sendComment(page);
  });
  await site.as({}, async (page) => {
    await page.goto(`${application}/comment`);
    await page.getByLabel(t("stance.supportive"), { exact: true }).check();
    await page.getByLabel(t("topic.use"), { exact: true }).check();
    await press(page, "site.continue");
    await page.locator("#text-use").fill("A place to sit down is what the park lacks.");
    await press(page, "site.continue");
    await press(page, "site.continue");
    await page.getByLabel(t("comment_new.name"), { exact: true }).fill("Resident of Sample Terrace");
    await page.locator("#address").fill("9 Sample Terrace");
    await page.locator("#postcode").fill("B9 9CK");
    await press(page, "site.continue");
    paper = await sendComment(page);
  });
  await site.mail("walker@example.org", /2099\/00001\/PA/);
  const { page } = officer;
  for (const comment of [light, paper]) {
    await page.goto(`/officer/comments/${comment.reference}`);
    await press(page, "officer_comment.publish");
    await page.getByText(t("comment_state.published")).first().waitFor();
  }
});

test("the plans change: the officer records it, decides to ask again and says why", async () => {
  const { page } = officer;
  await page.goto(`${desk}/versions`);
  await page.locator("#summary").fill("The lamps along the path are half as high and turned away from the houses.");
  const description = await page.locator("#description").inputValue();
  await page.locator("#description").fill(`${description}, and lamps no higher than two metres`);
  await fillDay(page, "received", day(0));
  await page.locator("#why").fill("The applicant answers what was said about light.");
  await press(page, "officer_versions.receive_submit");
  await page.getByRole("heading", { level: 2, name: t("officer_versions.decide") }).waitFor();
  await page.locator("input[name=required][value=yes]").check();
  await page.locator("input[name=factors]").first().check();
  await page.locator("input[name=topics][value=light]").check();
  await page.locator("#days").fill("14");
  await page.locator("#why").first().fill("Light was the main concern, and this changes it.");
  await press(page, "officer_versions.decide_submit");
  await page.getByRole("heading", { level: 2, name: t("officer_versions.start") }).waitFor();
  await accessible(page);
});

test("the second round opens with its notice, and tells whom the change concerns what they can do", async () => {
  const { page } = officer;
  await page.goto(`${desk}/publicity`);
  await page.locator("input[name=round][value='2']").check();
  await page.locator("input[name=publicity][value=website]").check();
  await fillDay(page, "on", day(0));
  await page.locator("#evidence").fill("The application's page");
  await press(page, "officer_publicity.record");
  await page.goto(`${desk}/versions`);
  await fillDay(page, "closes", day(20));
  await page.locator("#question").fill("Are the lower lamps enough?");
  await page.locator("#why").first().fill("The changes concern the houses beside the park.");
  await press(page, "officer_versions.start_submit");
  await page.locator(".card__where .govuk-tag", { hasText: t("state.reconsulting") }).waitFor();

  const mail = await site.nextMail(
    "walker@example.org",
    [],
    (text) => text.includes("/my-comment/") && text.includes("half as high"),
  );
  await site.as({}, async (own) => {
    await own.goto(mail.links.find((link) => link.includes("/my-comment/")));
    await press(own, "again.stands");
    await own.locator("#stands").waitFor();
    await screenshot(own, "still-stands");
  });
});

test("the round closes by itself when its last day is over", async () => {
  today = await site.forward(22);
  await signIn();
  await officer.page.goto(`${desk}/cycle`);
  await officer.page.locator(".card__where .govuk-tag", { hasText: t("state.closed") }).waitFor();
});

test("no report without a summary of every topic that people raised", async () => {
  const { page } = officer;
  await page.goto(`${desk}/cycle`);
  assert.equal(await page.locator("input[name=state][value=assessed]").count(), 0);
  for (const topic of ["light", "use"]) {
    await page.goto(`${desk}/weighing/${topic}`);
    await page.locator("#summary").fill(`What people said on ${topic}, in the officer's words.`);
    await page.locator("input[name=material][value=material]").check();
    await page.locator("#reason").fill("It is about the effect on neighbours and on the park.");
    await press(page, "officer_weighing.save");
  }
  await page.goto(`${desk}/report/paragraphs/new`);
  await page.locator("#heading").fill("Light at night");
  await page.locator("#text").fill("The lower lamps keep the light on the path.");
  await press(page, "officer_report.keep");
  await page.goto(`${desk}/report/conditions/new`);
  await page.locator("input[name=kind][value=condition]").check();
  await page.locator("#number").fill("4");
  await page.locator("#title").fill("Lamps");
  await page.locator("#text").fill("No lamp shall be higher than two metres.");
  await page.locator("#reason").fill("To protect the neighbours.");
  await press(page, "officer_report.keep");
  await page.goto(`${desk}/weighing/light`);
  await page.locator(`#point-${light.reference}`).check();
  await page.locator("#source").selectOption({ label: `${t("trail.paragraph", { n: 1 })} Light at night` });
  await press(page, "officer_weighing.link_go");
  await page.goto(`${desk}/report`);
  await page.locator("input[name=recommendation][value=granted]").check();
  await press(page, "officer_report.save");
  await move("assessed");
  await page.goto(`${application}/report`);
  await page.getByText("The lower lamps keep the light on the path.").waitFor();
  await accessible(page);
});

test("committee and decision are told to everybody", async () => {
  await move("in-committee", (page) => fillDay(page, "committee-on", day(0)));
  await move("decided", async (page) => {
    await page.locator("input[name=decision][value=granted]").check();
    await page.locator("input[name=decided-by][value=committee]").check();
    await fillDay(page, "decided-on", day(0));
  });
  for (const state of ["closed", "in-committee", "decided"]) {
    const words = t(`state.${state}`);
    await site.mail("walker@example.org", new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  }
  const { page } = officer;
  await page.goto(`${desk}/letters`);
  assert.ok(
    !(await page.getByText(t("officer_letters.nothing_waits")).count()),
    "nobody wrote to the one without email",
  );
});

test("nothing is put away before every topic has its outcome; then the sentence shows what it changed", async () => {
  const { page } = officer;
  await page.goto(`${desk}/cycle`);
  assert.equal(await page.locator("input[name=state][value=archived]").count(), 0);
  for (const [topic, effect] of [
    ["light", "changed"],
    ["use", "not-changed"],
  ]) {
    await page.goto(desk);
    const form = page.locator("details", { has: page.locator(`input[name=topic][value=${topic}]`) });
    await form.locator("summary").click();
    await form.locator(`#you-said-${topic}`).fill(`What you said on ${topic}.`);
    await form.locator(`#we-did-${topic}`).fill(`What we did about ${topic}, or why nothing changed.`);
    await form.locator(`input[name=effect-${topic}][value=${effect}]`).check();
    if (effect === "changed") await form.locator(`#version-${topic}`).selectOption("2");
    await form.getByRole("button", { name: t("officer_consultation.save"), exact: true }).click();
    await page.getByText(t("officer_consultation.draft")).first().waitFor({ state: "attached" });
  }
  await press(page, "officer_consultation.publish");
  await site.mail("walker@example.org", /You said/);
  await site.as({}, async (own) => {
    await own.goto(light.path);
    const trail = own.getByRole("region", { name: t("trail.heading") });
    for (const text of ["trail.received", "trail.published", "trail.decided"])
      await trail.getByText(t(text)).first().waitFor();
    await trail
      .getByText(t("trail.paragraph", { n: 1 }))
      .first()
      .waitFor();
    await trail
      .getByText(t("trail.version", { n: 2 }))
      .first()
      .waitFor();
    await accessible(own);
    await screenshot(own, "trail");
  });
  await move("archived");
  await officer.leave();
});
