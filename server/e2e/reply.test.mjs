// Two officers at one question: each sees the other, what is typed is kept by itself, and the second reply waits until the first was
// read. A saved reply is put in with the facts of the case.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens } from "./checks.mjs";
import { ask, messages, openApplication, press } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

/** Has a resident ask, and returns the thread's address. */
async function asked(question) {
  let thread;
  await site.as({}, async (page) => {
    await ask(page, await openApplication(page), "Bins", question);
    thread = new URL(page.url()).pathname;
  });
  return thread;
}

test("two officers see each other, and the second reads the first's answer before sending", async () => {
  const thread = await asked("Where will the bins stand?");
  const first = await site.signedIn("officer", { viewport: { width: 390, height: 844 } });
  const second = await site.signedIn("admin", { javaScriptEnabled: false, refusals: [422] });
  await first.page.goto(thread);
  await first.page.locator("#body").fill("They will stand");
  await first.page.getByText(/Saved at/).waitFor();
  await fitsSmallScreens(first.page);
  await accessible(first.page);
  await first.page.goto(thread);
  assert.equal(await first.page.locator("#body").inputValue(), "They will stand", "what was typed is there again");

  await second.page.goto(thread); // as it was before the answer
  await second.page.getByText(t("reply.begun")).waitFor();
  await first.page.locator("#body").fill("They will stand behind the bakery.");
  await press(first.page, "thread.send");
  await first.page.getByText("They will stand behind the bakery.").waitFor();

  await second.page.locator("#body").fill("In the yard.");
  await press(second.page, "thread.send");
  await second.page.getByText(t("error.answered_meanwhile")).first().waitFor();
  assert.equal(await second.page.locator("#body").inputValue(), "In the yard.", "nothing typed is lost");
  assert.ok((await messages(second.page)).includes("They will stand behind the bakery."), "the other answer is shown");
  await second.page.locator("#body").fill("And a second one in the yard.");
  await press(second.page, "thread.send");
  await second.page.getByText("And a second one in the yard.").first().waitFor();
  assert.equal(await second.page.locator(".message--official").count(), 2);
  await first.leave();
  await second.leave();
});

test("a saved reply is written, approved, and put in with the facts of the case", async () => {
  const thread = await asked("Where can I see the plans?");
  const { page, leave } = await site.signedIn("officer", { viewport: { width: 360, height: 740 } });
  await page.goto("/officer/replies/new");
  await page.locator("#name").fill("Where the plans are");
  await page.locator("#text-en").fill("All plans are at [[link]].");
  await press(page, "officer_reply.save");
  await page.getByRole("link", { name: "Where the plans are" }).click();
  await accessible(page);
  await press(page, "officer_reply.approve");
  await page.goto(thread);
  await page.locator("#body").fill("Good morning.");
  await page.locator("#saved-reply").selectOption({ label: "Where the plans are" });
  await press(page, "reply.insert");
  await page.waitForFunction(() => document.querySelector("#body")?.value.includes("All plans"));
  assert.match(
    await page.locator("#body").inputValue(),
    /^Good morning\.\n\nAll plans are at http\S+\/consultations\/\w{13}\.$/,
  );
  await fitsSmallScreens(page);
  await press(page, "thread.send");
  await page.locator(".message--official", { hasText: "All plans are at" }).waitFor();
  await leave();
});
