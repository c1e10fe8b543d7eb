// The article beside the answer, or over it on a small screen.

import { go, stateOf } from "./address.js";
import { $, button, link, make, say, toast, wide } from "./elements.js";
import { openAt, quoteAt, select } from "./quotes.js";
import { get } from "./server.js";
import { shown } from "./shown.js";
import { setText } from "./text.js";
import { dateInWords, isWeb, title } from "./words.js";

export async function openArticle(where) {
  const key = JSON.stringify(where);
  if (shown.opened?.key === key) return;
  let told;
  try {
    told = shown.opened?.told.document.id === where.id ? shown.opened.told : await get(`documents/${where.id}`);
  } catch (error) {
    toast(error.message);
    return;
  }
  if (JSON.stringify(stateOf(location.href).open) !== key) return;
  const first = shown.opened === null;
  shown.opened = { key, told, where };
  const pane = $("article");
  pane.replaceChildren(articleBar(where), articleBody(told, where));
  pane.hidden = false;
  document.body.dataset.article = "";
  shield();
  const position = quoteAt(where);
  if (position >= 0) select(position, { focus: false });
  const scroll = pane.querySelector(".scroll");
  const mark = pane.querySelector("mark");
  const at = mark ? mark.offsetTop - scroll.offsetTop : 0;
  scroll.scrollTop = at + (mark?.offsetHeight ?? 0) < 0.8 * scroll.clientHeight ? 0 : at - scroll.clientHeight / 3;
  if (first || !wide.matches) $("article-title").focus({ preventScroll: true });
  say(`${title(told.document)}, opened at ${mark ? "the quote" : "its beginning"}`);
}

export function hideArticle() {
  if (!shown.opened) return;
  shown.opened = null;
  const pane = $("article");
  const inside = pane.contains(document.activeElement);
  pane.hidden = true;
  pane.replaceChildren();
  delete document.body.dataset.article;
  shield();
  if (inside) ($("result").querySelectorAll(".quote")[shown.current] ?? $("result")).focus();
}

// On a small screen the article covers the rest, which then can't be reached.
export function shield() {
  const covers = shown.opened !== null && !wide.matches;
  for (const id of ["top", "asking", "result"]) $(id).inert = covers;
  if (covers) $("article").setAttribute("role", "dialog");
  else $("article").removeAttribute("role");
}

export const closeArticle = () => go({ ...stateOf(location.href), open: null });

function articleBar(where) {
  const position = quoteAt(where);
  const total = shown.answer?.citations.length ?? 0;
  const bar = make("div", { className: "bar" });
  if (position >= 0) {
    const step = (by, sign, name) => button(sign, () => openAt(position + by), { "aria-label": name, disabled: position + by < 0 || position + by >= total });
    bar.append(step(-1, "←", "Previous quote"), make("span", {}, `Quote ${position + 1} of ${total}`), step(1, "→", "Next quote"));
  }
  bar.append(make("span", { className: "spring" }), button("Close ✕", closeArticle, { "aria-label": "Close article" }));
  return bar;
}

function articleBody(told, where) {
  const document_ = told.document;
  const byline = [document_.authors.join(", "), document_.source, dateInWords(document_.published)].filter(Boolean).join(" · ");
  const body = make("div", { className: "body", ...(document_.language ? { lang: document_.language } : {}) });
  const scroll = make(
    "div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Text of the article" },
    make("h2", { id: "article-title", tabIndex: -1 }, title(document_)),
    byline ? make("p", { className: "byline" }, byline) : null,
    make("p", { className: "place" }, document_.path),
    isWeb(document_.url) ? make("p", { className: "byline" }, link("Where it was published ↗", document_.url)) : null,
    body,
  );
  setText(body, told, where);
  return scroll;
}
