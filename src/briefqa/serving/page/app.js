// The page of `briefqa serve`: from the address to what is shown, and what is asked.

import { FILTERS, go, parametersOf, shownBy, stateOf } from "./address.js";
import { hideArticle, openArticle, shield } from "./article.js";
import { $, make, say, wide } from "./elements.js";
import { fillForm, formState } from "./form.js";
import { pressed } from "./keys.js";
import { select } from "./quotes.js";
import { remember, showStart } from "./recent.js";
import { answered, unanswered, verdict } from "./result.js";
import { get, keepToken } from "./server.js";
import { shown } from "./shown.js";
import { trouble } from "./trouble.js";
import { count } from "./words.js";

let asking = null;
let asked = null;
const again = () => show(stateOf(location.href));

async function show(state) {
  document.body.dataset.state = state.q ? "asked" : "start";
  document.title = state.q ? `${state.q} · briefqa` : "briefqa";
  fillForm(state);
  const parameters = parametersOf(state);
  if (!state.q) {
    asking?.abort();
    [shown.answer, asked] = [null, null];
    showStart();
    $("q").focus();
  } else if (parameters.toString() !== asked) {
    if (!(await ask(state.q, parameters))) return;
  }
  if (state.open) await openArticle(state.open);
  else hideArticle();
}

async function ask(question, parameters) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const result = $("result");
  result.setAttribute("aria-busy", "true");
  try {
    const told = await get("answer", parameters, mine.signal);
    [shown.answer, shown.current, asked] = [told, -1, parameters.toString()];
    remember(question);
    result.replaceChildren(...(told.status === "answered" ? answered(told) : unanswered(told)));
    say(verdict(told));
    select(told.citations.length ? 0 : -1, { focus: false });
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    [shown.answer, asked] = [null, null];
    hideArticle();
    result.replaceChildren(trouble(error, { again, enter: begin }));
    say(error.message);
    result.querySelector("input")?.focus();
    return false;
  } finally {
    if (mine === asking) result.removeAttribute("aria-busy");
  }
}

// What can be filtered by, and how much there is.
async function describe() {
  const [status, listed] = await Promise.all([get("status"), get("documents")]);
  $("holds").textContent = `${count(status.documents, "article")} · ${count(status.passages, "passage")}`;
  const languages = status.languages.filter((entry) => entry.language);
  const chosen = $("language").value;
  $("language").replaceChildren(make("option", { value: "" }, "Any"), ...languages.map((entry) => make("option", { value: entry.language }, `${entry.language} (${entry.documents})`)));
  fillForm({ ...formState(), language: chosen });
  const sources = [...new Set(listed.documents.map((entry) => entry.source).filter(Boolean))].sort();
  $("sources").replaceChildren(...sources.map((source) => make("option", { value: source })));
}

async function begin() {
  const state = stateOf(location.href);
  const showing = show(state);
  try {
    await describe();
  } catch (error) {
    if (state.q) return; // the question meets the same
    $("result").replaceChildren(trouble(error, { again, enter: begin }));
    $("result").querySelector("input")?.focus();
  }
  await showing;
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not as it was printed: the server will say that it is wrong
  }
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const state = formState();
  if (!state.q) {
    $("q").focus();
    return;
  }
  $("q").blur();
  asked = null;
  go(state);
});
for (const name of FILTERS) {
  $(name).addEventListener("change", () => {
    const state = formState();
    if (state.q && document.body.dataset.state !== "start") go(state);
    else fillForm(state);
  });
}
$("clear-filters").addEventListener("click", () => {
  const state = formState();
  for (const name of FILTERS) state[name] = "";
  go(document.body.dataset.state === "start" ? { ...state, q: "" } : state);
});
$("brand").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(stateOf(location.origin));
  $("q").focus();
});
$("help").addEventListener("click", () => $("keys").showModal());
if (!CSS.supports("field-sizing", "content")) {
  $("q").addEventListener("input", () => {
    $("q").rows = Math.min(5, 1 + Math.floor($("q").value.length / 60));
  });
}
document.addEventListener("keydown", pressed);
wide.addEventListener("change", shield);
window.addEventListener("popstate", again);
shownBy(show);

const handed = /^#token=(.+)$/u.exec(location.hash);
if (handed) {
  keepToken(unescaped(handed[1]));
  history.replaceState(null, "", location.pathname + location.search);
}
begin();
