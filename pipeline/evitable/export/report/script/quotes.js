// Quotes as figures. All text reaches the page as text, never as markup.

// Marks of several codings may overlap: what any of them marks is marked once.
function markedQuote(quote, codings) {
  const made = element("blockquote");
  const runs = codings.flatMap(({ marks }) => marks.flatMap((start, at) => (at % 2 ? [] : [[start, marks[at + 1]]])));
  runs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let at = 0;
  for (const [start, end] of runs) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    made.append(quote.slice(at, from), element("mark", "", quote.slice(from, end)));
    at = end;
  }
  made.append(quote.slice(at));
  return made;
}

function codingLine(study, coding) {
  const { way, basis, unsure, status, coder, probability } = coding;
  const machine = `machine ${probability.toFixed(2)}${unsure ? ", unsure" : ""}`;
  const person = coder ? `${status} by ${coder}` : status;
  const verdict = status === "machine" ? `${machine}, not verified` : `${person}; ${machine}`;
  const facts = [way, basis, whyNot(study, coding) === "rule" ? "not enough by the rule" : ""];
  return element(
    "li", "",
    element("b", "", index.codes[coding.code][1]),
    ` ${facts.filter(Boolean).join(" · ")} · `,
    element("span", `status ${status}`, verdict),
  );
}

function figure(study, passage, codings, words = []) {
  const files = quotesOf(study).files;
  const place = [passage.page || "page not known", passage.section, files.length > 1 ? files[passage.file] : ""];
  const caption = element("figcaption", "", place.filter(Boolean).join(" · "));
  if (passage.doubt) caption.append(" ", element("span", "doubt", passage.doubt));
  caption.append(element("ul", "codings", ...codings.map((coding) => codingLine(study, coding))));
  const hit = words.length > 0 && holds(fold(passage.quote), words);
  return element("figure", hit ? "quote hit" : "quote", markedQuote(passage.quote, codings), caption);
}

// A part that is built when it is first opened.
function folded(title, build) {
  const made = element("details", "", element("summary", "", title));
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(...build());
  });
  return made;
}

function attributeList(attributes) {
  const list = element("dl", "sources");
  for (const [number, value, quote, page, doubt] of attributes) {
    const name = number < 0 ? "" : `${index.attributes[number][1]}: `;
    const source = element("span", "source", quote ? page || "from the reference record" : "from the reference record");
    const said = element("dd", "", ...(quote ? [quote, " ", source] : [source]));
    if (doubt) said.append(" ", element("span", "doubt", doubt));
    list.append(element("dt", "", name + value), said);
  }
  return list;
}

// Passages of a study with those of their codings that are wanted, in the order of the paper.
function passagesOf(study, wanted) {
  return quotesOf(study)
    .passages.map((passage) => ({ passage, codings: passage.codings.filter(wanted) }))
    .filter(({ codings }) => codings.length);
}

// What a narrow screen leaves out of the study's row.
function rowList(study) {
  const list = element("dl", "sources narrow-only");
  const add = (title, text) => text && list.append(element("dt", "", title), element("dd", "", text));
  const { cells } = entries[study.number].row;
  index.attributes.forEach(([, title], number) => add(title, cells[number + 2].textContent));
  index.dimensions.forEach(([, title], number) => {
    const codes = [...study.codes].filter(([code]) => index.codes[code][2] === number);
    add(title, codes.map(([code, passages]) => `${index.codes[code][1]} (${passages})`).join("; "));
  });
  return list;
}

function studyDetails(study, words) {
  const { files, attributes } = quotesOf(study);
  const counted = passagesOf(study, (coding) => counts(study, coding));
  const listed = passagesOf(study, (coding) => !counts(study, coding));
  const made = element("div", "details");
  const number = named(counted.length, "passage counts", "passages count");
  made.append(element("p", "source", `${number} · ${files.join(", ")}`));
  made.append(rowList(study));
  const figures = (found) => found.map(({ passage, codings }) => figure(study, passage, codings, words));
  const quotes = element("div", "quotes", ...figures(counted));
  if (!counted.length) quotes.append(element("p", "missing", "No passage of this study counts as evidence."));
  made.append(quotes);
  if (listed.length) {
    const title = `${named(listed.length, "passage", "passages")} listed, not counted: mentions, and what is unsure`;
    made.append(folded(title, () => [element("div", "quotes", ...figures(listed))]));
  }
  if (attributes.length) {
    made.append(folded("What the study is like: the words behind it", () => [attributeList(attributes)]));
  }
  return made;
}
