// The study table: search, filter, sort, open.

const table = byId("table");
const form = byId("filters");
const entries = [...(table?.tBodies[0].rows ?? [])].map((row, number) => ({
  row, study: studies[number], text: null, more: null,
}));
const ROWS = entries.filter(({ row }) => !row.classList.contains("later")).length;
let sorted = [...entries];
let order = "";
let limit = ROWS;

const textOf = (entry) => (entry.text ??= fold(entry.row.textContent));

// The state of the table as it stands in the address: fields of the form, and the order.
function tableState() {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim()) state.append(name, value.trim());
  if (order) state.append("sort", order);
  return state;
}

function setTableState(state) {
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = state.has(field.name);
    else if (field.name) field.value = state.get(field.name) ?? "";
  }
  setOrder(state.get("sort") ?? "");
  filter();
}

// One test for each field that is filled in.
function testsOf(state) {
  const words = wordsOf(state.get("q") ?? "");
  const inQuotes = state.has("quotes");
  const found = (entry, word) =>
    textOf(entry).includes(word) || (inQuotes && foldedQuotes(entry.study).includes(word));
  const tests = words.map((word) => (entry) => found(entry, word));
  if (state.has("unverified")) tests.push(({ study }) => study.verified < study.counted);
  if (state.has("from")) tests.push(({ study }) => study.year !== null && study.year >= Number(state.get("from")));
  if (state.has("to")) tests.push(({ study }) => study.year !== null && study.year <= Number(state.get("to")));
  const oneOf = (found, value) => (value === "-" ? !found.some(Boolean) : found.includes(value));
  for (const [name, value] of state) {
    if (name.startsWith("d.")) tests.push(({ study }) => study.codes.has(codeNumbers.get(value)));
    const attribute = index.attributes.findIndex(([known]) => name === `a.${known}`);
    if (attribute >= 0) tests.push(({ study }) => oneOf(study.values[attribute], value));
  }
  if (state.has("journal")) tests.push(({ study }) => oneOf([study.journal], state.get("journal")));
  return tests;
}

// Long tables are shown in parts: what is not laid out costs no time. On paper all rows stand.
function showRows(fits) {
  let shown = 0;
  for (const entry of sorted) {
    entry.row.hidden = !fits(entry);
    shown += entry.row.hidden ? 0 : 1;
    for (const row of [entry.row, entry.more]) row?.classList.toggle("later", shown > limit);
    if (entry.more) entry.more.hidden = entry.row.hidden || !isOpen(entry);
  }
  byId("more").hidden = shown <= limit;
  byId("show-all").textContent = `Show all ${shown.toLocaleString("en")}`;
  byId("shown").textContent = `${shown.toLocaleString("en")} of ${named(entries.length, "study", "studies")}`;
}

function showMore(rows) {
  const first = sorted.find(({ row }) => row.classList.contains("later"));
  limit += rows;
  showRows(({ row }) => !row.hidden);
  if (first) keyOf(first).focus();
}

function filter() {
  const state = tableState();
  const tests = testsOf(state);
  const words = state.has("quotes") ? wordsOf(state.get("q") ?? "") : [];
  limit = ROWS;
  showRows((entry) => tests.every((test) => test(entry)));
  for (const entry of entries) if (entry.more && entry.words !== words.join(" ")) fill(entry, words);
}

// Opening a study.
const keyOf = (entry) => entry.row.querySelector("a.key");
const isOpen = (entry) => keyOf(entry).getAttribute("aria-expanded") === "true";

function fill(entry, words) {
  entry.words = words.join(" ");
  entry.more.firstElementChild.replaceChildren(studyDetails(entry.study, words));
}

