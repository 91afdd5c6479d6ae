// What every page gets of script, and could do without: the error summary takes the focus, long fields count down, and "near
// me" asks for the place. Words come from the page's data- attributes.

import { countDown } from "./character-count";
import { CopyLink } from "./copy-link";
import { NearMe } from "./near-me";

document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
document.querySelectorAll<HTMLTextAreaElement>("textarea[data-count]").forEach(countDown);
customElements.define("near-me", NearMe);
customElements.define("copy-link", CopyLink);
