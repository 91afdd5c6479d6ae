// Sorting points: a letter that seven sent and ten points, by hand and by accepted proposals, split, merged, undone; then what everybody reads of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { press, resident, sendComment, writeComment } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { like, t } from "./words.mjs";

let site;
let officer;
let application; // the Foil Works: the demo has sorted some of its points
let desk;
let light; // the concern about gardens and front rooms

before(async () => {
  site = await startSite();
  officer = await site.signedIn("officer", { refusals: [409, 422] });
  await officer.page.goto("/?q=Foil+Works");
  application = await officer.page.locator(".card__title a").first().getAttribute("href");
  desk = `/officer${application}/concerns`;
});
after(() => site?.stop());

const points = (page) => page.locator("input[name=point]");
const concern = (page, title) => page.locator("#concerns ~ ul .card, #concerns ~ details .card", { hasText: title });
const facts = (page, title) => concern(page, title).locator(".card__facts").innerText();

test("a letter that many sent is one line, and becomes a concern with one title", async () => {
  const { page } = officer;
  await page.goto(desk);
  const letters = page.getByLabel(t("officer_concern.signatories", { n: 7 }), { exact: true });
  await letters.check();
  await page.locator("#title").fill("Where will visitors and carers stop?");
  await press(page, "officer_concern.make");
  assert.match(await facts(page, "Where will visitors"), /7 letters of a campaign/);

  // One more copy, from somebody who signed it: one tap.
  const text = await page.evaluate(
    async (href) => {
      const html = await (await fetch(href)).text();
      return new DOMParser().parseFromString(html, "text/html").querySelector("[name=point] ~ div .reading")
        .textContent;
    },
    await concern(page, "Where will visitors").getByRole("link").getAttribute("href"),
  );
  await site.as({}, async (other) => {
    await writeComment(other, application, resident({ texts: { traffic: `${text} Resident of Mock Grove` } }));
    await sendComment(other);
  });
  await page.goto(desk);
  await page.getByRole("button", { name: like("officer_concern.sort_letters") }).click();
  assert.match(await facts(page, "Where will visitors"), /8 letters of a campaign/);
});

test("points are proposed with the words they share, and sorted when an officer accepts", async () => {
  await site.as({}, async (page) => {
    for (const words of [
      "Our front room will lose the sun it has.",
      "How much sun do we lose in the garden in spring?",
    ]) {
      await writeComment(page, application, resident({ texts: { light: words } }));
      await sendComment(page);
    }
  });
  const { page } = officer;
  await page.goto(`${desk}?topic=light`);
  light = await concern(page, "How much sun").getByRole("link").getAttribute("href");
  const before = await points(page).count();
  assert.ok(before >= 3, `${before} points on light are loose`);
  await page.locator("mark").first().waitFor();
  await page.getByRole("link", { name: like("officer_concern.tick") }).click();
  const ticked = await page.locator("input[name=point]:checked").count();
  assert.ok(ticked >= 1, "nothing was proposed");
  await press(page, "officer_concern.accept");
  await page.goto(`${desk}?topic=light`);
  assert.equal(await points(page).count(), before - ticked);
  for (const box of await points(page).all()) await box.check();
  if (await points(page).count()) {
    await page.locator("#into").selectOption(light.split("/").pop());
    await press(page, "officer_concern.put");
  }
  assert.match(await facts(page, "How much sun"), /4 points/);
});

test("what is left is sorted by hand, ten points in all", async () => {
  const { page } = officer;
  await page.goto(`${desk}?topic=noise`);
  const noise = await points(page).count();
  for (const box of await points(page).all()) await box.check();
  await page.locator("#title").fill("What will be heard from the works and the workshops?");
  await press(page, "officer_concern.make");
  await page.goto(desk);
  for (const box of (await points(page).all()).slice(0, 10 - noise)) await box.check();
  await press(page, "officer_concern.put");
  await page.getByRole("link", { name: t("error.required.into") }).waitFor();
  assert.equal(await page.locator("input[name=point]:checked").count(), 10 - noise, "ticks were lost");
  await page.locator("#title").fill("Everything else people asked");
  await press(page, "officer_concern.make");
  assert.match(await facts(page, "Everything else"), new RegExp(`${10 - noise} points`));
});

test("a concern is split, merged into another, and both are undone", async () => {
  const { page } = officer;
  await page.goto(light);
  const whole = await points(page).count();
  await points(page).first().check();
  await page.locator("#split").fill("And the gardens?");
  await press(page, "officer_concern.split");
  assert.equal(await points(page).count(), whole - 1);
  await page.goto(desk);
  const gardens = await concern(page, "And the gardens?").getByRole("link").getAttribute("href");
  await page.goto(gardens);
  await page.locator("#into").selectOption(light.split("/").pop());
  await press(page, "officer_concern.merge");
  await page.getByText(t("officer_concern.merged")).waitFor();
  await page.goto(light);
  assert.equal(await points(page).count(), whole);
  const undo = () =>
    page
      .getByRole("button", { name: new RegExp(`^${t("officer_concern.undo")}`) })
      .first()
      .click();
  await undo();
  await page.getByText(t("officer_concern.undone"), { exact: true }).first().waitFor();
  assert.equal(await points(page).count(), whole - 1);
  await undo();
  await page.getByText(t("officer_concern.undone"), { exact: true }).nth(1).waitFor();
  assert.equal(await points(page).count(), whole);
  assert.equal((await page.request.get(gardens)).status(), 404);
});

test("everybody reads the question and the published words behind it, and authors see where their points stand", async () => {
  await site.as({}, async (page) => {
    await page.goto(`${application}/concerns`);
    await page.locator(`a[href="${light.replace("/officer", "")}"]`).click();
    await page.getByRole("heading", { level: 1, name: "How much sun" }).waitFor();
    assert.ok(!(await page.content()).includes("Our front room will lose"), "unpublished words can be read");
    await page
      .getByRole("link", { name: like("concern.open_comment") })
      .first()
      .click();
    await page.getByText(t("trail.grouped")).first().waitFor();
  });
});
