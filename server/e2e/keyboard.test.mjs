// The main journeys by keyboard alone (C04): everything can be reached, is seen when it has the focus, and lets go of it again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { messages, openApplication, resident } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

/** Runs in the page: what has the focus, and whether one can see that it has. */
function focused() {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const seen = e.matches(".govuk-radios__input, .govuk-checkboxes__input") ? e.nextElementSibling : e;
  const marks = [getComputedStyle(seen), getComputedStyle(seen, "::before")];
  const box = e.getBoundingClientRect();
  return {
    name: e.labels?.[0]?.textContent?.trim() || e.getAttribute("aria-label") || e.textContent.trim(),
    field: e.id,
    marked: marks.some(
      (style) => (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none",
    ),
    inView: box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth,
    html: e.outerHTML.slice(0, 160),
  };
}

/** Presses Tab until something has the focus that fits; on the way, everything that gets it must show it. */
async function tabTo(page, what, fits) {
  const passed = [];
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(focused);
    if (!now) continue;
    assert.ok(now.marked, `the focus cannot be seen on ${now.html}`);
    assert.ok(now.inView, `the focus is out of view on ${now.html}`);
    if (fits(now)) return;
    passed.push(now.name.slice(0, 30));
  }
  assert.fail(`Tab never reached ${what}; it passed ${passed.join(" | ")}`);
}

const tabToName = (page, name) => tabTo(page, name, (now) => now.name === name);
const tabToField = (page, id) => tabTo(page, `#${id}`, (now) => now.field === id);

async function pressEnter(page, name, next) {
  await tabToName(page, name);
  await Promise.all([page.waitForURL(next), page.keyboard.press("Enter")]);
}

test("a resident comments by keyboard alone", () =>
  site.as({}, async (page) => {
    const application = await openApplication(page);
    await page.goto(application);
    await page.keyboard.press("Tab");
    assert.equal((await page.evaluate(focused)).name, t("site.skip"), "the first stop skips to the main part");
    await page.keyboard.press("Enter");
    await pressEnter(page, t("consultation.comment"), /\/comment$/);
    await tabToField(page, "stance");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.ok(await page.getByLabel(t("stance.objection"), { exact: true }).isChecked());
    await tabToName(page, t("topic.light"));
    await page.keyboard.press("Space");
    await pressEnter(page, t("site.continue"), /\/words$/);
    await tabToField(page, "text-light");
    await page.keyboard.type("The yard would be dark from October on.");
    await pressEnter(page, t("site.continue"), /\/place$/);
    await tabToField(page, "place");
    await page.keyboard.type("The yard behind the shop");
    await pressEnter(page, t("site.continue"), /\/details$/);
    await tabToField(page, "name");
    await page.keyboard.type(resident().name);
    await tabToField(page, "postcode");
    await page.keyboard.type(resident().postcode);
    await pressEnter(page, t("site.continue"), /\/check$/);
    await pressEnter(page, t("comment_new.send"), /\/my-comment\//);
    await page.getByRole("heading", { level: 1, name: t("my_comment.received") }).waitFor();
  }));

test("a wrong form takes a keyboard to what is wrong", () =>
  site.as({ refusals: [422] }, async (page) => {
    await page.goto(`${await openApplication(page)}/comment`);
    await tabToName(page, t("site.continue"));
    await page.keyboard.press("Enter");
    await page.locator(".govuk-error-summary").waitFor();
    const summary = page.locator(".govuk-error-summary");
    await summary.evaluate(
      (e) => new Promise((done) => (document.activeElement === e ? done() : e.addEventListener("focus", done))),
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal((await page.evaluate(focused)).field, "stance");
  }));

test("an officer answers by keyboard alone, and live news leave the focus alone", async () => {
  const visitor = await site.visit();
  const application = await openApplication(visitor.page);
  await visitor.page.goto(application);
  const thread = await visitor.page.locator('main a[href^="/threads/"]').first().getAttribute("href");
  const { page, leave } = await site.signedIn("officer");
  await page.goto(thread);
  await page.getByText(t("thread.online")).waitFor();
  await tabToField(page, "body");
  await page.keyboard.type("The plan of the yard is in the documents");

  await visitor.page.goto(thread);
  await visitor.page.locator("#body").fill("Where is the plan of the yard?");
  await visitor.page.getByRole("button", { name: t("thread.send"), exact: true }).click();
  await page.locator("li.message", { hasText: "Where is the plan of the yard?" }).waitFor();
  assert.equal((await page.evaluate(focused)).field, "body", "a message that came in took the focus away");

  await page.keyboard.type(", page 4.");
  await tabToName(page, t("thread.send"));
  await page.keyboard.press("Enter");
  await visitor.page.locator(".message--official", { hasText: "page 4." }).waitFor();
  assert.equal((await messages(page)).at(-1), "The plan of the yard is in the documents, page 4.");
  assert.notEqual(await page.evaluate(focused), null, "sending lost the focus");
  await leave();
  await visitor.leave();
});

test("a keyboard reaches every stop of a page and leaves it again", async () => {
  const visitor = await site.visit();
  const application = await openApplication(visitor.page);
  for (const address of ["/", application, `${application}/comment`, `${application}/ask`, "/map"]) {
    const page = await visitor.context.newPage();
    await page.goto(address);
    if (address === "/map") await page.locator("consultation-map[data-idle]").waitFor({ state: "attached" });
    const stops = await page.evaluate(numberStops);
    const reached = new Set();
    let last = null;
    for (let presses = 0; presses < 2 * stops + 20 && last !== "out"; presses++) {
      await page.keyboard.press("Tab");
      const here = await page.evaluate(() => document.activeElement.dataset.stop ?? "out");
      if (here === "out" && reached.size === 0) continue; // the browser's own stops, before the page's first
      assert.notEqual(here, last, `Tab does not leave stop ${here} of ${address}`);
      if (here !== "out") reached.add(here);
      last = here;
    }
    assert.equal(last, "out", `Tab never leaves ${address}`);
    assert.equal(reached.size, stops, `Tab passed over something on ${address}`);
    await page.close();
  }
  await visitor.leave();
});

/** Runs in the page: numbers what Tab should stop at, and returns how many there are. A group of radio buttons is one stop. */
function numberStops() {
  const groups = new Set();
  const stops = [
    ...document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']",
    ),
  ]
    .filter((e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
    .filter((e) => e.type !== "radio" || !(groups.has(e.name) || !groups.add(e.name)));
  for (const [i, e] of stops.entries()) e.dataset.stop = String(i);
  return stops.length;
}
