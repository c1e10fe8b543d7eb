// The text of an article, in blocks, with the quote marked and its passage set off.

import { make } from "./elements.js";
import { count, isMarkdown } from "./words.js";

const LONGEST_SHOWN = 300_000;

// Offsets count Unicode characters, as the elements of `text` do; those of a JavaScript string would not.
export function setText(body, told, { start, end }) {
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
    // As in Markdown, a line of a paragraph that happens to begin with a number begins no list, but for number 1.
    const wraps = block?.kind === "text" && /^\s*(?!1[.)])\d/u.test(line);
    const kind = heading ? "heading" : item && !wraps ? "item" : /^\s*\|/u.test(line) ? "table" : line.trim() ? "text" : "blank";
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

export function emphasised(words, document_) {
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
