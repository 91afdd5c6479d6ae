// The resident's journey, on a phone: with JavaScript, and every step of it without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible } from "./checks.mjs";
import { ask, messages, openApplication, press, resident, sendComment, writeComment } from "./resident.mjs";
import { screenshot } from "./screenshot.mjs";
import { startSite } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript (C03)";
  const email = javaScriptEnabled ? "with@example.org" : "without@example.org";

  test(`a resident finds an application by postcode and by words, ${how}`, () =>
    site.as({ javaScriptEnabled }, async (page) => {
      await page.goto("/");
      await page.locator("#postcode").fill("b9 9ck");
      await press(page, "site.search");
      await page.getByText(t("consultations.by_distance")).waitFor();
      assert.match(page.url(), /postcode=b9(\+|%20)9ck/, "the search is in the address");
      assert.match(await page.locator(".card__where").first().innerText(), like("consultations.metres"));
      await page.locator("#postcode").fill("");
      await page.locator("#q").fill("flats Example Row");
      await press(page, "site.search");
      const found = page.locator(".card__title a");
      await page.getByRole("heading", { name: t("consultations.found", { n: 1 }) }).waitFor();
      await found.click();
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.match(await page.locator("h1").innerText(), /flats/i);
      for (const key of ["proposal", "influence", "dates", "answers", "follow"]) {
        await page.getByRole("heading", { level: 2, name: t(`${key}.heading`) }).waitFor();
      }
      await page.getByText(like("window.open")).first().waitFor();
    }));

  test(`a resident comments in five steps and sees what happens to it, ${how}`, () =>
    site.as({ javaScriptEnabled, refusals: [422] }, async (page) => {
      const application = await openApplication(page);
      await page.goto(`${application}/comment`);
      await press(page, "site.continue");
      await page.getByRole("heading", { name: t("site.problem") }).waitFor();
      assert.match(await page.title(), like("site.error_prefix"));
      await page.getByRole("link", { name: t("error.stance_required") }).click();
      assert.equal(new URL(page.url()).hash, "#stance");
      await writeComment(page, application, resident({ email, place: "The back windows facing Example Row" }));
      const change = page.getByRole("link", { name: `${t("site.change")} ${t("topic.privacy")}` });
      await change.click();
      await page.locator("#text-privacy").fill("Frosted glass in the side windows would be enough.");
      await press(page, "site.continue");
      await page.getByText("Frosted glass in the side windows would be enough.").waitFor();
      const { reference, path } = await sendComment(page);
      for (const key of ["trail.received", "my_comment.next_read"]) await page.getByText(t(key)).first().waitFor();
      await page.getByText(like("my_comment.next_answer")).waitFor();
      await page.goto(path);
      await page.getByRole("heading", { level: 1, name: t("my_comment.title", { reference }) }).waitFor();
      const receipt = await site.mail(email, new RegExp(t("mail.receipt.subject", { about: "" })));
      assert.ok(receipt.text.includes(reference));
      assert.match(receipt.fields["list-unsubscribe-post"], /List-Unsubscribe=One-Click/);
    }));

  test(`a resident asks, and follows until they have had enough, ${how}`, () =>
    site.as({ javaScriptEnabled }, async (page) => {
      const application = await openApplication(page);
      await ask(page, application, `Bins, ${how}`, "Where will the bins stand?");
      await page.getByLabel(t("thread.body"), { exact: true }).fill("And who empties them?");
      await press(page, "thread.send");
      await page.getByText("And who empties them?").waitFor();
      assert.deepEqual(await messages(page), ["Where will the bins stand?", "And who empties them?"]);

      await page.goto(application);
      const follower = `follows-${email}`;
      await page.locator("#email").fill(follower);
      await press(page, "follow.submit");
      await page.getByRole("heading", { level: 1, name: t("follow.asked_title") }).waitFor();
      const mail = await site.mail(follower, new RegExp(t("mail.confirm.subject", { about: "" })));
      await page.goto(mail.links.find((link) => link.includes("/follow/")));
      await press(page, "follow.confirm");
      await page.getByRole("heading", { level: 1, name: t("follow.confirmed_title") }).waitFor();
      await page.goto(mail.links.find((link) => link.includes("/follow/")));
      await press(page, "follow.stop");
      await page.getByRole("heading", { level: 1, name: t("follow.stopped_title") }).waitFor();
    }));
}

