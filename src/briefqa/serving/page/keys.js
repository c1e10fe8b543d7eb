// What keys do.

import { closeArticle } from "./article.js";
import { copy, FORMATS } from "./citing.js";
import { $ } from "./elements.js";
import { openAt, step } from "./quotes.js";
import { shown } from "./shown.js";

const KEYS = {
  "/": () => { $("q").focus(); $("q").select(); },
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  o: () => openAt(Math.max(0, shown.current)),
  c: () => shown.answer?.citations[Math.max(0, shown.current)] && copy("plain", FORMATS.plain(shown.answer.citations[Math.max(0, shown.current)])),
  "?": () => $("keys").showModal(),
};

export function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("keys").open) return;
  const target = event.target;
  const typing = target.closest("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else if (shown.opened) closeArticle();
    return;
  }
  if (event.key === "Enter" && target.matches(".quote")) {
    event.preventDefault();
    openAt(shown.current);
  } else if (!typing && KEYS[event.key]) {
    const scrolls = event.key.startsWith("Arrow") && (target.closest(".scroll") || !shown.answer?.citations.length);
    if (scrolls) return;
    event.preventDefault();
    KEYS[event.key]();
  } else if (typing === $("q") && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    $("ask").requestSubmit();
  }
}
