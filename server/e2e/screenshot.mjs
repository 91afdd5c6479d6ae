// Pictures for the README. They are only written on demand, so that a run leaves the tree as it was.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../docs/screenshots");
const most = 200 * 1024; // bytes

/** Takes a picture of what is in view; with YOUSAID_SCREENSHOTS=1 it is kept as docs/screenshots/<name>.png. */
export async function screenshot(page, name) {
  const keep = process.env.YOUSAID_SCREENSHOTS === "1" ? { path: join(folder, `${name}.png`) } : {};
  const picture = await page.screenshot({ animations: "disabled", ...keep });
  assert.ok(picture.length <= most, `the picture of ${name} has ${picture.length} bytes`);
  if (keep.path) assert.equal(statSync(keep.path).size, picture.length);
}
