// An answer, or that there is none.

import { go, stateOf } from "./address.js";
import { copy, FORMATS } from "./citing.js";
import { button, link, make } from "./elements.js";
import { openAt, select } from "./quotes.js";
import { emphasised } from "./text.js";
import { count, dateInWords, one, place, preview, title } from "./words.js";

const STATES = {
  changed: "The file has changed since it was indexed.",
  gone: "The file is not there any more.",
};

export function verdict(told) {
  if (told.status !== "answered") return "Not in these articles.";
  const articles = new Set(told.citations.map((citation) => citation.document.id)).size;
  return `${count(told.citations.length, "quote")} from ${count(articles, "article")}`;
}

function sureness(told) {
  const value = told.confidence.toFixed(2);
  const bar = make("meter", { min: 0, max: 1, low: 0.6, high: 1, optimum: 1, value: told.confidence, title: `Confidence ${value}` });
  bar.setAttribute("aria-label", "Confidence");
  return make("span", { className: "sureness" }, bar, `confidence ${value}`);
}

export function answered(told) {
  const head = make("div", { className: "verdict" }, make("h2", {}, "Answered"), make("span", {}, verdict(told)), sureness(told));
  const quotes = make("ol", { className: "quotes" }, ...told.citations.map(quote));
  return [head, quotes, notes(told), passages(told, true)].filter(Boolean);
}

function described(document_, where = null) {
  const parts = [document_.source, dateInWords(document_.published)].filter(Boolean).map((part) => make("span", {}, part));
  return make("p", { className: "from" }, make("cite", {}, title(document_)), ...parts, where);
}

function quote(citation, position) {
  const document_ = citation.document;
  const copying = make("span", { className: "copying", role: "group" }, "Copy:");
  copying.setAttribute("aria-label", `Copy citation ${citation.marker}`);
  for (const [name, format] of Object.entries(FORMATS)) copying.append(button(name, () => copy(name, format(citation))));
  const act = () => openAt(position);
  return make(
    "li",
    { className: citation.marker === 1 ? "quote best" : "quote", tabIndex: -1, onclick: (event) => touched(event, position) },
    make("span", { className: "marker" }, make("span", { className: "unseen" }, "Quote "), String(citation.marker)),
    make("blockquote", document_.language ? { lang: document_.language } : {}, "“", ...emphasised(one(citation.quote), document_), "”"),
    described(document_, make("span", { className: "place" }, place(document_, citation.lines, citation.page))),
    ...citation.relative_dates.map(meant).filter(Boolean),
    STATES[citation.file_state] ? make("p", { className: "aside warning" }, STATES[citation.file_state]) : null,
    copies(citation.also_in),
    ...versions(citation),
    make(
      "div",
      { className: "actions" },
      button("Open article", act, { "aria-label": `Open article at quote ${citation.marker}` }),
      copying,
      citation.link ? link("On its page ↗", citation.link) : null,
    ),
  );
}

function touched(event, position) {
  if (!event.target.closest("button, a")) select(position, { focus: false });
}

function meant(found) {
  if (!found.from) return null;
  const last = found.to && found.to !== found.from ? ` to ${dateInWords(found.to)}` : "";
  return make("p", { className: "aside" }, make("q", {}, found.text), ` is ${dateInWords(found.from)}${last}.`);
}

function copies(places) {
  if (!places.length) return null;
  const named = places.slice(0, 3).flatMap((copy_, number) => [number ? ", " : "", opener(copy_)]);
  const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
  return make("p", { className: "aside" }, "Also in ", ...named, more);
}

function opener(copy_) {
  const where = { id: copy_.document.id, start: copy_.start, end: copy_.end };
  return make("button", { type: "button", className: "link", onclick: () => go({ ...stateOf(location.href), open: where }) }, place(copy_.document, copy_.lines, copy_.page));
}

function versions(citation) {
  const told = new Map();
  for (const version of citation.versions) if (!told.has(one(version.quote))) told.set(one(version.quote), version);
  return [...told].slice(0, 3).map(([text, version]) =>
    make("p", { className: "aside" }, `${age(version.document, citation.document)} says: `, make("b", {}, `“${text}”`), " (", opener(version), ")"));
}

function age(theirs, mine) {
  if (!theirs.published) return "Another version, without a date,";
  const length = Math.min(theirs.published.length, (mine.published ?? "").length);
  const when = dateInWords(theirs.published);
  if (theirs.published.slice(0, length) === (mine.published ?? "").slice(0, length)) return `Another version, of ${when},`;
  return `${theirs.published < mine.published ? "An earlier" : "A later"} version, of ${when},`;
}

export function unanswered(told) {
  const nobody = told.filter && told.filter.documents === 0;
  const why = make("p", { className: "why" });
  if (nobody) why.append("No article fits the filters.");
  else if (told.hits.length && told.missing.length) {
    why.append("The nearest passage says nothing of ");
    told.missing.slice(0, 6).forEach((word, number, all) => {
      if (number) why.append(number === all.length - 1 ? " or " : ", ");
      why.append(make("b", { className: "missing" }, `“${word}”`));
    });
    why.append(".");
  } else if (told.hits.length) why.append("The nearest passage shares the question’s words, but no sentence in it brings them together.");
  else why.append("No passage comes near the question.");
  const head = make("div", { className: "nothing" }, make("h2", {}, "Not in these articles"), why);
  return [head, notes(told), passages(told, false)].filter(Boolean);
}

function notes(told) {
  return told.notes.length ? make("ul", { className: "notes" }, ...told.notes.map((note) => make("li", {}, note))) : null;
}

function passages(told, beside) {
  if (!told.hits.length) return null;
  const list = make("ol", { className: "passages" }, ...told.hits.map((hit) => {
    const act = () => go({ ...stateOf(location.href), open: { id: hit.document.id, start: hit.start, end: hit.end } });
    const where = make("button", { type: "button", className: "link place", onclick: act }, place(hit.document, hit.lines, hit.page));
    return make("li", {}, described(hit.document, where), make("p", { className: "text" }, preview(hit.text)));
  }));
  return make("div", { className: beside ? "more beside" : "more" }, make("h2", {}, beside ? "Passages found" : "Nearest passages"), list);
}
