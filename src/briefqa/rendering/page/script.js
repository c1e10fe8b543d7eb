"use strict";
// Without this all can be read; with it the table of questions can be filtered and sorted.
(() => {
  const table = document.getElementById("question-table");
  if (!table) return;
  const body = table.tBodies[0];
  const number = (text) => (text === "" ? null : Number(text));
  const rows = Array.from(body.rows, (row, place) => ({
    row,
    place,
    id: row.cells[0].textContent,
    text: `${row.cells[0].textContent} ${row.querySelector("summary").textContent}`.toLowerCase(),
    tags: row.dataset.tags.split(" "),
    outcome: row.dataset.outcome,
    ndcg: number(row.dataset.ndcg),
    confidence: number(row.dataset.confidence),
  }));

  const controls = document.getElementById("controls");
  const [text, tag, outcome] = ["filter-text", "filter-tag", "filter-outcome"].map((id) => document.getElementById(id));
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");

  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const entry of rows) {
      const fits =
        words.every((word) => entry.text.includes(word)) &&
        (tag.value === "" || entry.tags.includes(tag.value)) &&
        (outcome.value === "" || entry.outcome === outcome.value);
      entry.row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} questions`;
  };

  const names = new Intl.Collator("en", { numeric: true });
  const compare = {
    id: (a, b) => names.compare(a.id, b.id),
    ndcg: (a, b) => a.ndcg - b.ndcg,
    confidence: (a, b) => a.confidence - b.confidence,
  };
  const headers = Array.from(table.querySelectorAll("th[data-sort]"));

  const sort = (key, falling) => {
    // What has no value comes last, whichever way the others go.
    const last = (entry) => key !== "place" && entry[key] === null;
    const ordered = [...rows].sort(
      (a, b) =>
        last(a) - last(b) ||
        (key === "place" || last(a) ? 0 : compare[key](a, b) * (falling ? -1 : 1)) ||
        a.place - b.place,
    );
    body.append(...ordered.map((entry) => entry.row));
    for (const header of headers) {
      if (header.dataset.sort === key) header.setAttribute("aria-sort", falling ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
  };

  for (const header of headers) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () =>
      sort(header.dataset.sort, header.getAttribute("aria-sort") === "ascending"),
    );
  }

  text.addEventListener("input", filter);
  tag.addEventListener("change", filter);
  outcome.addEventListener("change", filter);
  document.getElementById("reset").addEventListener("click", () => {
    text.value = tag.value = outcome.value = "";
    filter();
    sort("place", false);
  });
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    for (const { row } of rows) if (!row.hidden || !open) row.querySelector("details").open = open;
  });

  controls.hidden = false;
  filter();
})();
