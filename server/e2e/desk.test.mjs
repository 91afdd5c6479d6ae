// The officer's desk by keyboard alone: ten items, one after the other, and nothing moves under the hands. Then the same without scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible } from "./checks.mjs";
import { openApplication, resident, sendComment, writeComment } from "./resident.mjs";
import { startSite, until } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
let officer;
let application;

before(async () => {
  site = await startSite();
  officer = await site.signedIn("officer", { refusals: [422] });
  const visitor = await site.visit();
  application = await openApplication(visitor.page);
  // Enough to do, whatever the demo leaves.
  for (let n = 0; n < 4; n++) {
    const texts = { privacy: `Window number ${n} looks into our kitchen.` };
    await writeComment(visitor.page, application, resident({ texts }));
    await sendComment(visitor.page);
  }
  await visitor.leave();
});
after(() => site?.stop());

/** The line with the focus: its id, its item, and where it stands. */
const line = (page) =>
  page.evaluate(() => {
    const found = document.activeElement?.closest("[data-line]");
    if (!found) return null;
    const { x, y } = found.getBoundingClientRect();
    return { id: found.id, item: found.dataset.item, x, y: y + window.scrollY, text: found.innerText };
  });

const focused = (page) =>
  page.evaluate(() => {
    const e = document.activeElement;
    return { id: e.id, tag: e.tagName, name: e.name ?? "", value: e.value ?? "", text: e.textContent.trim() };
  });

