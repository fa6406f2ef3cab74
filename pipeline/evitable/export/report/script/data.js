// The data of the page: an index of all studies, and one line of quotes for each, parsed when it is first needed.

const byId = (id) => document.getElementById(id);
const index = JSON.parse(byId("index").textContent);
const lines = byId("lines").textContent.split("\n");
const codeNumbers = new Map(index.codes.map(([name], number) => [name, number]));
const studies = index.studies.map(([id, key, title, journal, year, values, cells, counted, verified], number) => ({
  number, id, key, title, journal, year, values, codes: new Map(cells), counted, verified, quotes: null, folded: null,
}));

const named = (value, one, many) => `${value.toLocaleString("en")} ${value === 1 ? one : many}`;

// Small letters without accents, so that a search for "moller" finds Møller's neighbour Möller.
function fold(text) {
  const plain = /[^\x00-\x7f]/.test(text) ? text.normalize("NFKD").replace(/\p{M}/gu, "") : text;
  return plain.toLowerCase();
}

const wordsOf = (text) => fold(text).split(/\s+/).filter(Boolean);
const holds = (text, words) => words.every((word) => text.includes(word));

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function link(address, className, text) {
  const made = element("a", className, text);
  made.href = address;
  return made;
}

function button(text, action) {
  const made = element("button", "", text);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function readCoding([code, way, basis, status, unsure, probability, coder, marks]) {
  return {
    code, way: index.ways[way], basis: index.bases[basis], status: index.statuses[status],
    unsure: Boolean(unsure), probability, coder, marks,
  };
}

function readLine(study) {
  const [files, passages, attributes] = JSON.parse(lines[study.number]);
  return {
    files,
    attributes,
    passages: passages.map(([quote, page, section, doubt, file, codings]) => ({
      quote, page, section, doubt, file, codings: codings.map(readCoding),
    })),
  };
}

function quotesOf(study) {
  study.quotes ??= readLine(study);
  return study.quotes;
}

// All quotes of a study as one text to be searched; the quotes themselves are not kept for it.
function foldedQuotes(study) {
  study.folded ??= fold(JSON.parse(lines[study.number])[1].map(([quote]) => quote).join("\n"));
  return study.folded;
}

// What the machine is unsure of, mentions of other work, and codes that the rule does not give the study stand behind
// no cell: these three are listed apart.
function whyNot(study, coding) {
  if (coding.unsure) return "unsure";
  if (coding.basis === "mention") return "mention";
  return study.codes.has(coding.code) ? "" : "rule";
}
const counts = (study, coding) => !whyNot(study, coding);
