// Asking the server.

const API = "api/v1/";
const COOKIE = "briefqa-token";

class Refused extends Error {
  constructor(status, told, wait) {
    super(told?.message ?? `The server answered with status ${status}.`);
    Object.assign(this, { status, kind: told?.error, wait });
  }
}

export async function get(path, parameters = new URLSearchParams(), signal = null) {
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

export function keepToken(token) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${encodeURIComponent(token)}; Path=/; SameSite=Strict${secure}`;
}