function setOpen(entry, open) {
  if (open && !entry.more) {
    const cell = element("td");
    cell.colSpan = table.tHead.rows[0].cells.length;
    entry.more = element("tr", "more", cell);
    entry.more.id = `more-${entry.study.number}`;
    const state = tableState();
    fill(entry, state.has("quotes") ? wordsOf(state.get("q") ?? "") : []);
    entry.row.after(entry.more);
    keyOf(entry).setAttribute("aria-controls", entry.more.id);
  }
  keyOf(entry).setAttribute("aria-expanded", String(open));
  if (entry.more) entry.more.hidden = !open;
}

// Sorting. What was not found stands last, whichever way the table is sorted.
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const columns = [
  ["key", ({ key }) => key],
  ["year", ({ year }) => year],
  ...index.attributes.map(([name], number) => [`a.${name}`, ({ values }) => values[number].join("; ") || null]),
  ...index.dimensions.map(([name], number) => [`d.${name}`, (study) => passagesIn(study, number) || null]),
  ["verified", ({ counted, verified }) => (counted ? verified / counted : null)],
];

function passagesIn(study, dimension) {
  let sum = 0;
  for (const [code, passages] of study.codes) if (index.codes[code][2] === dimension) sum += passages;
  return sum;
}

function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  return typeof a === "number" ? a - b : collator.compare(a, b);
}

function setOrder(wanted) {
  const down = wanted.startsWith("-");
  const column = columns.findIndex(([name]) => name === wanted.slice(down ? 1 : 0));
  if (wanted === order || (wanted && column < 0)) return;
  order = wanted;
  [...table.tHead.rows[0].cells].forEach((head, number) => {
    if (wanted && number === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  const valueOf = wanted ? columns[column][1] : ({ number }) => number;
  const sign = down ? -1 : 1;
  const valued = entries.map((entry) => ({ entry, value: valueOf(entry.study), number: entry.study.number }));
  valued.sort((a, b) => {
    const missing = a.value === null || b.value === null;
    return compare(a.value, b.value) * (missing ? 1 : sign) || a.number - b.number;
  });
  sorted = valued.map(({ entry }) => entry);
  table.tBodies[0].append(...sorted.flatMap(({ row, more }) => (more ? [row, more] : [row])));
  limit = ROWS;
  showRows(({ row }) => !row.hidden);
}

function makeSortable(head, number) {
  const [name] = columns[number];
  const title = head.textContent;
  head.replaceChildren(
    button(title, () => {
      setOrder(head.getAttribute("aria-sort") === "ascending" ? `-${name}` : name);
      noteTableState();
    }),
  );
}

function later(action, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

// Once quotes are to be searched, they are read while nobody types.
function readAhead(deadline) {
  const waiting = studies.filter((study) => study.folded === null);
  while (waiting.length && deadline.timeRemaining() > 2) foldedQuotes(waiting.shift());
  if (waiting.length) requestIdleCallback(readAhead);
}

// What is not laid out is not opened either: nobody asked for all quotes of 500 studies at once.
function openShown() {
  for (const entry of entries) if (!entry.row.hidden && !entry.row.classList.contains("later")) setOpen(entry, true);
}

function startTable() {
  if (!table) return;
  [...table.tHead.rows[0].cells].forEach(makeSortable);
  const changed = () => {
    filter();
    noteTableState();
  };
  const soon = later(changed, 60);
  form.addEventListener("input", (event) => (event.target.matches("select, [type=checkbox]") ? changed() : soon()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  byId("f-quotes").addEventListener("change", () => "requestIdleCallback" in window && requestIdleCallback(readAhead));
  byId("show-more").addEventListener("click", () => showMore(ROWS));
  byId("show-all").addEventListener("click", () => showMore(entries.length));
  byId("open-all").addEventListener("click", () => openShown());
  byId("close-all").addEventListener("click", () => entries.filter(isOpen).forEach((entry) => setOpen(entry, false)));
  table.addEventListener("click", (event) => {
    const key = event.target.closest("a.key");
    const entry = key && entries.find(({ row }) => row === key.closest("tr"));
    if (!entry || !isOpen(entry) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setOpen(entry, false);
    noteTableState();
  });
}
