// Every page there is, as its reader sees it: accessible, on small screens, within budget, translated. The list of pages comes from
// the table of routes; what fills a parameter comes from the running demo. A route that nothing fills fails.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, fitsSmallScreens, inUrdu, weigh, wellOutlined, withinBudget } from "./checks.mjs";
import { ask, openApplication, press, resident, sendComment, writeComment } from "./resident.mjs";
import { startSite } from "./site.mjs";
import { t } from "./words.mjs";

const root = join(import.meta.dirname, "../..");
const printed = execFileSync("go", ["run", "./server/e2e/routes"], { cwd: root, encoding: "utf8" });
const routes = JSON.parse(printed).filter(({ Method, Kind }) => Method === "GET" && Kind === "page");

// Kind "page" in the table, but for pages to fetch and not for people to read.
const parts = ["/tiles/:layer/:z/:x/:y", "/basemap.pmtiles", "/static/:name"];

/** What stands for each parameter, by the address before it. Filled below from the running demo. */
const fill = new Map();
/** Routes whose pages exist for other records than those above: their addresses, whole. */
const exact = new Map();

let site;
let empty; // a site nobody has set up yet
let anonymous;
let staff;

before(async () => {
  [site, empty] = await Promise.all([startSite(), startSite("serve")]);
  anonymous = await site.visit({ refusals: [403, 404, 410, 422] });
  staff = {};
  for (const role of ["officer", "analyst", "admin"])
    staff[role] = await site.signedIn(role, { refusals: [403, 404, 410, 422] });
  await prepare();
});

after(async () => {
  await site?.stop();
  await empty?.stop();
});