/** Presses Tab until something with this text or id has the focus. */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 80; presses++) {
    const now = await focused(page);
    if (now.text === wanted || now.id === wanted) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reached ${wanted}`);
}

async function pressed(page, name) {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

/** Waits for what was done to be said, and returns the line that has the focus then. */
async function done(page, key, args) {
  const says = args ? t(key, args) : like(key);
  await page.locator("[data-done] strong", { hasText: says }).last().waitFor();
  return line(page);
}

const count = async (page, view) => Number(await page.locator(`.tabs a[data-key=${view}] .tabs__count`).innerText());

/** Keyboard alone from here on: the mouse is never used. */
async function openInbox(page) {
  await page.goto("/officer");
  await page.getByText(t("inbox.online")).waitFor();
}

test("an officer triages ten items by keyboard alone, and no line moves", async () => {
  const { page } = officer;
  const { keyboard } = page;
  await openInbox(page);
  assert.ok((await page.locator("[data-line]").count()) >= 10, "there are not ten items to triage");
  const handled = new Set();
  const next = async () => {
    let now = null;
    do {
      const before = now?.id;
      await keyboard.press("j");
      now = await line(page);
      assert.ok(now && now.id !== before, "j does not go on");
    } while (handled.has(now.item));
    handled.add(now.item);
    return now;
  };

  // 1: assign it to myself.
  let at = await next();
  await keyboard.press("a");
  assert.equal((await focused(page)).id, "to", "the dialog asks who first");
  await pressed(page, t("desk.assign_go"));
  let now = await done(page, "desk.did_assign");
  assert.deepEqual([now.id, now.x, now.y], [at.id, at.x, at.y], "the line moved, or lost the focus");
  assert.match(now.text, like("desk.with_me"));

  // 2: snooze it until the next working day.
  at = await next();
  const waiting = await count(page, "u");
  await keyboard.press("s");
  assert.equal((await focused(page)).value, "tomorrow");
  await keyboard.press("Enter");
  now = await done(page, "desk.did_snooze");
  assert.equal(now.id, at.id, "the line that left the view keeps its place and the focus");
  assert.ok(now.text.includes(t("desk.left_view")));
  assert.equal(await count(page, "u"), waiting - 1);

  // 3: the same by mistake, and undone.
  at = await next();
  await keyboard.press("s");
  await keyboard.press("Enter");
  await done(page, "desk.did_snooze");
  await keyboard.press("u");
  await done(page, "desk.undone");
  assert.equal(await count(page, "u"), waiting - 1, "undo did not bring it back");

  // 4: hand it over to another service, which needs a note.
  at = await next();
  await keyboard.press("a");
  await keyboard.type("The service: Transport");
  assert.equal((await focused(page)).value, "service:Transport");
  await pressed(page, t("desk.assign_go"));
  await page.locator("dialog [role=alert]", { hasText: t("error.note_required") }).waitFor();
  await tabTo(page, "note");
  await keyboard.type("Is the bus stop to stay? You know the contract.");
  await pressed(page, t("desk.assign_go"));
  now = await done(page, "desk.did_hand-over");
  assert.equal(now.id, at.id);
  assert.match(now.text, /Transport/);

  // 5 and 6: two at once, with a preview.
  await next();
  await keyboard.press("x");
  await next();
  await keyboard.press("x");
  await keyboard.press("s");
  await page.waitForURL(/\/officer\/bulk/);
  await page.getByText(t("desk.bulk_count", { n: 2 })).waitFor();
  await pressed(page, t("desk.until_monday"));
  await page.getByRole("heading", { name: t("desk.plan") }).waitFor();
  await pressed(page, t("desk.bulk_go", { n: 2 }));
  await page.waitForURL(/\/officer\?/);
  await page.locator("[data-done] strong", { hasText: like("desk.did_snooze") }).waitFor();

  // 7: open it, look, and come back to the same line.
  at = await next();
  await keyboard.press("o");
  await page.waitForURL(/\/officer\/comments\/|\/threads\/|\/officer\/messages\//);
  await page.getByRole("heading", { name: t("desk.summary"), exact: true }).waitFor();
  await keyboard.press("g");
  await keyboard.press("i");
  await page.waitForURL(/\/officer\?|\/officer$/);
  await until("the focus to be where it was", async () => (await line(page))?.id === at.id);

  // 8: reply.
  await page.getByText(t("inbox.online")).waitFor();
  at = await next();
  await keyboard.press("r");
  await page.waitForURL(/#body$/);
  await until("the box to have the focus", async () => (await focused(page)).id === "body");
  await keyboard.type("Thank you: the plan of the windows is on page 3.");
  await pressed(page, t("thread.send"));
  await page.locator(".message--official", { hasText: "page 3." }).waitFor();

  // 9: publish one that waits for it.
  await page.evaluate(() => document.activeElement.blur());
  await keyboard.press("g");
  await keyboard.press("i");
  await page.getByText(t("inbox.online")).waitFor();
  const unpublished = await count(page, "p");
  await keyboard.press("g");
  await keyboard.press("p");
  await page.waitForURL(/view=publish/);
  await page.getByText(t("inbox.online")).waitFor();
  await next();
  await keyboard.press("o");
  await page.waitForURL(/\/officer\/comments\//);
  await pressed(page, t("officer_comment.publish"));
  await page.getByText(t("comment_state.published")).first().waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await keyboard.press("g");
  await keyboard.press("p");
  await page.waitForURL(/view=publish/);
  assert.equal(await count(page, "p"), unpublished - 1);

  // 10: what is mine goes back to the service; the mention of the demo is dealt with.
  await page.getByText(t("inbox.online")).waitFor();
  await keyboard.press("g");
  await keyboard.press("m");
  await page.waitForURL(/view=mine/);
  const mine = await count(page, "m");
  assert.ok(mine > 0, "what was assigned first is not mine");
  await page.getByText(t("inbox.online")).waitFor();
  at = await next();
  await keyboard.press("e");
  now = await done(page, "desk.did_off");
  assert.equal(now.id, at.id);
  assert.equal(await count(page, "m"), mine - 1);
  assert.ok(handled.size >= 10, `${handled.size} different items`);
});

test("what comes in is announced and moves nothing, wherever the focus is", async () => {
  const { page } = officer;
  await openInbox(page);
  for (let n = 0; n < 3; n++) await page.keyboard.press("j");
  const before = await line(page);
  const visitor = await site.visit();
  for (let n = 1; n <= 2; n++) {
    await writeComment(visitor.page, application, resident());
    await sendComment(visitor.page);
    await page.getByRole("link", { name: t("inbox.new", { n }) }).waitFor();
  }
  await visitor.leave();
  assert.deepEqual(await line(page), before, "the line under the focus moved or changed");
  await page.keyboard.press("j");
  assert.notEqual((await line(page)).id, before.id);
  await page.keyboard.press("k");
  assert.deepEqual(await line(page), before);
});

test("keys help themselves, stay out of boxes, and can be switched off for good", async () => {
  const { page } = officer;
  const { keyboard } = page;
  await openInbox(page);
  await keyboard.press("j");
  const at = await line(page);
  await keyboard.press("?");
  const help = page.locator("dialog[data-dialog=help]");
  await help.getByText(t("desk.key_snooze")).waitFor();
  await accessible(page);
  await keyboard.press("j"); // a dialog is no list
  assert.ok(await help.isVisible());
  await keyboard.press("Escape");
  assert.deepEqual((await line(page)).id, at.id, "closing the help lost the line");

  await keyboard.press("/");
  assert.equal((await focused(page)).id, "q");
  await keyboard.type("jas");
  assert.equal((await focused(page)).value, "jas", "keys act while somebody types");
  await page.evaluate(() => document.activeElement.blur());
  await keyboard.press("Control+j");
  assert.equal(await line(page), null, "keys act with a modifier");

  await page.goto("/officer/desk#keys");
  await page.getByLabel(t("desk.keys_off"), { exact: true }).check();
  await page.getByRole("button", { name: t("site.save"), exact: true }).click();
  await page.waitForURL(/\/officer\/desk$/);
  await openInbox(page);
  for (const key of ["j", "?", "/", "a"]) await keyboard.press(key);
  assert.equal(await line(page), null, "single keys work although they are off");
  assert.ok(!(await help.isVisible()));
  await page.goto("/officer/desk");
  await page.getByLabel(t("desk.keys_on"), { exact: true }).check();
  await page.getByRole("button", { name: t("site.save"), exact: true }).click();
});

test("the same work without scripts, on a small screen", () =>
  site.as({ javaScriptEnabled: false, storageState: site.staff.get("officer") }, async (page) => {
    await page.goto("/officer?view=publish");
    const first = page.locator("[data-line]").first();
    const item = await first.getAttribute("data-item");
    await first.getByRole("link", { name: new RegExp(`^${t("desk.work")}`) }).click();
    await page.locator("#to").selectOption("me");
    await page.getByRole("button", { name: t("desk.assign_go"), exact: true }).click();
    await page.locator("[data-done] strong", { hasText: like("desk.did_assign") }).waitFor();
    await page.getByRole("button", { name: t("desk.undo_this"), exact: true }).click();
    await page.locator("[data-done] strong", { hasText: like("desk.undone") }).waitFor();

    await page.goto(`/officer/items/${item}`);
    await page.locator("#body").fill("Who knows this fence?");
    await page.getByText(t("desk.mention_open")).click();
    await page.getByLabel(/Demo transport officer/).check();
    await page.getByRole("button", { name: t("desk.note_go"), exact: true }).click();
    await page.locator(".desk-notes", { hasText: "Who knows this fence?" }).waitFor();
    await page.getByRole("link", { name: t("desk.timeline") }).click();
    await page.getByText(t("timeline.desk_note")).first().waitFor();

    await page.goto("/officer?view=publish");
    await page.locator("#pick-all").check();
    await page.getByRole("button", { name: t("desk.bulk_snooze"), exact: true }).click();
    await page.getByRole("button", { name: t("desk.until_fortnight"), exact: true }).click();
    await page.getByRole("heading", { name: t("desk.plan") }).waitFor();
    await page.locator("section[aria-labelledby=plan] button").click();
    await page.locator("[data-done] strong", { hasText: like("desk.did_snooze") }).waitFor();
    assert.equal(await page.locator("[data-line]").count(), 0);
    await page.getByRole("button", { name: t("desk.undo"), exact: true }).click();
    await page.locator("[data-done] strong", { hasText: like("desk.undone") }).waitFor();
    assert.ok((await page.locator("[data-line]").count()) > 0);
  }));

test("nobody's browser saw a script fail or the content policy broken", () => officer.leave());
