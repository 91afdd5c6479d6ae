/** Puts the parts of a freshly drawn page in the place of those that differ. A part in which somebody types stays, and is counted as held. */
export function takeParts(page: HTMLElement, fresh: HTMLElement): { changed: boolean; held: boolean } {
  const done = { changed: false, held: false };
  for (const part of page.querySelectorAll<HTMLElement>("[data-live-part]")) {
    const next = fresh.querySelector<HTMLElement>(`[data-live-part="${part.dataset.livePart}"]`);
    if (!next || same(part, next)) continue;
    if (typedIn(part)) done.held = true;
    else {
      part.replaceWith(next);
      done.changed = true;
    }
  }
  return done;
}

/** Compares what is read: keys and tokens of forms are new on every page. */
const same = (a: HTMLElement, b: HTMLElement) => a.textContent === b.textContent;

function typedIn(part: HTMLElement): boolean {
  if (part.contains(document.activeElement)) return true;
  return [...part.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
}
