// A whole site for one file of journeys: the program that people install, with its demo, on a free port and a folder of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { readMail } from "./mail.mjs";
import { t } from "./words.mjs";

const patience = 60_000; // milliseconds; the machine may be busy with other tests

function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run the journeys with "go run ./cmd/dev test -only journeys"`);
  return value;
}

async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until look returns something, and returns it. */
export async function until(what, look) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(100)) {
    const found = await look();
    if (found) return found;
  }
  assert.fail(`waited too long for ${what}`);
}

/** Starts the demo with a clock that site.forward(days) and site.until(moment) move. Nobody is signed in by a printed link. */
export const startTimedSite = (settings = {}) => startSite(undefined, settings, setting("YOUSAID_TEST_TIMED"));

/** Starts `yousaid <command>` and a browser. Stop it when the journeys are over. */
export async function startSite(command = "demo", settings = {}, program = setting("YOUSAID_TEST_BINARY")) {
  const data = await mkdtemp(join(tmpdir(), "yousaid-journeys-"));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(program, [command], {
    cwd: data,
    env: {
      PATH: process.env.PATH,
      YOUSAID_LISTEN: `127.0.0.1:${port}`,
      YOUSAID_BASE_URL: base,
      YOUSAID_DATA: data,
      YOUSAID_BASEMAP: "none",
      // Each context below says that it is another household, so that limits hold each of them by itself.
      YOUSAID_TRUSTED_PROXIES: "127.0.0.1",
      ...settings,
    },
  });
  let printed = "";
  let log = "";
  child.stdout.on("data", (text) => {
    printed += text;
  });
  child.stderr.on("data", (text) => {
    log += text;
  });
  await until("the site to serve", () => {
    assert.equal(child.exitCode, null, `the site stopped at once: ${log}${printed}`);
    return printed.includes("serving: ");
  });
  const browser = await chromium.launch({
    executablePath: setting("YOUSAID_TEST_CHROMIUM"),
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--lang=en-GB",
    ],
  });
  return new Site({ base, data, child, browser, printed: () => printed });
}

export class Site {
  households = 0;
  staff = new Map();

  constructor(parts) {
    Object.assign(this, parts);
  }

  async stop() {
    await this.browser.close();
    if (this.child.exitCode === null) {
      this.child.kill("SIGTERM");
      await once(this.child, "exit");
    }
    await rm(this.data, { recursive: true, force: true });
  }

  /** The link printed at the start as "label: URL". */
  link(label) {
    const found = this.printed().match(new RegExp(`^${label}: (\\S+)$`, "m"));
    assert.ok(found, `the site printed no link for ${label}`);
    return found[1];
  }

  /** Moves the clock of a timed site, and returns the day it is then. */
  forward(days) {
    return this.order(`forward ${days}`);
  }

  /** Moves it to a moment in the authority's zone, "2027-03-25 17:30". */
  until(moment) {
    return this.order(`until ${moment}`);
  }

  async order(line) {
    const told = () => this.printed().match(/^today: .*$/gm) ?? [];
    const before = told().length;
    this.child.stdin.write(`${line}\n`);
    const answer = await until("the clock to move", () => told()[before]);
    return answer.match(/\d{4}-\d{2}-\d{2}/)[0];
  }

  /** Opens a browser of its own for one person. Close it with leave: that is where what went wrong unseen is told. */
  async visit({ refusals = [], offline = false, ...options } = {}) {
    const household = ++this.households;
    const context = await this.browser.newContext({
      baseURL: this.base,
      viewport: { width: 390, height: 844 },
      locale: "en-GB",
      extraHTTPHeaders: { "X-Forwarded-For": `10.1.${household >> 8}.${household & 255}` },
      ...options,
    });
    context.setDefaultTimeout(patience);
    const problems = await watch(context, { refusals, offline });
    const page = await context.newPage();
    return { context, page, leave: () => leave(context, problems) };
  }

  /** Runs a journey in a browser of its own. */
  async as(options, journey) {
    const { page, context, leave } = await this.visit(options);
    await journey(page, context);
    await leave();
  }

  /** Signs in by the printed link, once: the link works once. Later visits of the same role bring the same session. */
  async signedIn(role, options = {}) {
    if (!this.staff.has(role)) {
      const { page, context, leave } = await this.visit(options);
      await page.goto(this.link(role));
      await page.getByRole("button", { name: t("sign_in.link_submit") }).click();
      await page.getByRole("button", { name: t("site.sign_out") }).waitFor();
      this.staff.set(role, await context.storageState());
      await leave();
    }
    return this.visit({ viewport: { width: 1280, height: 900 }, storageState: this.staff.get(role), ...options });
  }

  /** Every mail written so far, the oldest first. */
  async mails() {
    const folder = join(this.data, "mail");
    const names = await readdir(folder).catch(() => []);
    const files = names.filter((name) => name.endsWith(".eml")).sort();
    return Promise.all(files.map(async (name) => readMail(await readFile(join(folder, name), "utf8"))));
  }

  /** Waits for a mail to an address that is none of those known already, and whose text fits. */
  async nextMail(to, known = [], fits = () => true) {
    const raws = new Set(known.map((mail) => mail.raw));
    return until(`another mail to ${to}`, async () =>
      (await this.mails()).find((mail) => !raws.has(mail.raw) && mail.to.includes(to) && fits(mail.text)),
    );
  }

  /** Waits for a mail to an address whose subject fits. */
  async mail(to, subject) {
    return until(`a mail to ${to} about ${subject}`, async () =>
      (await this.mails()).find((mail) => mail.to.includes(to) && subject.test(mail.subject)),
    );
  }
}

/** Notes every error of scripts, every line in the console and every breach of the content policy. */
async function watch(context, { refusals, offline }) {
  const problems = [];
  await context.exposeBinding("policyBroken", (_, breach) => problems.push(breach));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (e) => {
      window.policyBroken(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile ?? ""}:${e.lineNumber}`);
    });
  });
  context.on("weberror", (error) => problems.push(error.error().stack));
  context.on("dialog", async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  context.on("console", (message) => {
    const text = message.text();
    const status = text.match(/the server responded with a status of (\d+)/)?.[1];
    if (status && refusals.includes(Number(status))) return;
    if (offline && /ERR_INTERNET_DISCONNECTED/.test(text)) return;
    if (text.includes("GL Driver Message")) return; // the graphics of a machine without a screen
    if (["error", "warning"].includes(message.type())) problems.push(`${message.location().url}: ${text}`);
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason === "net::ERR_ABORTED" || (offline && reason === "net::ERR_INTERNET_DISCONNECTED")) return;
    problems.push(`${request.url()}: ${reason}`);
  });
  return problems;
}

async function leave(context, problems) {
  await context.close();
  assert.deepEqual(problems, [], "scripts failed, the content policy was broken, or something was not found");
}
