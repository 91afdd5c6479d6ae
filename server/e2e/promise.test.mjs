// A promise with a clock: asked after hours on the eve of a bank holiday, paused, resumed and answered in time. The resident's page, the
// officer's and the public record say the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens } from "./checks.mjs";
import { press, resident, sendComment, writeComment } from "./resident.mjs";
import { startTimedSite } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
let good; // Good Friday, the next one whose eve has not come
let mine; // the author's own page
let comment; // its reference
let application;
let officer;

before(async () => {
  site = await startTimedSite({ YOUSAID_OFFICE_HOURS: "09:00-17:00" });
  good = nextGoodFriday(new Date());
});
after(() => site?.stop());

/** Good Friday by the Gregorian rule (Butcher 1876), as a UTC noon. */
function goodFriday(year) {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return new Date(Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1 - 2, 12));
}

function nextGoodFriday(now) {
  const soon = goodFriday(now.getUTCFullYear());
  return soon - now > 3 * 86_400_000 ? soon : goodFriday(now.getUTCFullYear() + 1);
}

/** The day n days after Good Friday. */
const day = (n) => new Date(good.getTime() + n * 86_400_000);
const iso = (n) => day(n).toISOString().slice(0, 10);
const words = (n) =>
  day(n).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const due = (n) => t("promise.by", { when: t("promise.moment", { date: words(n), time: "5:00pm" }) });

/** What a page says, without the marks that keep directions apart. */
const said = async (page) => (await page.locator("main").innerText()).replace(/[\u2066-\u2069]/g, "");

async function says(page, ...sentences) {
  const text = await said(page);
  for (const sentence of sentences)
    assert.ok(text.includes(sentence), `${page.url()} does not say "${sentence}": ${text}`);
}

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
  await page.goto(`/officer/comments/${comment}`);
  return page;
}

test("what is asked after hours before a bank holiday counts from the next working day", async () => {
  await site.until(`${iso(-1)} 17:30`);
  await site.as({}, async (page) => {
    await page.goto("/?q=foil");
    application = await page.locator(".card__title a").first().getAttribute("href");
    await page.goto(application);
    await says(page, "within 5 working days");
    await writeComment(page, application, resident());
    const sent = await sendComment(page);
    mine = sent.path;
    comment = sent.reference;
    await says(page, due(11)); // Tuesday is the day it counts from, the fifth working day after it is the next Tuesday
    await accessible(page);
    await fitsSmallScreens(page);
  });
});

test("an officer pauses the clock with a reason, and the author reads it", async () => {
  await site.until(`${iso(5)} 18:00`);
  const page = await signIn();
  await says(page, due(11));
  await page.getByText(t("officer_promise.pause_heading")).click();
  await press(page, "officer_promise.pause"); // without a reason
  await page.locator("#pause-reason-error").waitFor();
  await accessible(page);
  await page.getByLabel(t("pause_reason.applicant"), { exact: true }).check();
  await page.locator("#pause-words").fill("For the plan of the windows.");
  await press(page, "officer_promise.pause");
  await page.getByText(t("promise.tag_paused"), { exact: true }).waitFor();
  await accessible(page);
  await fitsSmallScreens(page);
  await site.as({ javaScriptEnabled: false }, async (own) => {
    await own.goto(mine);
    await says(
      own,
      t("promise.paused", { date: words(5), why: t("pause_reason.applicant") }),
      "For the plan of the windows.",
    );
    assert.ok(!(await said(own)).includes(due(11)), "a date stands beside the pause");
  });
});

test("the pause eats no promised time: a working day later the answer is due a working day later", async () => {
  await site.until(`${iso(6)} 20:00`);
  const page = await signIn();
  await press(page, "officer_promise.resume");
  await page.getByText(t("promise.tag_open"), { exact: true }).waitFor();
  await says(page, due(12));
  await site.as({ javaScriptEnabled: false }, async (own) => {
    await own.goto(mine);
    await says(own, due(12));
  });
});

test("an answer on the last afternoon keeps the promise, and everybody can see that it did", async () => {
  await site.until(`${iso(12)} 16:00`);
  const page = await signIn();
  await page.locator("#body").fill("The windows get frosted glass up to the height of your eyes.");
  await press(page, "thread.send");
  await page.getByText(t("promise.tag_answered"), { exact: true }).waitFor();
  await site.as({}, async (own) => {
    await own.goto(mine);
    await says(own, t("promise.answered", { n: 5 }), t("promise.kept", { n: 5 }));
    await own.goto(`${application}/promises`);
    await says(own, t("promises.kept"), t("pause_reason.applicant"));
    await accessible(own);
    await fitsSmallScreens(own);
  });
  await page.goto("/officer/workload");
  await page.getByRole("heading", { level: 1, name: t("officer_workload.title") }).waitFor();
  assert.match(await said(page), like("officer_workload.next_note"));
  await accessible(page);
  await fitsSmallScreens(page);
  await officer.leave();
});