/** Does what makes each kind of page exist, and notes the addresses. */
async function prepare() {
  const { page } = anonymous;
  const application = await openApplication(page);
  await page.goto(application);
  const hrefs = (prefix) => page.locator(`main a[href^="${prefix}"]`).first().getAttribute("href");
  const last = (path) => path.split(/[/?#]/).filter(Boolean).pop();
  const bare = (path) => path.split(/[?#]/)[0];
  fill.set("/consultations/:id", last(application));
  fill.set("/ogc/collections/:collection", ["applications", "application-points"]);
  fill.set("/ogc/collections/:collection/items/:feature", last(application));
  fill.set("/documents/:id", last(await hrefs("/documents/")));
  fill.set("/threads/:id", last(bare(await hrefs("/threads/"))));
  await page.goto(`${application}/comments`);
  fill.set("/comments/:id", last(await hrefs("/comments/")));
  fill.set("/officer/comments/:id", fill.get("/comments/:id"));
  fill.set("/officer/items/:id", fill.get("/comments/:id"));
  fill.set("/officer/promises/:id", fill.get("/comments/:id"));
  exact.set("/officer/routing/:rule", ["/officer/routing/new"]);
  fill.set("/officer/consultations/:id", last(application));
  await page.goto(`${application}/concerns`);
  fill.set("/concerns/:id", last(await hrefs("/concerns/")));
  fill.set("/officer/concerns/:id", fill.get("/concerns/:id"));
  exact.set("/answers/:id", [`/concerns/${fill.get("/concerns/:id")}`]); // where a message that carries an answer leads
  await weighedPages(page, last(application), last);
  await matterPages(page, application, last);

  await writeComment(page, application, resident({ email: "pages@example.org", place: "Example Row" }));
  fill.set("/comment/:draft", page.url().split("/").at(-2));
  fill.set("/comment/:draft/:step", ["opinion", "words", "place", "details", "check"]);
  // Somebody else, not a second tab: a tab in the background may never be shown again where there is no screen.
  const neighbour = await site.visit();
  const other = neighbour.page;
  await writeComment(other, application, resident());
  fill.set("/my-comment/:token", last((await sendComment(other)).path));
  await ask(other, application, "Trees", "Which trees stay?");
  const message = await other.locator("li.message").getAttribute("data-id");
  fill.set("/officer/messages/:id", message);
  fill.set("/flag/:id", fill.get("/comments/:id"));
  fill.set("/officer/flags/:id", [fill.get("/comments/:id"), message]);
  await moderated(message);
  await other.goto(application);
  await other.locator("#email").fill("follows@example.org");
  await press(other, "follow.submit");
  await neighbour.leave();
  fill.set("/follow/:token", await token("follows@example.org", "mail.confirm.subject", "follow"));

  await page.goto("/alerts?q=homes");
  await page.locator("#email").fill("alerts@example.org");
  await press(page, "alert.submit");
  const alert = await token("alerts@example.org", "mail.alert_confirm.subject", "alert");
  await page.goto(`/alert/${alert}`);
  await press(page, "alert.confirm");
  fill.set("/alert/:token", alert);

  await page.goto("/sign-in");
  await page.locator("#email").fill("analyst@example.org");
  await press(page, "sign_in.submit");
  fill.set("/sign-in/:token", await token("analyst@example.org", "mail.sign_in.subject", "sign-in"));
  fill.set("/set-up/:token", last(empty.link("set-up")));
  const admin = staff.admin.page;
  await admin.goto("/admin/officers");
  fill.set(
    "/admin/officers/:id",
    last(await admin.locator("main a[href^='/admin/officers/']").first().getAttribute("href")),
  );
  await admin.locator("#name").fill("Invented colleague");
  await admin.locator("#email").fill("colleague@example.org");
  await admin.locator("#service").fill("Planning");
  await admin.locator("#job_title").fill("Planning officer");
  await admin.getByLabel(t("role.officer"), { exact: true }).check();
  await press(admin, "officers.invite_submit");
  fill.set("/invite/:token", await token("colleague@example.org", "mail.invite.subject", "invite"));
  await admin.goto("/admin/webhooks");
  await admin.locator("#label").fill("Register of the county");
  await admin.locator("#url").fill("https://hooks.example.org/yousaid");
  await admin.getByLabel(t("webhooks.event.consultation.withdrawn"), { exact: true }).check();
  await press(admin, "webhooks.add");
  await admin.goto("/admin/webhooks");
  fill.set(
    "/admin/webhooks/:id",
    last(await admin.locator("main a[href^='/admin/webhooks/']").first().getAttribute("href")),
  );
  await prepareConsulted(last(application));
  await prepareCouncillor(last);
  await prepareFacts(last(application));
}

/** A published card, and a draft. */
async function prepareFacts(id) {
  const desk = staff.officer.page;
  const made = async (claim) => {
    await desk.goto(`/officer/facts/new?consultation=${id}`);
    await desk.getByLabel(t("officer_fact.kind_claim"), { exact: true }).check();
    for (const [field, value] of Object.entries({
      claim,
      short: "Two of eleven trees are felled; nine stay.",
      answer: "Nine of the eleven stay.",
      "source-1": "Tree survey",
      "source-1-link": "https://example.org/trees",
      "review-day": "1",
      "review-month": "9",
      "review-year": "2099",
    }))
      await desk.locator(`#${field}`).fill(value);
    await press(desk, "officer_fact.save");
    await desk.getByText(t("officer_fact.saved")).waitFor();
    return new URL(desk.url()).pathname;
  };
  const draft = await made("The playground will be closed");
  const card = await made("All the trees will be felled");
  await press(desk, "officer_fact.publish");
  await desk.getByText(t("officer_fact.published")).waitFor();
  const number = card.split("/").at(-1);
  fill.set("/facts/:id", number);
  exact.set("/officer/facts/:id", ["/officer/facts/new", draft, card]);
  exact.set("/officer/facts/:id/pins", [`${draft}/pins`, `${card}/pins`]);
}

/** A councillor with a conversation, and a saved reply. */
async function prepareCouncillor(last) {
  const desk = staff.officer.page;
  await desk.goto("/officer/replies/new");
  await desk.locator("#name").fill("Where the plans are");
  await desk.locator("#text-en").fill("All plans are at [[link]].");
  await press(desk, "officer_reply.save");
  const saved = await desk.getByRole("link", { name: "Where the plans are" }).getAttribute("href");
  fill.set("/officer/replies/:id", [last(saved), "new"]);
  await desk.goto("/officer/councillors");
  await desk.locator("#name").fill("Invented councillor");
  await desk.locator("#email").fill("councillor@example.org");
  await press(desk, "officer_councillors.submit");
  const mine = await token("councillor@example.org", "mail.councillor.subject", "councillor");
  fill.set("/councillor/:token", mine);
  await desk.goto(`/councillor/${mine}`);
  await desk.locator("button[name=consultation]").first().click();
  fill.set("/councillor/:token/threads/:thread", last(desk.url()));
}

/** Has something decided about a message, and about a comment of its own that is hidden. */
async function moderated(message) {
  const { page } = staff.officer;
  const hide = async (thing) => {
    await page.goto(`/officer/flags/${thing}`);
    await page.getByLabel(t("rule.abuse"), { exact: true }).check();
    await page.locator("#reason").fill("It attacks a person.");
    await press(page, "officer_flag.hide");
  };
  await hide(message);
  await press(page, "officer_flag.restore");
  fill.set("/moderation/:id", message);
  const visitor = await site.visit();
  await writeComment(visitor.page, `/consultations/${fill.get("/consultations/:id")}`, resident());
  const sent = await sendComment(visitor.page);
  await visitor.leave();
  await page.goto(`/officer/comments/${sent.reference}`);
  await press(page, "officer_comment.publish");
  await hide(sent.reference);
  exact.set("/my-comment/:token/moderation", [`${sent.path}/moderation`]);
  exact.set("/comments/:id", [`/comments/${fill.get("/comments/:id")}`, `/comments/${sent.reference}`]);
}

/** Asks two consultees, one by mail and one by letter, and prints the letter. */
async function prepareConsulted(id) {
  const desk = staff.officer.page;
  const last = (path) => path.split(/[/?#]/).filter(Boolean).pop();
  const consultees = `/officer/consultations/${id}/consultees`;
  for (const [name, reach] of [
    ["Invented Rivers Board", { email: "rivers@example.org" }],
    ["Invented Bridge Board", { address: "The Old Toll House, Example Row", postcode: "B9 9CK" }],
  ]) {
    await desk.goto(consultees);
    await desk.locator("#name").fill(name);
    await desk.getByLabel(t("consultee_kind.statutory"), { exact: true }).check();
    for (const [field, value] of Object.entries(reach)) await desk.locator(`#${field}`).fill(value);
    await desk.locator("#why").fill("The basin lies beside the site.");
    await press(desk, "officer_consultees.add");
  }
  await desk.locator("button[name=ask]").click();
  fill.set(
    "/officer/consultees/:id",
    last(await desk.getByRole("link", { name: "Invented Rivers Board" }).getAttribute("href")),
  );
  fill.set("/consultee/:token", await token("rivers@example.org", "mail.consultee.subject_ask", "consultee"));
  fill.set("/c/:id", id);
  await desk.goto(`/officer/consultations/${id}/letters`);
  await desk.locator("form:has(input[name=kind][value=consultee]) button").click();
  fill.set("/officer/consultations/:id/letters/:batch", last(desk.url()));
}

/** The report of a decided case, and the officers' pages behind the one and behind a case that is still open. */
async function weighedPages(page, open, last) {
  await page.goto("/?stage=decided");
  const decided = last(await page.locator(".card__title a").first().getAttribute("href"));
  exact.set("/consultations/:id/report", [`/consultations/${decided}/report`]);
  const { page: officer } = staff.officer;
  const desk = (id) => `/officer/consultations/${id}`;
  const under = async (address) => {
    await officer.goto(address);
    return officer.locator("main a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  };
  const topics = (await under(`${desk(open)}/weighing`)).filter((href) => href.startsWith(`${desk(open)}/weighing/`));
  const report = await under(`${desk(decided)}/report`);
  exact.set("/officer/consultations/:id/weighing/:topic", [topics[0], `${desk(decided)}/weighing/noise`]);
  exact.set("/officer/consultations/:id/report", [`${desk(open)}/report`, `${desk(decided)}/report`]);
  for (const kind of ["paragraphs", "conditions"]) {
    const written = report.find((href) => href.includes(`/report/${kind}/`));
    const addresses = [`${desk(open)}/report/${kind}/new`, written];
    exact.set(`/officer/consultations/:id/report/${kind}/:${kind.slice(0, -1)}`, addresses);
  }
}

/** The pages of a consultation with questions of its own, and the officers' pages behind it. */
async function matterPages(page, application, last) {
  await page.goto("/?q=C-2099-0001");
  const id = last(await page.locator(".card__title a").first().getAttribute("href"));
  const desk = `/officer/consultations/${id}`;
  exact.set("/consultations/:id", [application, `/consultations/${id}`]);
  exact.set("/consultations/:id/comment", [`${application}/comment`, `/consultations/${id}/comment`]);
  exact.set("/consultations/:id/comments", [`${application}/comments`, `/consultations/${id}/comments`]);
  for (const name of ["form", "results"]) exact.set(`/consultations/:id/${name}`, [`/consultations/${id}/${name}`]);
  const { page: officer } = staff.officer;
  await officer.goto(`${desk}/form`);
  await press(officer, "officer_form.start");
  await officer.getByRole("heading", { name: t("officer_form.draft", { n: 2 }) }).waitFor();
  for (const name of ["form", "response"]) exact.set(`/officer/consultations/:id/${name}`, [`${desk}/${name}`]);
  exact.set("/officer/consultations/:id/form/question", [`${desk}/form/question`]);
}

/** The token in the link of a mail. */
async function token(to, subject, path) {
  const [start] = t(subject).split("{");
  const mail = await site.mail(to, new RegExp(start));
  const found = mail.links.map((link) => link.match(new RegExp(`/${path}/([0-9A-Za-z_-]+)`))?.[1]).find(Boolean);
  assert.ok(found, `no link to /${path}/ in: ${mail.text}`);
  return found;
}

/** Every address of a route, its parameters filled. */
function addresses(route) {
  if (exact.has(route)) return exact.get(route);
  let found = [""];
  let pattern = "";
  for (const part of route.split("/").slice(1)) {
    pattern += `/${part}`;
    const values = part.startsWith(":") ? [fill.get(pattern)].flat() : [part];
    assert.ok(values[0] !== undefined, `nothing fills ${pattern}: teach pages.test.mjs where its pages are`);
    found = found.flatMap((start) => values.map((value) => `${start}/${value}`));
  }
  return found;
}

/** Whose page a route is. */
function readerOf(route) {
  if (route.startsWith("/officer")) return staff.officer;
  if (route.startsWith("/analyst")) return staff.analyst;
  if (route.startsWith("/admin")) return staff.admin;
  return anonymous;
}

const isResidents = (route) => !/^\/(officer|analyst|admin|sign-in|set-up|invite)/.test(route);
const titles = new Map();

for (const { Path: route } of routes.filter(({ Path }) => !parts.includes(Path))) {
  test(`the page ${route}`, async () => {
    const { page, context } = readerOf(route);
    const session = await context.newCDPSession(page);
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    const base = route.startsWith("/set-up") ? empty.base : site.base;
    for (const address of addresses(route)) {
      const weight = weigh(page);
      const answer = await page.goto(`${base}${address}?lang=en`);
      assert.equal(answer.status(), 200, address);
      assert.match(answer.headers()["content-type"], /^text\/html/);
      withinBudget(await weight(), route === "/map");
      const drawn = await page.content();
      assert.ok(!drawn.includes("ZgotmplZ"), `a template lost a value that it took for something else: ${address}`);
      await wellOutlined(page);
      await accessible(page);
      await fitsSmallScreens(page);
      await uniqueTitle(page, answer.url());
      if (!isResidents(route)) continue;
      await page.goto(`${base}${address}?lang=ur`);
      await inUrdu(page);
      await accessible(page);
      await fitsSmallScreens(page);
    }
    await page.goto(`${base}/?lang=en`);
    await session.detach();
  });
}

/** Addresses of pages that are one page to a reader. */
const twins = [
  [/\/comment\/[^/]+\/opinion$/, `/consultations/ID/comment`],
  [/\/consultations\/[^/]+\/comment$/, `/consultations/ID/comment`],
  [/(\/follow\/[^/]+)\/stop$/, "$1"],
  [/(\/alert\/[^/]+)\/stop$/, "$1"],
];

/** A title tells a page from all others (C07). */
async function uniqueTitle(page, asked) {
  const title = await page.title();
  const path = twins.reduce((known, [one, other]) => known.replace(one, other), new URL(asked).pathname);
  const known = titles.get(title) ?? path;
  titles.set(title, known);
  assert.equal(path, known, `two pages have the title ${title}`);
}

test("what is refused is a page as well", async () => {
  const { page } = anonymous;
  const application = `/consultations/${fill.get("/consultations/:id")}`;
  const refusals = [
    ["/no-such-page", 404],
    ["/consultations/0000000000000", 404],
    ["/consultations/none", 404],
    ["/my-comment/forged", 404],
    [`/sign-in/${"x".repeat(26)}`, 410],
    [`/set-up/${"x".repeat(26)}`, 410],
    [`/invite/${"x".repeat(26)}`, 410],
    ["/?postcode=nonsense!", 422],
  ];
  for (const [address, status] of refusals) {
    for (const language of ["en", "ur"]) {
      const query = address.includes("?") ? "&" : "?";
      const answer = await page.goto(`${address}${query}lang=${language}`);
      assert.equal(answer.status(), status, address);
      await wellOutlined(page);
      await accessible(page);
      if (language === "ur" && isResidents(address)) await inUrdu(page);
    }
    await fitsSmallScreens(page);
  }
  const { page: officer } = staff.officer;
  assert.equal((await officer.goto("/admin/officers")).status(), 403);
  await accessible(officer);
  await page.goto(`${application}?lang=en`);
});

test("an empty form tells what is missing, accessibly, in both languages", async () => {
  const { page } = anonymous;
  const application = `/consultations/${fill.get("/consultations/:id")}`;
  const draft = `/comment/${fill.get("/comment/:draft")}`;
  const forms = [
    `${application}/comment`,
    `${application}/ask`,
    `${draft}/words`,
    `${draft}/details`,
    `/threads/${fill.get("/threads/:id")}`,
  ];
  for (const address of forms) {
    for (const language of ["en", "ur"]) {
      await page.goto(`${address}?lang=${language}`);
      await page.locator("main textarea, main input[type=text], main input[type=email]").evaluateAll((all) => {
        for (const field of all) field.value = "";
      });
      // Sent as without JavaScript: in a conversation the island would put the answer into the page instead.
      await Promise.all([
        page.waitForEvent("framenavigated"),
        page
          .locator("main form button[type=submit]")
          .last()
          .evaluate((button) => button.form.submit()),
      ]);
      await page.locator(".govuk-error-summary").waitFor();
      await wellOutlined(page);
      await accessible(page);
      await fitsSmallScreens(page);
      if (language === "ur") await inUrdu(page);
    }
  }
  await page.goto("/?lang=en");
});

test("a form that stood open too long keeps what was typed, accessibly", async () => {
  const { page, context } = anonymous;
  const thread = `/threads/${fill.get("/threads/:id")}`;
  await page.goto(thread);
  await page.getByLabel(t("thread.body"), { exact: true }).fill("Is there a bench?");
  await context.clearCookies();
  await Promise.all([
    page.waitForEvent("framenavigated"),
    page.locator("form[data-live-form]").evaluate((form) => form.submit()),
  ]);
  await page.getByRole("heading", { level: 1, name: t("error_page.stale_title") }).waitFor();
  assert.equal(await page.locator("textarea").inputValue(), "Is there a bench?");
  await accessible(page);
  await fitsSmallScreens(page);
});

test("no page broke the content policy, failed in a script, or asked in vain", async () => {
  await anonymous.leave();
  for (const visit of Object.values(staff)) await visit.leave();
});