test("sending twice makes one comment", () =>
  site.as({}, async (page) => {
    const application = await openApplication(page);
    const received = async () => {
      await page.goto(application);
      return page.locator("#spoken-so-far + p").innerText();
    };
    const first = Number((await received()).match(/\d+/)[0]);
    await writeComment(page, application, resident());
    const elsewhere = await site.visit();
    const other = elsewhere.page;
    await other.goto(page.url());
    // A double tap: both presses happen before the first answer.
    await page.getByRole("button", { name: t("comment_new.send") }).dblclick();
    await page.getByRole("heading", { level: 1, name: t("my_comment.received") }).waitFor();
    // The same form, sent once more from where it stood open, leads to the same comment.
    const again = await sendComment(other);
    assert.equal(new URL(page.url()).pathname, again.path);
    await elsewhere.leave();
    assert.equal(Number((await received()).match(/\d+/)[0]), first + 1);
  }));

test("a message sent twice by a hasty finger appears once", () =>
  site.as({}, async (page) => {
    const application = await openApplication(page);
    const thread = await ask(page, application, "Lorries", "Which way will the lorries come?");
    await page.getByLabel(t("thread.body"), { exact: true }).fill("Past the school?");
    await page.getByRole("button", { name: t("thread.send"), exact: true }).dblclick();
    await page.locator("li.message").nth(1).waitFor();
    await page.goto(thread);
    assert.deepEqual(await messages(page), ["Which way will the lorries come?", "Past the school?"]);
  }));

// S03: what people write is shown as they wrote it and does nothing.
const nasty = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(2)>`,
  `</textarea></title><svg onload=alert(3)>`,
  `javascript:alert(4) {{constructor.constructor("alert(5)")()}} \${alert(6)}`,
  `<a href="javascript:alert(7)" style="position:fixed;inset:0">x</a><iframe srcdoc="<script>alert(8)</script>"></iframe>`,
  `\u202Ereversed\u202C &lt;b&gt;bold&lt;/b&gt; \u{1F468}\u200D\u{1F469}\u200D\u{1F467}`,
];

const dangerous =
  "script:not([src]), iframe, img:not([src^='/qr/']), style, object, embed, [onload], [onerror], [style], a[href^='javascript']";

test("S03: nasty words stay words, in the page and in what arrives live", () =>
  site.as({}, async (page) => {
    const application = await openApplication(page);
    const thread = await ask(page, application, nasty[1], nasty[0]);
    for (const text of nasty.slice(1)) {
      await page.getByLabel(t("thread.body"), { exact: true }).fill(text);
      await press(page, "thread.send");
      await page
        .locator("li.message", { hasText: text.slice(0, 12) })
        .last()
        .waitFor();
    }
    const arrived = await page.locator("li.message .message__body").allTextContents();
    assert.equal(await page.locator(dangerous).count(), 0, "live messages brought elements of their own");
    await page.goto(thread);
    const drawn = await page.locator("li.message .message__body").allTextContents();
    assert.deepEqual(drawn, arrived);
    assert.equal(drawn[0], nasty[0]);
    assert.equal(await page.locator(dangerous).count(), 0, "the page drew elements of theirs");
    await accessible(page);
    const comment = { texts: { other: nasty.join("\n") }, place: nasty[1], name: "O'Example & Sons" };
    await writeComment(page, application, resident(comment));
    await sendComment(page);
    assert.equal(await page.locator(dangerous).count(), 0, "the comment's own page drew elements of theirs");
    assert.ok((await page.locator("dd.reading").textContent()).includes(nasty[2]));
  }));

test("the resident's view for the README", () =>
  site.as({ viewport: { width: 390, height: 844 } }, async (page) => {
    await page.goto("/?q=Foil+Works");
    await page.locator(".card__title a").first().click();
    await page.getByRole("heading", { level: 2, name: t("proposal.heading") }).waitFor();
    await screenshot(page, "resident");
  }));
