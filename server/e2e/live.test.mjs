// A thread's page while it is open: news arrive by themselves, none is missing and none comes twice, whatever happens to the
// connection; and what somebody is typing outlives all of it (L6, F15, F29).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, messages, openApplication, press } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.stop());

const box = (page) => page.getByLabel(t("thread.body"), { exact: true });
const online = (page) => page.getByText(t("thread.online")).waitFor();

async function say(page, text) {
  await box(page).fill(text);
  await press(page, "thread.send");
  await page.locator("li.message", { hasText: text }).waitFor();
}

/** Opens a new thread for its writer and another reader, who may come with a connection of their own making. */
async function twoReaders(title, journey, { socket, ...options } = {}) {
  const writer = await site.visit();
  const thread = await ask(writer.page, await openApplication(writer.page), title, "one");
  await online(writer.page);
  const reader = await site.visit(options);
  if (socket) await reader.page.routeWebSocket(/\/live$/, socket);
  await reader.page.goto(thread);
  await journey(writer.page, reader.page, reader.context);
  await writer.leave();
  await reader.leave();
}

test("news arrive without a reload, and an own message once", () =>
  twoReaders("News", async (writer, reader) => {
    await online(reader);
    await say(writer, "two");
    await reader.getByText("two", { exact: true }).waitFor();
    await box(reader).pressSequentially("thr");
    await writer.getByText(t("thread.typing")).waitFor();
    await say(reader, "three");
    await writer.getByText("three", { exact: true }).waitFor();
    assert.equal(await box(reader).inputValue(), "", "the box is empty for the next message");
    await say(reader, "four"); // from the same form: it has a key of its own
    await writer.getByText("four", { exact: true }).waitFor();
    for (const page of [writer, reader]) assert.deepEqual(await messages(page), ["one", "two", "three", "four"]);
  }));

test("L6: an event that got lost on the way is fetched before the next is shown", () => {
  let lose = true;
  const joins = [];
  const socket = (ws) => {
    const server = ws.connectToServer();
    ws.onMessage((message) => {
      if (message.includes(`"join"`)) joins.push(JSON.parse(message).since);
      server.send(message);
    });
    server.onMessage((message) => {
      if (lose && message.includes(`"event"`)) lose = false;
      else ws.send(message);
    });
  };
  return twoReaders(
    "Lost",
    async (writer, reader) => {
      await online(reader);
      await say(writer, "two");
      await say(writer, "three");
      await reader.getByText("three", { exact: true }).waitFor();
      assert.deepEqual(await messages(reader), ["one", "two", "three"]);
      assert.deepEqual(joins, [1, 1], "it asked again for what follows the last it had");
    },
    { socket },
  );
});

test("L5: a connection that breaks is resumed where it was", () => {
  let current;
  const socket = (ws) => {
    current = ws;
    ws.connectToServer();
  };
  return twoReaders(
    "Broken",
    async (writer, reader) => {
      await online(reader);
      for (const text of ["two", "three", "four"]) {
        await current.close({ code: 1001 });
        await say(writer, text);
        await reader.getByText(text, { exact: true }).waitFor();
      }
      assert.deepEqual(await messages(reader), ["one", "two", "three", "four"]);
    },
    { socket },
  );
});

test("F29: where sockets are blocked the page says so, fetches the news, and sends", () =>
  twoReaders(
    "Blocked",
    async (writer, reader) => {
      await say(writer, "two");
      await reader.getByText("two", { exact: true }).waitFor();
      await reader.getByText(t("thread.offline")).waitFor();
      await say(reader, "three");
      await writer.getByText("three", { exact: true }).waitFor();
      assert.deepEqual(await messages(reader), ["one", "two", "three"]);
    },
    { socket: (ws) => ws.close() },
  ));

test("a message that cannot be sent stays in the box and is sent once when it can", () =>
  twoReaders(
    "Tunnel",
    async (writer, reader, context) => {
      await online(reader);
      await context.setOffline(true);
      await box(reader).fill("two");
      await press(reader, "thread.send");
      await reader.getByRole("alert").getByText(t("thread.failed")).waitFor();
      assert.equal(await box(reader).inputValue(), "two");
      await context.setOffline(false);
      await press(reader, "thread.send");
      await writer.getByText("two", { exact: true }).waitFor();
      await reader.locator("li.message", { hasText: "two" }).waitFor();
      await box(reader).fill("   ");
      await press(reader, "thread.send");
      await reader.getByRole("alert").getByText(t("error.required.body")).waitFor();
      for (const page of [writer, reader]) assert.deepEqual(await messages(page), ["one", "two"]);
    },
    { offline: true, refusals: [422] },
  ));
