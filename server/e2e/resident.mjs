// What residents do, in the words of the pages. Everything works without JavaScript, so that both kinds of journey share it.

import assert from "node:assert/strict";
import { t } from "./words.mjs";

export const press = (page, key) => page.getByRole("button", { name: t(key), exact: true }).click();

/** The address of the first application in the list that is open for comments. */
export async function openApplication(page) {
  await page.goto("/?stage=open");
  return page.locator(".card__title a").first().getAttribute("href");
}

/** Walks through the five steps of a comment up to the check page. */
export async function writeComment(page, application, { texts, place, name, postcode, email }) {
  await page.goto(`${application}/comment`);
  await page.getByLabel(t("stance.objection"), { exact: true }).check();
  for (const topic of Object.keys(texts)) await page.getByLabel(t(`topic.${topic}`), { exact: true }).check();
  await press(page, "site.continue");
  for (const [topic, text] of Object.entries(texts)) await page.locator(`#text-${topic}`).fill(text);
  await press(page, "site.continue");
  if (place) await page.getByLabel(t("comment_new.place"), { exact: true }).fill(place);
  await press(page, "site.continue");
  await page.getByLabel(t("comment_new.name"), { exact: true }).fill(name);
  await page.locator("#postcode").fill(postcode);
  if (email) await page.locator("#email").fill(email);
  await press(page, "site.continue");
  await page.getByRole("heading", { level: 1, name: t("comment_new.check_title") }).waitFor();
}

/** Sends the checked comment and returns its reference and the address of its own page. */
export async function sendComment(page) {
  await press(page, "comment_new.send");
  await page.getByRole("heading", { level: 1, name: t("my_comment.received") }).waitFor();
  const reference = await page.locator(".govuk-panel__body bdi").innerText();
  assert.match(reference, /^[0-9a-z]{13}$/);
  return { reference, path: new URL(page.url()).pathname };
}

/** Opens a conversation and returns its address. */
export async function ask(page, application, title, body) {
  await page.goto(`${application}/ask`);
  await page.getByLabel(t("ask.about"), { exact: true }).fill(title);
  await page.getByLabel(t("thread.body"), { exact: true }).fill(body);
  await press(page, "ask.send");
  await page.waitForURL(/\/threads\//);
  return new URL(page.url()).pathname;
}

/** Everything that is said in a conversation, in order. */
export const messages = (page) => page.locator("li.message .message__body").allInnerTexts();

export const resident = (more = {}) => ({
  texts: { privacy: "The side windows look straight into our kitchen." },
  name: "Resident of Example Row",
  postcode: "B9 9CK",
  ...more,
});
