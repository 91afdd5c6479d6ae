// The officer's journey: from the link in the mail to "we asked, you said, we did" in the resident's hands.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, messages, press, resident, sendComment, writeComment } from "./resident.mjs";
import { screenshot } from "./screenshot.mjs";
import { startSite, until } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
let officer; // the officer's browser
let neighbour; // a resident's browser
let application; // "Seven flats": open for comments, few topics
let comment; // reference and own page of what the resident sends

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

test("a sign-in link works once, by a press and not by being opened", async () => {
  await site.as({ refusals: [410] }, async (page) => {
    const link = site.link("officer");
    for (let scan = 0; scan < 3; scan++) await page.goto(link); // as programs do that look into mails
    assert.equal(await page.getByRole("button", { name: t("site.sign_out") }).count(), 0);
  });
  officer = await site.signedIn("officer", { refusals: [410, 422] });
  assert.equal((await officer.page.goto(site.link("officer"))).status(), 410);
  await officer.page.getByRole("heading", { level: 1, name: t("link_over.title") }).waitFor();
});

/** When a line of the inbox is due, in working days from today. */
function dueIn(text) {
  if (text === t("inbox.today")) return 0;
  const days = Number(text.match(/\d+/)?.[0]);
  return like("inbox.overdue").test(text) ? -days : days;
}

test("the inbox shows the oldest promise first and announces what comes in without moving a row", async () => {
  const { page } = officer;
  await page.goto("/officer");
  const tags = await page.locator(".inbox .card__title .govuk-tag").allInnerTexts();
  assert.ok(tags.length > 3, "the demo leaves work to do");
  const days = tags.map((text) => dueIn(text.trim()));
  assert.deepEqual(
    days,
    [...days].sort((a, b) => a - b),
  );
  await page.getByText(t("inbox.online")).waitFor();
  const row = page.locator(".inbox .card__title a").nth(2);
  await row.focus();
  const rows = () => page.locator(".inbox .card").allInnerTexts();
  const earlier = await rows();
  const place = await row.boundingBox();

  neighbour = await site.visit({ viewport: { width: 390, height: 844 } });
  await neighbour.page.goto("/?q=Seven+flats");
  application = await neighbour.page.locator(".card__title a").first().getAttribute("href");
  const words = resident({
    email: "neighbour@example.org",
    texts: { light: "Our kitchen loses the morning sun. Ring me on 0121 496 0000, says Resident of Example Row." },
    place: "The garden behind Example Row",
  });
  await writeComment(neighbour.page, application, words);
  comment = await sendComment(neighbour.page);

  await page.getByRole("link", { name: t("inbox.new", { n: 1 }) }).waitFor();
  assert.deepEqual(await rows(), earlier, "rows changed under the officer's eyes");
  assert.deepEqual(await row.boundingBox(), place, "the row moved");
  assert.ok(await row.evaluate((e) => e === document.activeElement), "the row lost the focus");
  await page.evaluate(() => {
    document.activeElement.blur();
    window.scrollTo(0, 0);
  });
  await screenshot(page, "officer");
  await page.getByRole("link", { name: t("inbox.new", { n: 1 }) }).click();
  await page.locator(`a[href="/officer/comments/${comment.reference}"]`).waitFor();
});

test("an officer reads a comment beside its place and answers as the service", async () => {
  const { page } = officer;
  await page.goto(`/officer/comments/${comment.reference}`);
  await page.getByRole("heading", { level: 2, name: t("officer_comment.original") }).waitFor();
  await page.getByText("The garden behind Example Row").first().waitFor();
  const words = await page.locator("#original").boundingBox();
  const place = await page.locator("#where").boundingBox();
  assert.ok(place.x > words.x && Math.abs(place.y - words.y) < 40, "the place stands beside the words");
  await page.locator("#body").fill("The sunlight report measured your row: chapter 3 shows the hours that remain.");
  await press(page, "thread.send");
  await page.locator(".message--official", { hasText: "chapter 3" }).waitFor();

  await neighbour.page.goto(comment.path);
  const answer = neighbour.page.locator(".message--official");
  await answer.getByText("chapter 3").waitFor();
  await answer.getByText(t("message.official")).waitFor();
  await answer.getByText("Planning", { exact: true }).waitFor();
  await site.mail("neighbour@example.org", /has an answer/);
});

test("an officer takes personal details out, with a reason, and publishes; the author's words stay", async () => {
  const { page } = officer;
  await page.goto(`/officer/comments/${comment.reference}?way=typed`);
  await page.locator("#text-light").fill("Our kitchen loses the morning sun.");
  await press(page, "officer_comment.publish");
  await page.getByRole("link", { name: t("error.reason_required") }).waitFor();
  assert.equal(await page.locator("#text-light").inputValue(), "Our kitchen loses the morning sun.");
  await page.locator("input[name=reasons]").first().check();
  await press(page, "officer_comment.publish");
  await page.getByText(t("comment_state.published")).first().waitFor();
  await page.getByText("Ring me on 0121 496 0000").waitFor(); // as written, on the desk

  await neighbour.page.goto(`/comments/${comment.reference}`);
  await neighbour.page.getByText("Our kitchen loses the morning sun.").waitFor();
  assert.ok(!(await neighbour.page.content()).includes("0121 496 0000"), "what was taken out can still be read");
  await neighbour.page.getByText(t("comment.redacted")).waitFor();
  await site.mail("neighbour@example.org", /can now be read/);
});

