// Counts down while somebody types. It never stops the typing: a text that is too long is for its writer to shorten.

/** Keeps the line below a field at the number of characters left, counted in code points as the server does. */
export function countDown(field: HTMLTextAreaElement): void {
  const line = document.getElementById(`${field.id}-count`);
  const max = Number(field.dataset.count);
  if (!line) return;
  // What is seen changes with every key; a screen reader hears it only after a pause, else it would talk over the typing.
  const heard = document.createElement("div");
  heard.className = "govuk-visually-hidden";
  heard.setAttribute("role", "status");
  line.after(heard);
  let pause = 0;
  const show = () => {
    const left = max - [...field.value.trim()].length;
    line.textContent = words(left < 0 ? field.dataset.over : field.dataset.left, Math.abs(left));
    line.classList.toggle("govuk-error-message", left < 0);
    line.classList.toggle("govuk-hint", left >= 0);
    clearTimeout(pause);
    pause = window.setTimeout(() => {
      heard.textContent = line.textContent;
    }, 1500);
  };
  field.addEventListener("input", show);
  if (field.value) show();
}

/** Fills {n} into the plural form that the page's language wants. */
export function words(forms: string | undefined, n: number): string {
  const lang = document.documentElement.lang;
  const texts = JSON.parse(forms ?? "{}") as Record<string, string>;
  const text = texts[new Intl.PluralRules(lang).select(n)] ?? texts.other ?? "";
  return text.replace("{n}", n.toLocaleString(lang));
}
