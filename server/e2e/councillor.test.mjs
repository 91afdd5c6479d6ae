// A councillor who is asked about an application: the link to paste, a resident who follows it, a question passed on with one tap, the
// service's answer, and the mail that tells of it. On a phone; the tap also without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens } from "./checks.mjs";
import { messages, press } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

const address = "asked@example.org";

/** The page that a mail to the councillor leads to. */
async function led(subject, args) {
  const mail = await site.mail(address, new RegExp(t(subject, args)));
  const found = mail.links.find((link) => link.includes("/councillor/"));
  assert.ok(found, `no link in: ${mail.text}`);
  return found;
}

test("a councillor takes a link, passes a question on with one tap and is told of the answer", async () => {
  const officer = await site.signedIn("officer");
  const desk = officer.page;
  await desk.goto("/officer/councillors");
  await desk.locator("#name").fill("Councillor for Sample Ward");
  await desk.locator("#email").fill(address);
  await press(desk, "officer_councillors.submit");
  await desk.getByText(t("officer_councillors.added")).waitFor();
  const mine = await led("mail.councillor.subject");
  const phone = { viewport: { width: 360, height: 740 } };
  await site.as(phone, async (councillor) => {
    await councillor.goto(mine);
    await councillor.locator("button[name=consultation]").first().click();
    const own = councillor.url();
    const pasted = new URL(await councillor.locator(".councillor__link a").getAttribute("href"), own).pathname;

    await site.as(phone, async (resident) => {
      await resident.goto(pasted);
      await resident.locator("#body").fill("How long will the lorries come?");
      await press(resident, "thread.send");
      await resident.locator("li.message").waitFor();
      assert.equal(await led("mail.councillor_asked.subject", { about: ".*" }), own);
      await councillor.goto(own);
      await accessible(councillor);
      await fitsSmallScreens(councillor);
      await site.as({ ...phone, javaScriptEnabled: false }, async (plain) => {
        await plain.goto(own);
        await plain.locator("button[name=message]").click();
      });
      await councillor.goto(own);
      assert.equal(await councillor.locator("button[name=message]").count(), 0, "it can be passed on once");
      await resident.getByText("I have passed it to").waitFor(); // without a reload
      assert.equal((await messages(resident)).length, 2);

      await desk.goto(pasted);
      await desk.locator("#body").fill("For about nine months, on weekdays.");
      await press(desk, "thread.send");
      await resident.getByText("For about nine months").waitFor();
    });
    assert.equal(await led("mail.councillor_passed.subject", { about: ".*" }), own);
    await councillor.goto(own);
    await councillor.getByText(t("councillor.answered"), { exact: true }).waitFor();
    await councillor.goto(`${own}?lang=ur`);
    await fitsSmallScreens(councillor);
    await accessible(councillor);
  });
  await officer.leave();
});
