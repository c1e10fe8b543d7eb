// The address, which holds the whole state of the page.

export const FILTERS = ["since", "before", "source", "language", "sort"];
let show = () => {};

// Nearly all that the page is made of leads on to other states: they are shown by what is told here.
export function shownBy(shows) {
  show = shows;
}

export function stateOf(url) {
  const query = new URL(url).searchParams;
  const state = { q: query.get("q") ?? "", open: null };
  for (const name of FILTERS) state[name] = query.get(name) ?? "";
  const found = /^([0-9a-f]{12})(?:\.(\d+)-(\d+))?$/u.exec(query.get("open") ?? "");
  if (found) state.open = { id: found[1], start: found[2] ? Number(found[2]) : null, end: found[3] ? Number(found[3]) : null };
  return state;
}

// What is asked for: the question and the filters that are set.
export function parametersOf(state) {
  return new URLSearchParams(["q", ...FILTERS].filter((name) => state[name]).map((name) => [name, state[name]]));
}

export function addressOf(state) {
  const query = parametersOf(state);
  if (state.open) query.set("open", state.open.start === null ? state.open.id : `${state.open.id}.${state.open.start}-${state.open.end}`);
  return query.size ? `?${query}` : location.pathname;
}

export function go(state, { replace = false } = {}) {
  const address = addressOf(state);
  if (replace) history.replaceState(null, "", address);
  else if (address !== (location.search || location.pathname)) history.pushState(null, "", address);
  return show(state);
}
