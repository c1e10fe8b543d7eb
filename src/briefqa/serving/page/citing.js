// Citations, and how they get to the clipboard.

import { make, toast } from "./elements.js";
import { dateInWords, isWeb, one, place, title } from "./words.js";

const escapedForMarkdown = (text) => text.replace(/[\\`*_[\]<>#|]/gu, "\\$&");
const BIBTEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
const escapedForBibtex = (text) => text.replace(/[\\{}&%$#_~^]/gu, (character) => BIBTEX[character] ?? `\\${character}`);

export const FORMATS = {
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

export async function copy(name, text) {
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
