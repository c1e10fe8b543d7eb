// Elements: found, made, and spoken through. Text goes into them as text only.

export const $ = (id) => document.getElementById(id);
export const wide = matchMedia("(min-width: 64rem)");

export function make(tag, properties = {}, ...children) {
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

export const button = (text, act, properties = {}) => make("button", { type: "button", className: "quiet", onclick: act, ...properties }, text);
export const link = (text, url) => make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);

export function say(text) {
  $("said").textContent = text;
}

let toasting = 0;

export function toast(text) {
  clearTimeout(toasting);
  $("toast").textContent = text;
  toasting = setTimeout(() => { $("toast").textContent = ""; }, 2500);
}
