// The list of codes from which one is chosen: typing filters, arrows move, Enter takes.

const byId = (id) => document.getElementById(id);
let settle = null;

const options = () => [...byId("picker-list").children];
const shown = () => options().filter((one) => !one.hidden);
const current = () => options().find((one) => one.getAttribute("aria-selected") === "true" && !one.hidden);

function light(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  const search = byId("picker-search");
  if (option) {
    search.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else search.removeAttribute("aria-activedescendant");
  byId("picker-ways").hidden = !(option && "ways" in option.dataset);
  byId("picker-pick").disabled = !option;
  byId("picker-none").hidden = Boolean(shown().length);
}

/** Show the codes that have all words in their names, or else those that have them in their definitions or phrases. */
function filter() {
  const words = byId("picker-search").value.toLowerCase().split(/\s+/u).filter(Boolean);
  const offered = options().filter((one) => !("taken" in one.dataset));
  const by = (says) => offered.filter((one) => words.every((word) => says(one).includes(word)));
  const names = by((one) => one.dataset.find);
  const hits = new Set(names.length ? names : by((one) => `${one.dataset.find} ${one.dataset.about}`));
  for (const one of options()) one.hidden = !hits.has(one);
  light(shown()[0]);
}

function move(step) {
  const all = shown();
  if (all.length) light(all[(all.indexOf(current()) + step + all.length) % all.length]);
}

/**
 * Let a code be chosen. Gives { code, polarity, quote }, or null for none.
 * `taken` are codes that are not offered; `quote` is the marked text; `fresh` says whether text may be typed.
 */
export function choose({ title, text, quote = "", fresh = true, taken = [] }) {
  byId("picker-title").textContent = title;
  byId("picker-for").textContent = text;
  byId("picker-for").hidden = !text;
  byId("picker-quote").value = quote;
  byId("picker-quote").closest("p").hidden = !fresh;
  byId("picker-search").value = "";
  byId("picker-polarity").value = "";
  for (const one of options()) {
    if (taken.includes(one.dataset.code)) one.dataset.taken = "";
    else delete one.dataset.taken;
  }
  filter();
  const dialog = byId("picker");
  dialog.returnValue = "";
  dialog.showModal();
  byId("picker-search").focus();
  return new Promise((resolve) => { settle = resolve; });
}

function closed() {
  const option = current();
  const picked = byId("picker").returnValue === "pick" && option;
  const answer = picked && {
    code: option.dataset.code,
    polarity: "ways" in option.dataset ? byId("picker-polarity").value || null : null,
    quote: byId("picker-quote").value,
  };
  if (settle) settle(answer || null);
  settle = null;
}

byId("picker").addEventListener("close", closed);
byId("picker-search").addEventListener("input", filter);
byId("picker-search").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    move(step);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (current()) byId("picker").close("pick");
  }
});
byId("picker-list").addEventListener("click", (event) => {
  const option = event.target.closest("li");
  if (!option) return;
  light(option);
  if (!byId("picker-ways").hidden) byId("picker-polarity").focus();
  else byId("picker-pick").focus();
});