test("an officer hides a message with a rule and a reason; a stub stays for everybody", async () => {
  const thread = await ask(neighbour.page, application, "Builders", "The builders of this street are crooks.");
  const { page } = officer;
  const passer = await site.visit();
  await passer.page.goto(thread);
  await page.goto(thread);
  await page.getByRole("link", { name: t("thread.hide") }).click();
  await page.getByLabel(t("rule.abuse"), { exact: true }).check();
  await page.locator("#reason").fill("It accuses people who cannot answer here.");
  await press(page, "officer_message.hide");
  await page.waitForURL(/\/threads\//);
  // The page that stood open shows the stub without a reload, and so does a fresh one.
  for (const again of [false, true]) {
    if (again) await passer.page.goto(thread);
    await passer.page.getByText("It accuses people who cannot answer here.").waitFor();
    assert.ok(!(await passer.page.locator("main").innerText()).includes("crooks"));
    await passer.page.getByText(t("message.rule", { rule: t("rule.abuse") })).waitFor();
  }
  await passer.leave();
  // Who wrote it reads why, beside their own words.
  await neighbour.page.goto(thread);
  await neighbour.page.getByText("It accuses people who cannot answer here.").waitFor();
  assert.ok((await neighbour.page.locator("main").innerText()).includes("crooks"));
});

test("two browsers in one conversation: nothing is missing and nothing doubles, through a lost connection too", async () => {
  const away = await site.visit({ offline: true });
  const thread = await ask(neighbour.page, application, "Cranes", "When will the cranes come?");
  await away.page.goto(thread);
  for (const { page } of [away, neighbour]) await page.getByText(t("thread.online")).waitFor();
  const { page } = officer;
  await page.goto(thread);
  const reply = async (text) => {
    await page.getByLabel(t("thread.body"), { exact: true }).fill(text);
    await press(page, "thread.send");
    await page.locator("li.message", { hasText: text }).waitFor();
  };
  let reloads = 0;
  for (const each of [away, neighbour]) each.page.on("load", () => reloads++);
  await reply("In March, if it is allowed.");
  for (const each of [away, neighbour]) await each.page.getByText("In March, if it is allowed.").waitFor();

  await away.context.setOffline(true);
  await reply("They leave in May.");
  await neighbour.page.getByText("They leave in May.").waitFor();
  await neighbour.page.getByLabel(t("thread.body"), { exact: true }).fill("Thank you.");
  await press(neighbour.page, "thread.send");
  await page.getByText("Thank you.").waitFor();
  assert.deepEqual(await messages(away.page), ["When will the cranes come?", "In March, if it is allowed."]);
  await away.context.setOffline(false);
  await away.page.getByText("Thank you.").waitFor();
  await reply("You are welcome.");
  const all = [
    "When will the cranes come?",
    "In March, if it is allowed.",
    "They leave in May.",
    "Thank you.",
    "You are welcome.",
  ];
  for (const each of [away, neighbour, officer]) {
    await each.page.getByText("You are welcome.").waitFor();
    assert.deepEqual(await messages(each.page), all);
  }
  assert.equal(reloads, 0, "a page was loaded again");
  await away.leave();
});

test("an officer records what came of each topic and publishes it to everybody concerned", async () => {
  await neighbour.page.goto(application);
  await neighbour.page.locator("#email").fill("follower@example.org");
  await press(neighbour.page, "follow.submit");
  const confirm = await site.mail("follower@example.org", /^Confirm/);
  await neighbour.page.goto(confirm.links.find((link) => link.includes("/follow/")));
  await press(neighbour.page, "follow.confirm");

  const { page } = officer;
  const desk = `/officer/${application.slice(1)}`;
  await page.goto(desk);
  await page.getByText(t("officer_consultation.missing")).waitFor();
  const open = page.locator("details", { hasText: t("officer_consultation.none") });
  for (let left = await open.count(); left > 0; left--) {
    await open.first().locator("summary").click();
    await open.first().locator("textarea[name^=you-said]").fill("People asked for more light and less noise.");
    await open.first().locator("textarea[name^=we-did]").fill("The top floor steps back by two metres.");
    await open.first().locator("input[type=radio]").first().check();
    await open.first().locator("button[type=submit]").click();
    await until("the outcome to be kept", async () => (await open.count()) === left - 1);
  }
  await press(page, "officer_consultation.publish");
  await page.getByText(like("officer_consultation.published")).first().waitFor({ state: "attached" });

  for (const to of ["neighbour@example.org", "follower@example.org"]) {
    const mail = await site.mail(to, new RegExp(t("mail.outcome.subject", { about: "" })));
    assert.ok(mail.fields["list-unsubscribe"], "a mail that nobody can stop");
  }
  await neighbour.page.goto(comment.path);
  await neighbour.page.getByText("The top floor steps back by two metres.").first().waitFor();
  await neighbour.page.goto(application);
  await neighbour.page.getByRole("heading", { level: 2, name: t("outcome.heading") }).waitFor();
});

test("nobody's browser saw a script fail or the content policy broken", async () => {
  await officer.leave();
  await neighbour.leave();
});
