// What every page is held to: accessibility, room on small screens, landmarks, budgets, languages.

import assert from "node:assert/strict";
import axe from "axe-core";
import { englishPieces } from "./words.mjs";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Holds the page to axe (C02, C10), with every rule of the tags and nothing left out, in light and in dark. */
export async function accessible(page) {
  await page.evaluate(`if (!window.axe) { ${axe.source} }`);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const violations = await page.evaluate(runAxe, tags);
    assert.deepEqual(violations, [], `axe, ${colorScheme}: ${page.url()}`);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Runs in the page. */
async function runAxe(tags) {
  const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
  }));
}

/** Holds the page to what a small screen leaves (C05): 320 CSS pixels, also with the text spacing people may set (WCAG 1.4.12). */
export async function fitsSmallScreens(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const spacing of [
    "",
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
  ]) {
    const wide = await page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets = [sheet];
      const { scrollWidth, clientWidth } = document.documentElement;
      const over = (box) => box.width > 0 && (box.right > clientWidth + 1 || box.left < -1);
      const scrolled = (e) => getComputedStyle(e).overflowX !== "visible"; // what it cuts off is not in the way
      const hidden = (e) => getComputedStyle(e).position === "absolute" && e.offsetWidth <= 1;
      const culprits = [...document.querySelectorAll("body *")].filter((e) => over(e.getBoundingClientRect()));
      const free = culprits.filter((e) => {
        for (let up = e; up; up = up.parentElement) if (scrolled(up) || hidden(up)) return false;
        return true;
      });
      return { scrolls: scrollWidth > clientWidth, culprits: free.slice(0, 3).map((e) => e.outerHTML.slice(0, 200)) };
    }, spacing);
    assert.deepEqual(wide, { scrolls: false, culprits: [] }, `too wide for 320 pixels: ${page.url()}`);
  }
  const small = await page.evaluate(smallTargets);
  assert.deepEqual(small, [], `targets below 24 pixels: ${page.url()}`);
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
  });
  await page.setViewportSize(before);
}

/** Runs in the page: what can be pressed and is smaller than 24 by 24 CSS pixels (C09), links within a sentence aside (WCAG 2.5.8). */
function smallTargets() {
  const target = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const inSentence = (e) =>
    getComputedStyle(e).display === "inline" &&
    (e.parentElement?.textContent?.trim().length ?? 0) > (e.textContent?.trim().length ?? 0);
  return [...document.querySelectorAll(target)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
    .filter((e) => {
      const { width, height } = e.getBoundingClientRect();
      const hiddenUntilFocus = e.matches(".govuk-skip-link");
      return !hiddenUntilFocus && (width < 24 || height < 24) && !inSentence(e);
    })
    .map(
      (e) =>
        `${Math.round(e.getBoundingClientRect().width)}×${Math.round(e.getBoundingClientRect().height)} ${e.outerHTML.slice(0, 160)}`,
    );
}

/** Holds the page to its outline (C07): one of each landmark, one first heading, no level left out, its language named. */
export async function wellOutlined(page) {
  const outline = await page.evaluate(() => {
    const count = (selector) => document.querySelectorAll(selector).length;
    // The error summary stands before the first heading: whoever listens hears what is wrong first.
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(
      (h) => !h.closest(".govuk-error-summary"),
    );
    const levels = headings.map((h) => Number(h.tagName[1]));
    return {
      banners: count("body > header"),
      mains: count("main"),
      footers: count("body > footer"),
      unnamed: count("nav:not([aria-label]):not([aria-labelledby])"),
      first: count("h1"),
      skipped: levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1).length,
      lang: document.documentElement.lang !== "",
      titled: document.title.length > 3,
    };
  });
  const whole = { banners: 1, mains: 1, footers: 1, unnamed: 0, first: 1, skipped: 0, lang: true, titled: true };
  assert.deepEqual(outline, whole, page.url());
}

/** Notes what a page loads until somebody touches it. The browser's cache must be off. */
export function weigh(page) {
  const finished = [];
  const note = (request) => finished.push(request);
  page.on("requestfinished", note);
  return async () => {
    page.off("requestfinished", note);
    const sums = { requests: finished.length, document: 0, stylesheet: 0, script: 0 };
    for (const request of finished) {
      const kind = request.resourceType();
      if (kind in sums) sums[kind] += (await request.sizes()).responseBodySize;
    }
    return sums;
  };
}

/** Holds a page to the budgets of the design, in bytes as sent (C12). A page that is a map is held to its document only. */
export function withinBudget(sums, isMap) {
  const limits = { requests: 8, document: 14 * 1024, stylesheet: 20 * 1024, script: 15 * 1024 };
  const over = Object.keys(limits).filter((kind) => sums[kind] > limits[kind] && (!isMap || kind === "document"));
  assert.deepEqual(over, [], `over budget: ${JSON.stringify(sums)}`);
  assert.ok(sums.document > 0, "no document was weighed");
}

/** Holds a page in Urdu to its direction and to having been translated (C15). What people wrote stays in their own language. */
export async function inUrdu(page) {
  const { dir, lang, texts } = await page.evaluate(() => {
    const own = (node) => node.parentElement?.closest("[dir=auto], bdi, svg, script, style, [lang]:not(html)");
    const texts = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) if (!own(node)) texts.push(node.textContent ?? "");
    for (const e of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")) {
      for (const name of ["aria-label", "placeholder", "alt", "title"]) texts.push(e.getAttribute(name) ?? "");
    }
    texts.push(document.title);
    return { dir: document.documentElement.dir, lang: document.documentElement.lang, texts };
  });
  assert.deepEqual({ dir, lang }, { dir: "rtl", lang: "ur" }, page.url());
  const english = englishPieces("ur");
  const left = texts.flatMap((text) => english.filter((piece) => text.includes(piece)));
  assert.deepEqual(left, [], `English on a page in Urdu: ${page.url()}`);
}
