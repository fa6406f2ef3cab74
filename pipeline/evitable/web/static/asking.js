// Asking the program for something, and saying what came of it.

const byId = (id) => document.getElementById(id);
const key = () => document.querySelector('meta[name="evitable-key"]').content;

/** What the program, or the way to it, has refused; `answer` is what it said besides. */
export class Refused extends Error {
  constructor(message, status, answer) {
    super(message);
    this.status = status;
    this.answer = answer;
  }
}

/** Send something that changes the review. */
export async function send(address, values) {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Evitable-Key": key() },
      body: JSON.stringify(values),
    });
  } catch {
    throw new Refused("Not saved: the program does not answer. Is it still running? What you typed is still here.", 0, {});
  }
  const text = await response.text();
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { message: text.slice(0, 300) };
  }
  if (!response.ok) throw new Refused(answer.message || `Not saved (${response.status}).`, response.status, answer);
  return answer;
}

/** Get a page or a part of one; gives its text and the address at which it was found in the end. */
export async function get(address) {
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new Refused("The program does not answer. Is it still running?", 0, {});
  }
  const text = await response.text();
  if (!response.ok && !text.startsWith("<!doctype")) throw new Refused(text.slice(0, 300), response.status, {});
  return { text, address: response.url };
}

let fading;

/** Say briefly what was done; screen readers say it too. */
export function say(text) {
  const said = byId("said");
  said.textContent = "";
  clearTimeout(fading);
  // Emptied first: the same words twice are to be said twice.
  requestAnimationFrame(() => { said.textContent = text; });
  fading = setTimeout(() => { said.textContent = ""; }, 6000);
}

/** Say what went wrong; it stays until something succeeds. */
export function complain(text) {
  const trouble = byId("trouble");
  trouble.textContent = text;
  trouble.hidden = !text;
  if (text) trouble.scrollIntoView({ block: "nearest" });
}
