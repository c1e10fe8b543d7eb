// The page of `briefqa serve`. Text of articles goes into it as text only; the address holds the whole state.

const API = "api/v1/";
const COOKIE = "briefqa-token";
const RECENT = "briefqa.recent";
const MOST_RECENT = 12;
const FILTERS = ["since", "before", "source", "language", "sort"];
const LONGEST_SHOWN = 300_000;
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const STATES = {
  changed: "The file has changed since it was indexed.",
  gone: "The file is not there any more.",
};

const $ = (id) => document.getElementById(id);
const wide = matchMedia("(min-width: 64rem)");

// What is shown now.
let answer = null;
let current = -1;
let opened = null;
let asking = null;
let asked = null;

// ---- Making elements -------------------------------------------------------------------------------------------------

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const button = (text, act, properties = {}) => make("button", { type: "button", className: "quiet", onclick: act, ...properties }, text);
const preview = (text) => one(text.replace(/^\s*(?:#{1,6}|[-*+])\s+/gmu, "").replaceAll("**", ""));
const link = (text, url) => make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
const one = (text) => text.replace(/\s+/gu, " ").trim();
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const isWeb = (url) => /^https?:\/\/\S+$/iu.test(url ?? "");

function dateInWords(date) {
  if (!date) return null;
  const [year, month, day] = date.split("-");
  return [day && Number(day), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(" ");
}

function place(document_, lines, page) {
  if (page) return `${document_.path}, page ${page}`;
  return `${document_.path}:${lines[0]}${lines[1] > lines[0] ? `–${lines[1]}` : ""}`;
}

const isMarkdown = (document_) => /\.(?:md|markdown)$/iu.test(document_.path);
const title = (document_) => document_.title ?? document_.path.split("/").pop();

function described(document_, where = null) {
  const parts = [document_.source, dateInWords(document_.published)].filter(Boolean).map((part) => make("span", {}, part));
  return make("p", { className: "from" }, make("cite", {}, title(document_)), ...parts, where);
}

function say(text) {
  $("said").textContent = text;
}

let toasting = 0;
function toast(text) {
  clearTimeout(toasting);
  $("toast").textContent = text;
  toasting = setTimeout(() => { $("toast").textContent = ""; }, 2500);
}

// ---- Asking the server -----------------------------------------------------------------------------------------------

class Refused extends Error {
  constructor(status, told, wait) {
    super(told?.message ?? `The server answered with status ${status}.`);
    Object.assign(this, { status, kind: told?.error, wait });
  }
}

async function get(path, parameters = new URLSearchParams(), signal = null) {
  const query = parameters.toString();
  let response;
  try {
    response = await fetch(`${API}${path}${query ? `?${query}` : ""}`, { signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { message: "The server does not answer. If it was stopped, start it again with: briefqa serve" });
  }
  const told = await response.json().catch(() => null);
  if (!response.ok || told === null) throw new Refused(response.status, told, Number(response.headers.get("Retry-After")));
  return told;
}

function keepToken(token) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${encodeURIComponent(token)}; Path=/; SameSite=Strict${secure}`;
}

// ---- The address -----------------------------------------------------------------------------------------------------

function stateOf(url) {
  const query = new URL(url).searchParams;
  const state = { q: query.get("q") ?? "", open: null };
  for (const name of FILTERS) state[name] = query.get(name) ?? "";
  const found = /^([0-9a-f]{12})(?:\.(\d+)-(\d+))?$/u.exec(query.get("open") ?? "");
  if (found) state.open = { id: found[1], start: found[2] ? Number(found[2]) : null, end: found[3] ? Number(found[3]) : null };
  return state;
}

function addressOf(state) {
  const query = new URLSearchParams();
  for (const name of ["q", ...FILTERS]) if (state[name]) query.set(name, state[name]);
  if (state.open) query.set("open", state.open.start === null ? state.open.id : `${state.open.id}.${state.open.start}-${state.open.end}`);
  return query.size ? `?${query}` : location.pathname;
}

function go(state, { replace = false } = {}) {
  const address = addressOf(state);
  if (replace) history.replaceState(null, "", address);
  else if (address !== location.search) history.pushState(null, "", address);
  return show(state);
}

function formState() {
  const state = { q: one($("q").value), open: null };
  for (const name of FILTERS) state[name] = $(name).value.trim();
  return state;
}

function fillForm(state) {
  $("q").value = state.q;
  for (const name of FILTERS) {
    const field = $(name);
    if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === state[name])) {
      field.append(make("option", { value: state[name] }, state[name]));
    }
    field.value = state[name];
  }
  const active = FILTERS.filter((name) => state[name] && name !== "sort").length;
  $("filter-count").textContent = active ? `${active} on` : "";
  if (FILTERS.some((name) => state[name])) $("filters").open = true;
}

// ---- From state to page ----------------------------------------------------------------------------------------------

async function show(state) {
  document.body.dataset.state = state.q ? "asked" : "start";
  document.title = state.q ? `${state.q} · briefqa` : "briefqa";
  fillForm(state);
  const parameters = new URLSearchParams();
  for (const name of ["q", ...FILTERS]) if (state[name]) parameters.set(name, state[name]);
  if (!state.q) {
    asking?.abort();
    [answer, asked] = [null, null];
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
    [answer, current, asked] = [told, -1, parameters.toString()];
    remember(question);
    result.replaceChildren(...(told.status === "answered" ? answered(told) : unanswered(told)));
    say(verdict(told));
    select(told.citations.length ? 0 : -1, { focus: false });
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    [answer, asked] = [null, null];
    hideArticle();
    result.replaceChildren(trouble(error));
    say(error.message);
    result.querySelector("input")?.focus();
    return false;
  } finally {
    if (mine === asking) result.removeAttribute("aria-busy");
  }
}

function verdict(told) {
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

function answered(told) {
  const head = make("div", { className: "verdict" }, make("h2", {}, "Answered"), make("span", {}, verdict(told)), sureness(told));
  const quotes = make("ol", { className: "quotes" }, ...told.citations.map(quote));
  return [head, quotes, notes(told), passages(told, true)].filter(Boolean);
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

function unanswered(told) {
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

function trouble(error) {
  if (error.status === 401) return login(error);
  const head = error.status === 400 ? "It can’t be asked like that" : error.status === 429 || error.status === 503 ? "Not just now" : "Something went wrong";
  const again = error.status === 400 ? null : make("button", { type: "button", className: "main-button", onclick: () => show(stateOf(location.href)) }, "Try again");
  return make("div", { className: "trouble" }, make("h2", {}, head), make("p", {}, error.message), again);
}

function login() {
  const field = make("input", { id: "token", type: "password", autocomplete: "current-password", required: true });
  const enter = (event) => {
    event.preventDefault();
    keepToken(field.value.trim());
    begin();
  };
  return make(
    "form", { className: "trouble login", onsubmit: enter },
    make("h2", {}, "This server asks for its token"),
    make("p", {}, "It was printed where briefqa serve was started."),
    make("input", { autocomplete: "username", hidden: true, value: "briefqa", readOnly: true }), // for whoever keeps passwords
    make("p", {}, make("label", { htmlFor: "token" }, "Token"), field),
    make("button", { className: "main-button" }, "Go on"),
  );
}

// ---- The article -----------------------------------------------------------------------------------------------------

async function openArticle(where) {
  const key = JSON.stringify(where);
  if (opened?.key === key) return;
  let told;
  try {
    told = opened?.told.document.id === where.id ? opened.told : await get(`documents/${where.id}`);
  } catch (error) {
    toast(error.message);
    return;
  }
  if (JSON.stringify(stateOf(location.href).open) !== key) return;
  const first = opened === null;
  opened = { key, told, where };
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

function hideArticle() {
  if (!opened) return;
  opened = null;
  const pane = $("article");
  const inside = pane.contains(document.activeElement);
  pane.hidden = true;
  pane.replaceChildren();
  delete document.body.dataset.article;
  shield();
  if (inside) ($("result").querySelectorAll(".quote")[current] ?? $("result")).focus();
}

// On a small screen the article covers the rest, which then can't be reached.
function shield() {
  const covers = opened !== null && !wide.matches;
  for (const id of ["top", "asking", "result"]) $(id).inert = covers;
  if (covers) $("article").setAttribute("role", "dialog");
  else $("article").removeAttribute("role");
}

const closeArticle = () => go({ ...stateOf(location.href), open: null });
const quoteAt = (where) => (answer?.citations ?? []).findIndex((citation) => citation.document.id === where.id && citation.start === where.start && citation.end === where.end);

function articleBar(where) {
  const position = quoteAt(where);
  const total = answer?.citations.length ?? 0;
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

// Offsets count Unicode characters, as the elements of `text` do; those of a JavaScript string would not.
function setText(body, told, { start, end }) {
  const text = Array.from(told.text);
  const emphasis = isMarkdown(told.document);
  const passage = start === null ? null : told.passages.find((span) => span.start <= start && start < span.end);
  const inner = passage ? [passage.start, Math.max(passage.end, end)] : [0, text.length];
  let [from, to] = [0, text.length];
  if (text.length > LONGEST_SHOWN) {
    from = Math.max(0, (start ?? 0) - LONGEST_SHOWN / 2);
    to = Math.min(text.length, from + LONGEST_SHOWN);
    body.append(make("p", { className: "outside" }, `This article is very long: ${count(to - from, "character")} of it are shown.`));
  }
  for (const block of blocks(text, from, to)) {
    const element = make(block.tag, { className: block.name });
    fill(element, text, block, { quoted: start === null ? [-1, -1] : [start, end], inner, emphasis });
    if (passage && block.from < inner[1] && block.to > inner[0]) element.classList.add("set-off");
    body.append(element);
  }
}

// Paragraphs, headings, items of lists and tables, as Markdown writes them; each with where its text begins and ends.
function* blocks(text, from, to) {
  let block = null;
  for (let at = from; at < to;) {
    let end = at;
    while (end < to && text[end] !== "\n") end += 1;
    const line = text.slice(at, Math.min(end, at + 400)).join("");
    const heading = /^#{1,6}\s+/u.exec(line);
    const item = /^\s{0,6}(?:[-*+•]\s+|(?=\d{1,3}[.)]\s))/u.exec(line);
    const kind = heading ? "heading" : item ? "item" : /^\s*\|/u.test(line) ? "table" : line.trim() ? "text" : "blank";
    const goesOn = block && ((kind === "text" && block.kind !== "heading" && block.kind !== "table") || (kind === "table" && block.kind === "table"));
    const begin = at + Array.from((heading ?? item)?.[0] ?? "").length;
    if (goesOn) block.to = Math.min(end + 1, to);
    else {
      if (block) yield block;
      block = null;
      if (kind !== "blank") {
        const numbered = kind === "item" && /^\s*\d/u.test(line);
        const tag = { heading: "h3", item: "div", table: "pre", text: "p" }[kind];
        block = { kind, tag, name: kind === "item" ? (numbered ? "item numbered" : "item") : "", from: begin, to: Math.min(end + 1, to) };
      }
    }
    at = end + 1;
  }
  if (block) yield block;
}

function fill(element, text, { from, to }, { quoted, inner, emphasis }) {
  const strong = emphasis ? pairs(text, from, to) : [];
  const marks = strong.flatMap(([a, b]) => [a, a + 2, b, b + 2]);
  const cuts = [from, ...[...quoted, ...inner, ...marks].filter((cut) => from < cut && cut < to), to].sort((a, b) => a - b);
  for (let number = 1; number < cuts.length; number += 1) {
    const [a, b] = [cuts[number - 1], cuts[number]];
    if (a === b || strong.some(([left, right]) => a === left || a === right)) continue;
    const bold = strong.some(([left, right]) => left < a && b <= right);
    const text_ = text.slice(a, b).join("");
    const piece = bold ? make("strong", {}, text_) : text_;
    if (quoted[0] <= a && b <= quoted[1]) element.append(make("mark", {}, piece));
    else if (a < inner[0] || b > inner[1]) element.append(make("span", { className: "outside" }, piece));
    else element.append(piece);
  }
}

function emphasised(words, document_) {
  const text = Array.from(words);
  const holder = make("span");
  fill(holder, text, { from: 0, to: text.length }, { quoted: [-1, -1], inner: [0, text.length], emphasis: isMarkdown(document_) });
  return [...holder.childNodes];
}

// Where Markdown's ** open and close within a block.
function pairs(text, from, to) {
  const found = [];
  let left = null;
  for (let at = from; at + 1 < to; at += 1) {
    if (text[at] !== "*" || text[at + 1] !== "*") continue;
    if (left === null && /\S/u.test(text[at + 2] ?? " ")) left = at;
    else if (left !== null && /\S/u.test(text[at - 1])) {
      if (at > left + 2) found.push([left, at]);
      left = null;
    }
    at += 1;
  }
  return found;
}

// ---- Quotes: which is the current one, its article, its citation -----------------------------------------------------

function select(position, { focus = true } = {}) {
  const quotes = [...$("result").querySelectorAll(".quote")];
  quotes.forEach((element, number) => {
    if (number === position) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  });
  current = position;
  if (focus && quotes[position]) {
    quotes[position].focus({ preventScroll: true });
    quotes[position].scrollIntoView({ block: "nearest" });
  }
}

function openAt(position) {
  const citation = answer?.citations[position];
  if (!citation) return;
  select(position, { focus: false });
  const state = stateOf(location.href);
  const open = { id: citation.document.id, start: citation.start, end: citation.end };
  go({ ...state, open }, { replace: state.open !== null });
}

function step(by) {
  const total = answer?.citations.length ?? 0;
  if (!total) return;
  const next = Math.min(total - 1, Math.max(0, current + by));
  select(next, { focus: wide.matches || !opened });
  if (opened) openAt(next);
}

const escapedForMarkdown = (text) => text.replace(/[\\`*_[\]<>#|]/gu, "\\$&");
const BIBTEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
const escapedForBibtex = (text) => text.replace(/[\\{}&%$#_~^]/gu, (character) => BIBTEX[character] ?? `\\${character}`);

const FORMATS = {
  plain(citation) {
    const document_ = citation.document;
    const parts = [document_.authors.join(", "), `“${title(document_)}”`, document_.source, dateInWords(document_.published)].filter(Boolean);
    const url = isWeb(document_.url) ? ` ${document_.url}` : "";
    return `“${one(citation.quote)}” ${parts.join(", ")} (${place(document_, citation.lines, citation.page)}).${url}`;
  },
  Markdown(citation) {
    const document_ = citation.document;
    const named = escapedForMarkdown(title(document_));
    const linked = isWeb(document_.url) ? `[${named}](<${document_.url.replace(/[<>]/gu, encodeURIComponent)}>)` : `*${named}*`;
    const parts = [linked, ...[document_.authors.join(", "), document_.source, dateInWords(document_.published)].filter(Boolean).map(escapedForMarkdown)];
    const where = place(document_, citation.lines, citation.page).replace(/`/gu, "'");
    return `> ${escapedForMarkdown(one(citation.quote))}\n>\n> — ${parts.join(", ")} (\`${where}\`)\n`;
  },
  BibTeX(citation) {
    const document_ = citation.document;
    const [year, month] = (document_.published ?? "").split("-");
    const name = (document_.authors[0]?.split(" ").pop() ?? document_.source ?? "article").normalize("NFKD").replace(/[^A-Za-z0-9]/gu, "").toLowerCase();
    const fields = {
      author: document_.authors.map(escapedForBibtex).join(" and "),
      title: `{${escapedForBibtex(title(document_))}}`,
      howpublished: escapedForBibtex(document_.source ?? ""),
      year,
      month: month ? String(Number(month)) : "",
      url: isWeb(document_.url) ? document_.url.replace(/[{}\\]/gu, encodeURIComponent) : "",
      note: escapedForBibtex(`“${one(citation.quote)}” (${place(document_, citation.lines, citation.page)})`),
    };
    const lines = Object.entries(fields).filter(([, value]) => value && value !== "{}").map(([key, value]) => `  ${key} = {${value}},`);
    return `@misc{${name || "article"}${year}-${document_.id.slice(0, 6)},\n${lines.join("\n")}\n}\n`;
  },
};

async function copy(name, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS, and not on this machine, browsers have only the old way.
    const field = make("textarea", { value: text, className: "unseen" });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(name === "plain" ? "Citation copied." : `Citation copied as ${name}.`);
}

// ---- Recent questions ------------------------------------------------------------------------------------------------

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

function remember(question) {
  keep([question, ...recent().filter((entry) => entry !== question)].slice(0, MOST_RECENT));
}

function showStart() {
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

// ---- Keys and events -------------------------------------------------------------------------------------------------

const KEYS = {
  "/": () => { $("q").focus(); $("q").select(); },
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  o: () => openAt(Math.max(0, current)),
  c: () => answer?.citations[Math.max(0, current)] && copy("plain", FORMATS.plain(answer.citations[Math.max(0, current)])),
  "?": () => $("keys").showModal(),
};

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("keys").open) return;
  const target = event.target;
  const typing = target.closest("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else if (opened) closeArticle();
    return;
  }
  if (event.key === "Enter" && target.matches(".quote")) {
    event.preventDefault();
    openAt(current);
  } else if (!typing && KEYS[event.key]) {
    const scrolls = event.key.startsWith("Arrow") && (target.closest(".scroll") || !answer?.citations.length);
    if (scrolls) return;
    event.preventDefault();
    KEYS[event.key]();
  } else if (typing === $("q") && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    $("ask").requestSubmit();
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
  const shown = show(state);
  try {
    await describe();
  } catch (error) {
    if (state.q) return; // the question meets the same
    $("result").replaceChildren(trouble(error));
    $("result").querySelector("input")?.focus();
  }
  await shown;
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
for (const name of ["language", "sort", "since", "before", "source"]) {
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
window.addEventListener("popstate", () => show(stateOf(location.href)));

const handed = /^#token=(.+)$/u.exec(location.hash);
if (handed) {
  keepToken(decodeURIComponent(handed[1]));
  history.replaceState(null, "", location.pathname + location.search);
}
begin();
