// Text in words: dates, places, titles.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
export const one = (text) => text.replace(/\s+/gu, " ").trim();
export const preview = (text) => one(text.replace(/^\s*(?:#{1,6}|[-*+])\s+/gmu, "").replaceAll("**", ""));
export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
export const isWeb = (url) => /^https?:\/\/\S+$/iu.test(url ?? "");

export function dateInWords(date) {
  if (!date) return null;
  const [year, month, day] = date.split("-");
  return [day && Number(day), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(" ");
}

export function place(document_, lines, page) {
  if (page) return `${document_.path}, page ${page}`;
  return `${document_.path}:${lines[0]}${lines[1] > lines[0] ? `–${lines[1]}` : ""}`;
}

export const isMarkdown = (document_) => /\.(?:md|markdown)$/iu.test(document_.path);
export const title = (document_) => document_.title ?? document_.path.split("/").pop();
