// What is shown in place of an answer when the server refuses.

import { make } from "./elements.js";
import { keepToken } from "./server.js";

// What went wrong, with what may help: to be tried again, or a field for the token, after which is entered.
export function trouble(error, { again, enter }) {
  if (error.status === 401) return login(enter);
  const head = error.status === 400 ? "It can’t be asked like that" : error.status === 429 || error.status === 503 ? "Not just now" : "Something went wrong";
  const retry = error.status === 400 ? null : make("button", { type: "button", className: "main-button", onclick: again }, "Try again");
  return make("div", { className: "trouble" }, make("h2", {}, head), make("p", {}, error.message), retry);
}

function login(enter) {
  const field = make("input", { id: "token", type: "password", autocomplete: "current-password", required: true });
  const submitted = (event) => {
    event.preventDefault();
    keepToken(field.value.trim());
    enter();
  };
  return make(
    "form", { className: "trouble login", onsubmit: submitted },
    make("h2", {}, "This server asks for its token"),
    make("p", {}, "It was printed where briefqa serve was started."),
    make("input", { autocomplete: "username", hidden: true, value: "briefqa", readOnly: true }), // for whoever keeps passwords
    make("p", {}, make("label", { htmlFor: "token" }, "Token"), field),
    make("button", { className: "main-button" }, "Go on"),
  );
}
