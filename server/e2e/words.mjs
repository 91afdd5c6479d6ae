// The texts that people read, taken from the catalogues: a journey looks for what a text means, not for how it is worded today.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../static/lang");

function read(language) {
  const all = {};
  for (const file of readdirSync(join(folder, language)).filter((name) => name.endsWith(".json"))) {
    Object.assign(all, JSON.parse(readFileSync(join(folder, language, file), "utf8")));
  }
  return all;
}

export const catalogues = { en: read("en"), ur: read("ur") };

const number = new Intl.NumberFormat("en-GB");

/** The English text of a key. A placeholder that is not given stays as it is, so that a missing one is seen. */
export function t(key, args = {}) {
  let text = catalogues.en[key];
  if (text === undefined) throw new Error(`no text has the key ${key}`);
  if (typeof text === "object") text = args.n === 1 ? text.one : text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = args[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number.format(value) : value;
  });
}

/** A pattern for the text of a key with anything in its placeholders. */
export function like(key) {
  const text = catalogues.en[key];
  if (text === undefined) throw new Error(`no text has the key ${key}`);
  const forms = typeof text === "object" ? Object.values(text) : [text];
  return new RegExp(
    forms
      .map((form) =>
        form
          .split(/\{\w+\}/)
          .map(literally)
          .join(".+"),
      )
      .join("|"),
  );
}

function literally(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** English words that would show that a page in another language was left untranslated: every literal piece of two words or more
 * whose translation differs. */
export function englishPieces(language) {
  const pieces = new Set();
  for (const [key, text] of Object.entries(catalogues.en)) {
    const other = catalogues[language][key];
    if (other === undefined || JSON.stringify(other) === JSON.stringify(text)) continue;
    for (const form of typeof text === "object" ? Object.values(text) : [text]) {
      for (const piece of form.split(/\{\w+\}/)) {
        if (/[A-Za-z]{2,}\s+[A-Za-z]{2,}/.test(piece)) pieces.add(piece.trim());
      }
    }
  }
  return [...pieces];
}
