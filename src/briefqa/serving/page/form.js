// The question and the filters as they stand in the form.

import { FILTERS } from "./address.js";
import { $, make } from "./elements.js";
import { one } from "./words.js";

export function formState() {
  const state = { q: one($("q").value), open: null };
  for (const name of FILTERS) state[name] = $(name).value.trim();
  return state;
}

export function fillForm(state) {
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
