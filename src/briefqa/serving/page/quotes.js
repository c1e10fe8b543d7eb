// Quotes: which is the current one, and its article.

import { go, stateOf } from "./address.js";
import { $, wide } from "./elements.js";
import { shown } from "./shown.js";

export const quoteAt = (where) => (shown.answer?.citations ?? []).findIndex((citation) => citation.document.id === where.id && citation.start === where.start && citation.end === where.end);

export function select(position, { focus = true } = {}) {
  const quotes = [...$("result").querySelectorAll(".quote")];
  quotes.forEach((element, number) => {
    if (number === position) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  });
  shown.current = position;
  if (focus && quotes[position]) {
    quotes[position].focus({ preventScroll: true });
    quotes[position].scrollIntoView({ block: "nearest" });
  }
}

export function openAt(position) {
  const citation = shown.answer?.citations[position];
  if (!citation) return;
  select(position, { focus: false });
  const state = stateOf(location.href);
  const open = { id: citation.document.id, start: citation.start, end: citation.end };
  go({ ...state, open }, { replace: state.open !== null });
}

export function step(by) {
  const total = shown.answer?.citations.length ?? 0;
  if (!total) return;
  const next = Math.min(total - 1, Math.max(0, shown.current + by));
  select(next, { focus: wide.matches || !shown.opened });
  if (shown.opened) openAt(next);
}
