// The page of a passage: the loop of looking, deciding and going on, by keyboard and by buttons.

import { Refused, complain, get, say, send } from "./asking.js";
import { choose } from "./choosing.js";
import { carry, found, marked, reveal } from "./marking.js";

const byId = (id) => document.getElementById(id);
const work = () => byId("main");
const codes = () => [...document.querySelectorAll("#codes > .code")];
const chosen = () => codes().find((one) => "chosen" in one.dataset);
const named = (code) => codes().find((one) => one.dataset.code === code);
const waiting = () => codes().filter((one) => one.dataset.waits);
const typing = (target) => target.closest && target.closest("input, textarea, select, [contenteditable]");

const FIELDS = ["note", "polarity", "basis"];
const PATIENCE = 4000; // milliseconds between two looks for what others have done
const FRESH = 30000; // milliseconds for which a page that was fetched ahead is good enough

/** What was typed and not yet sent, by passage and code: it outlasts a refusal, and a look at another passage. */
const drafts = new Map();
let ahead = { address: "", time: 0, page: null };
let line = Promise.resolve();
let busy = 0;

/* ------------------------------------------------------------------------------------------------ the chosen code */

/** Open one code, and close the others. */
function pick(item, { focus = true } = {}) {
  for (const one of codes()) {
    const open = one === item;
    if (open) one.dataset.chosen = "";
    else delete one.dataset.chosen;
    one.querySelector(".pick").setAttribute("aria-expanded", String(open));
    one.querySelector(".panel").hidden = !open;
  }
  carry(byId("text"), item ? item.dataset.code : "");
  if (!focus) return;
  const target = item ? item.querySelector(".pick") : work();
  target.focus({ preventScroll: true });
  if (!item) return;
  item.querySelector(".verdicts").scrollIntoView({ block: "nearest" });
  target.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = codes();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  pick(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
}

const field = (item, name) => item.querySelector(`[data-field="${name}"]`);

/** Go round the choices of a list: which way, or what it rests on. */
function turn(name) {
  const list = chosen() && field(chosen(), name);
  if (!list) return;
  list.selectedIndex = (list.selectedIndex + 1) % list.options.length;
  list.dispatchEvent(new Event("change", { bubbles: true }));
  say(`${list.selectedOptions[0].textContent}. Accept to record it.`);
}

/* ------------------------------------------------------------------------------------------------- what was typed */

const draftKey = (code) => `${work().dataset.place} ${work().dataset.blind} ${code}`;

function keepDraft(item) {
  const draft = {};
  for (const name of FIELDS) {
    const input = field(item, name);
    if (!input) continue;
    const before = input.tagName === "SELECT" ? [...input.options].find((one) => one.defaultSelected)?.value ?? input.options[0].value : "";
    if (input.value !== before) draft[name] = input.value;
  }
  if (Object.keys(draft).length) drafts.set(draftKey(item.dataset.code), draft);
  else drafts.delete(draftKey(item.dataset.code));
}

function restoreDrafts() {
  for (const item of codes()) {
    for (const [name, value] of Object.entries(drafts.get(draftKey(item.dataset.code)) || {})) {
      const input = field(item, name);
      if (input) input.value = value;
    }
  }
}

/* --------------------------------------------------------------------------------------------------- showing pages */

/** Put a new main part in place of the old one. */
function replace(main, { choice = null, focus = true } = {}) {
  work().replaceWith(main);
  settle({ choice, focus });
}

function settle({ choice = null, focus = true } = {}) {
  restoreDrafts();
  pick((choice && named(choice)) || chosen() || null, { focus });
  reveal(byId("text"));
  document.title = `${work().dataset.title} · Evitable`;
  fetchAhead();
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/** Fetch the next passage, and have the picture of its page drawn, while this one is being read. */
function fetchAhead() {
  const address = work().dataset.after;
  if (!address.startsWith("/passage/")) return;
  const page = get(address);
  ahead = { address, time: Date.now(), page };
  page.then(({ text }) => {
    const picture = parsed(text).querySelector(".leaf img");
    if (picture) new Image().src = picture.getAttribute("src");
  }).catch(() => { ahead = { address: "", time: 0, page: null }; });
}

/** Go to an address without loading everything anew. */
async function go(address, { push = true, fresh = false } = {}) {
  const usable = !fresh && ahead.address === address && Date.now() - ahead.time < FRESH;
  const { text, address: there } = await (usable ? ahead.page : get(address));
  const page = parsed(text);
  const main = page.querySelector("main.work");
  if (!main) {
    location.assign(there);
    return;
  }
  if (push) history.pushState({}, "", there);
  byId("news").hidden = true;
  work().replaceWith(main);
  scrollTo(0, 0);
  settle();
}

async function turnPage(by) {
  const sheet = byId("sheet");
  const page = Number(sheet.dataset.page) + by;
  if (page < 1 || page > Number(sheet.dataset.pages)) return;
  const { paper, place } = work().dataset;
  const { text } = await get(`/sheet/${encodeURIComponent(paper)}/${page}?place=${encodeURIComponent(place)}`);
  const had = sheet.contains(document.activeElement) && document.activeElement.dataset.turn;
  const next = parsed(text).querySelector("figure");
  sheet.replaceWith(next);
  if (had) (next.querySelector(`[data-turn="${had}"]:not(:disabled)`) || next.querySelector("[data-turn]:not(:disabled)") || work()).focus();
  say(`Page ${page} of ${next.dataset.pages}.`);
}

/* -------------------------------------------------------------------------------------------------------- deciding */

const revisions = () => JSON.parse(work().dataset.revisions);
const base = (code) => revisions()[code] || [];

/** Send decisions; on a refusal what stands now is shown, and what was typed stays. */
async function decide(decisions, { choice = null } = {}) {
  const { paper, place, queue, study, code, blind } = work().dataset;
  codes().forEach(keepDraft);
  let answer;
  try {
    answer = await send("/decisions", { paper, place, queue, study, code, blind: Boolean(blind), decisions });
  } catch (refused) {
    if (refused instanceof Refused && refused.status === 409 && refused.answer.main) {
      replace(parsed(refused.answer.main).querySelector("main"), { choice: choice || chosen()?.dataset.code });
    }
    throw refused;
  }
  complain("");
  for (const one of decisions) drafts.delete(draftKey(one.code));
  say(answer.said);
  if (answer.main) replace(parsed(answer.main).querySelector("main"), { choice });
  return Boolean(answer.main);
}

/** After a decision: to the next code on which there is work, or else to the next passage of the queue. */
async function goOn(before, stays) {
  if (stays) {
    const left = waiting();
    const next = left.find((one) => codes().indexOf(one) >= before) || left[0];
    if (next) {
      pick(next);
      return;
    }
    if (work().dataset.whole) return;
  }
  await go(work().dataset.after);
}

function wish(item, verdict) {
  const says = verdict === "accept" || verdict === "add";
  return {
    verdict,
    code: item.dataset.code,
    base: base(item.dataset.code),
    note: field(item, "note").value,
    polarity: (says && field(item, "polarity")?.value) || null,
    basis: (says && field(item, "basis")?.value) || null,
  };
}

async function judge(verdict, item = chosen()) {
  if (!item) {
    say(work().dataset.blind ? "No code is chosen. Press its number, or choose one with the arrows." : "No code is chosen. Press n to add one.");
    return;
  }
  const at = codes().indexOf(item);
  const waited = Boolean(item.dataset.waits);
  const stays = await decide([wish(item, verdict)], { choice: item.dataset.code });
  if (waited || !stays) await goOn(at + 1, stays);
}

async function change() {
  const item = chosen();
  if (!item) return;
  const at = codes().indexOf(item);
  const picked = await choose({ title: `Instead of ${item.dataset.title}`, text: "", fresh: false, taken: [item.dataset.code] });
  if (!picked) return;
  const waited = Boolean(item.dataset.waits);
  const old = wish(item, "reject");
  const fresh = { ...wish(item, "accept"), verdict: "add", code: picked.code, base: base(picked.code), polarity: picked.polarity, replaces: old.code };
  const stays = await decide([{ ...old, note: "" }, fresh], { choice: picked.code });
  if (waited) await goOn(at, stays);
}

const short = (text) => (text.length > 240 ? `${text.slice(0, 240)} …` : text);

async function add() {
  const box = byId("text");
  const selected = marked(box);
  const passage = [...box.querySelectorAll("mark")].map((one) => one.textContent).join("");
  const picked = await choose({ title: "Add a code", text: `“${short(passage)}”`, quote: selected ? selected.quote : "" });
  if (!picked) return;
  const stretch = selected && picked.quote === selected.quote ? selected : found(box, picked.quote);
  if (picked.quote.trim() && !stretch) throw new Refused("These words are not in the text that is shown.", 422, {});
  const { code, polarity } = picked;
  await decide([{ verdict: "add", code, polarity, base: stretch ? [] : base(code), ...(stretch || {}) }], { choice: code });
}

async function complete() {
  const { kind, completed, after } = work().dataset;
  if (kind !== "passage") {
    await go(after);
    return;
  }
  if (!completed) await decide([{ verdict: "complete", code: "", base: base("") }]);
  await go(after);
}

/** Say to which text of now the codes of a lost text belong. */
async function anchor(stretch) {
  if (!stretch) throw new Refused("Mark the text that is meant first.", 422, {});
  await decide(codes().map((item) => ({ ...wish(item, "add"), ...stretch })));
  await go(work().dataset.after);
}

function nearest(button) {
  const box = byId("text");
  const [start, end] = [Number(button.dataset.start), Number(button.dataset.end)];
  const first = Number(box.dataset.start);
  return { start, end, quote: Array.from(box.textContent).slice(start - first, end - first).join("") };
}

async function undo() {
  const answer = await send("/undo", {});
  complain("");
  say(answer.said);
  await go(answer.address, { fresh: true });
}

/** Record a note on a code that is decided already, by deciding it again; else it waits for the decision. */
async function note() {
  const item = chosen();
  if (!item) return;
  const verdict = { accepted: "accept", corrected: "accept", given: "accept", rejected: "reject", open: "unsure" }[item.dataset.kind];
  if (verdict) await judge(verdict);
  else {
    item.querySelector(".pick").focus();
    say("The note goes with your decision.");
  }
}

async function toggle(number) {
  const item = work().dataset.blind && codes()[number - 1];
  if (item) await judge(item.dataset.kind === "given" ? "reject" : "accept", item);
}

/* ------------------------------------------------------------------------------------------- buttons, keys, others */

const ACTS = {
  accept: () => judge("accept"),
  reject: () => judge("reject"),
  unsure: () => judge("unsure"),
  change,
  add,
  complete,
  undo,
  note,
  before: () => work().dataset.before && go(work().dataset.before),
  after: () => go(work().dataset.after),
  help: () => byId("help").showModal(),
  "anchor-nearest": (button) => anchor(nearest(button)),
  "anchor-chosen": () => anchor(marked(byId("text"))),
};
const KEYS = { a: "accept", r: "reject", u: "unsure", c: "change", n: "add", d: "complete", z: "undo", j: "after", k: "before", "?": "help" };

/** Do one thing after the other, so that no key that is pressed meanwhile is lost. */
function act(what, ...values) {
  busy += 1;
  line = line.then(() => what(...values)).catch((refused) => {
    if (refused instanceof Refused) {
      complain(refused.message);
      return;
    }
    complain("Something in this page has failed. Load it again; what was decided is kept.");
    setTimeout(() => { throw refused; }); // for the console; the next key is to work all the same
  }).finally(() => { busy -= 1; });
}

function pressed(event) {
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return false;
  if (key === "ArrowDown" || key === "ArrowUp") {
    if (event.target.id === "text") return false;
    step(key === "ArrowDown" ? 1 : -1);
  } else if (event.repeat && key !== "j" && key !== "k") return false;
  else if (key === "[" || key === "]") act(turnPage, key === "[" ? -1 : 1);
  else if (key === "p") act(turn, "polarity");
  else if (key === "b") act(turn, "basis");
  else if (key === "m") act(() => chosen() && field(chosen(), "note").focus());
  else if (/^[1-9]$/u.test(key)) act(toggle, Number(key));
  else if (key in KEYS) act(ACTS[KEYS[key]]);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const input = typing(event.target);
  if (input && !input.closest("dialog")) {
    if (event.key === "Escape") (chosen()?.querySelector(".pick") || work()).focus();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) act(note);
    return;
  }
  if (!input && pressed(event)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const turned = event.target.closest("[data-turn]");
  const button = event.target.closest("[data-act]");
  const opened = event.target.closest(".pick");
  if (turned) act(turnPage, Number(turned.dataset.turn));
  else if (button && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    act(ACTS[button.dataset.act], button);
  } else if (opened) pick("chosen" in opened.closest(".code").dataset ? null : opened.closest(".code"), { focus: false });
});

document.addEventListener("input", (event) => {
  const item = event.target.closest(".code");
  if (item) keepDraft(item);
});
document.addEventListener("change", (event) => {
  const item = event.target.closest(".code");
  if (item) keepDraft(item);
});
document.addEventListener("error", (event) => {
  if (!(event.target instanceof HTMLImageElement)) return;
  event.target.closest(".leaf").hidden = true;
  event.target.closest("figure").querySelector(".nopicture").hidden = false;
}, true);
addEventListener("popstate", () => act(go, location.pathname + location.search, { push: false, fresh: true }));

/** Look whether others have decided on this passage, or a new run was published. */
async function look() {
  if (busy || document.hidden) return;
  const { paper, place, queue, run, version } = work().dataset;
  const { text } = await get(`/state?${new URLSearchParams({ paper, place, queue })}`);
  if (busy || work().dataset.place !== place) return;
  const now = JSON.parse(text);
  if (now.run !== run) {
    news("A new run has been published. This page still shows the one before.", location.pathname + location.search);
  } else if (now.version !== version && work().dataset.version === version) {
    if (drafts.size || document.querySelector("dialog[open]") || typing(document.activeElement)) {
      news("Somebody has decided on this passage meanwhile.", location.pathname + location.search);
    } else {
      const choice = chosen()?.dataset.code;
      await go(location.pathname + location.search, { push: false, fresh: true });
      if (choice && named(choice)) pick(named(choice));
      say("Somebody has decided on this passage: it is shown.");
    }
  }
}

function news(text, address) {
  const place = byId("news");
  if (!place.hidden) return;
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "Show it";
  place.replaceChildren(text, " ", link);
  place.hidden = false;
}

setInterval(() => look().catch(() => {}), PATIENCE);
settle({ focus: false });
