// Recent questions, which only this browser keeps.

import { addressOf, FILTERS, go } from "./address.js";
import { hideArticle } from "./article.js";
import { $, button, make, say, toast } from "./elements.js";

const RECENT = "briefqa.recent";
const MOST_RECENT = 12;

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry === "string") : [];
  } catch {
    return [];
  }
}

function keep(questions) {
  try {
    if (questions.length) localStorage.setItem(RECENT, JSON.stringify(questions));
    else localStorage.removeItem(RECENT);
  } catch {
    // A browser that keeps nothing is fine.
  }
}

export function remember(question) {
  keep([question, ...recent().filter((entry) => entry !== question)].slice(0, MOST_RECENT));
}

export function showStart() {
  hideArticle();
  const questions = recent();
  say("");
  if (!questions.length) {
    $("result").replaceChildren();
    return;
  }
  const forget = () => {
    keep([]);
    showStart();
    toast("Recent questions forgotten.");
    $("q").focus();
  };
  const list = questions.map((question) => {
    const state = { ...Object.fromEntries(FILTERS.map((name) => [name, ""])), q: question, open: null };
    const act = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(state);
    };
    return make("li", {}, make("a", { href: addressOf(state), onclick: act }, question));
  });
  const head = make("header", {}, make("h2", {}, "Recent questions"), button("Clear", forget, { "aria-label": "Clear recent questions" }));
  $("result").replaceChildren(make("div", { className: "recent" }, head, make("ul", {}, ...list)));
}
