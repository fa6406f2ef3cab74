"use strict";
// Reads the JSON block and builds rows. All text reaches the page by textContent, never as markup.
(() => {
  const ROWS = 50;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const number = (value) => value.toLocaleString("en");
  const named = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;
  document.documentElement.classList.add("scripted");

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function later(action) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(action, 150);
    };
  }

  // Studies: search, filter by code, sort.
  function studies() {
    const table = byId("study-table");
    if (!table) return;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, text: fold(row.textContent), codes: new Set(row.dataset.codes.split(" ")) }));
    const show = () => {
      const words = fold(byId("study-search").value).split(/\s+/).filter(Boolean);
      const code = byId("study-code").value;
      let shown = 0;
      for (const { row, text, codes } of rows) {
        row.hidden = !(words.every((word) => text.includes(word)) && (!code || codes.has(code)));
        shown += row.hidden ? 0 : 1;
      }
      byId("study-shown").textContent = `${number(shown)} of ${named(rows.length, "study", "studies")} shown.`;
    };
    byId("study-search").addEventListener("input", later(show));
    byId("study-code").addEventListener("change", show);
    [...table.tHead.rows[0].cells].forEach((head, column) => sortable(head, column, body, rows));
    show();
  }

  function sortable(head, column, body, rows) {
    const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    const button = element("button", head.textContent);
    button.type = "button";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (entry) => entry.row.cells[column].dataset.sort;
      rows.sort((a, b) => {
        // What was not found stands last, whichever way the table is sorted.
        if (!value(a) || !value(b)) return Number(!value(a)) - Number(!value(b));
        return collator.compare(value(a), value(b)) * (down ? -1 : 1);
      });
      body.append(...rows.map((entry) => entry.row));
    });
  }

  // Evidence list: filter, order, 50 rows at a time.
  const fields = { find: byId("find"), study: byId("study"), code: byId("code"), way: byId("way"), state: byId("state"), basis: byId("basis"), order: byId("order") };
  let cell = null;
  let found = [];
  let first = 0;
  const texts = [];

  function textOf(place) {
    if (texts[place] === undefined) {
      const [study, section, , quote] = data.passages[place];
      texts[place] = fold(`${data.studies[study]} ${section} ${quote}`);
    }
    return texts[place];
  }

  // What the machine is unsure of, and mentions of other work, stand behind no cell.
  const counted = (coding) => coding[7] !== "mention" && coding[7] !== "unsure";

  function filter() {
    const words = fold(fields.find.value).split(/\s+/).filter(Boolean);
    const [study, code, way, state, basis] = ["study", "code", "way", "state", "basis"].map((name) => fields[name].value);
    const codes = cell && new Set(cell[0]);
    const inCell = cell && new Set(cell[1]);
    found = data.codings.filter((coding) => {
      const where = data.passages[coding[0]][0];
      return (
        (!cell || (codes.has(coding[1]) && inCell.has(where) && counted(coding))) &&
        (!study || where === Number(study)) &&
        (!code || coding[1] === Number(code)) &&
        (!way || coding[2] === way) &&
        (!state || coding[4] === state) &&
        (!basis || coding[7] === basis) &&
        words.every((word) => textOf(coding[0]).includes(word))
      );
    });
    if (fields.order.value) found.sort((a, b) => b[3] - a[3]);
    first = 0;
    draw();
  }

  function quoteCell(quote, spans) {
    const made = element("td", undefined, "e-quote");
    // Spans count code points; strings of JavaScript count UTF-16 units.
    const points = Array.from(quote);
    let at = 0;
    const pairs = [];
    for (let i = 0; i < spans.length; i += 2) pairs.push([spans[i], spans[i + 1]]);
    pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [start, end] of pairs) {
      if (start < at || end <= start || end > points.length) continue;
      made.append(points.slice(at, start).join(""), element("mark", points.slice(start, end).join("")));
      at = end;
    }
    made.append(points.slice(at).join(""));
    return made;
  }

  function drawRow([place, code, way, probability, status, coder, spans, basis]) {
    const [study, section, page, quote, doubt] = data.passages[place];
    const [title, dimension] = data.codes[code];
    const row = element("tr");
    const head = element("th", data.studies[study]);
    head.scope = "row";
    const codeCell = element("td", title);
    codeCell.append(element("span", dimension, "minor"));
    const pageCell = page ? element("td", page) : element("td", "not known", "missing");
    if (doubt) pageCell.append(" ", element("span", doubt, "doubt"));
    const statusCell = element("td");
    statusCell.append(element("span", status, `status ${status}`), element("span", basis, "minor"));
    if (coder) statusCell.append(element("span", coder, "minor"));
    row.append(
      head,
      element("td", section),
      codeCell,
      element("td", way),
      quoteCell(quote, spans),
      pageCell,
      element("td", probability.toFixed(2), "count"),
      statusCell,
    );
    return row;
  }

  function draw() {
    byId("rows").replaceChildren(...found.slice(first, first + ROWS).map(drawRow));
    const last = Math.min(first + ROWS, found.length);
    const all = found.length === data.codings.length ? "" : ` (of ${number(data.codings.length)} in all)`;
    byId("shown").textContent = found.length
      ? `Rows ${number(first + 1)} to ${number(last)} of ${named(found.length, "coding", "codings")}${all}.`
      : `No coding fits${all}.`;
    byId("previous").disabled = first === 0;
    byId("next").disabled = last >= found.length;
    byId("evidence-box").scrollTop = 0;
    const picked = byId("picked");
    picked.hidden = !cell;
    if (cell) {
      const titles = cell[0].map((code) => data.codes[code][0]).join(" × ");
      picked.textContent = `From the evidence map: ${titles}, ${named(cell[1].length, "study", "studies")}. “Show all” ends this.`;
    }
  }

  function clear() {
    for (const field of Object.values(fields)) field.value = "";
    cell = null;
  }

  function follow(event) {
    const link = event.target.closest("a[data-map], a[data-study], a[data-code]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    clear();
    if (link.dataset.map !== undefined) cell = data.map[Number(link.dataset.map)];
    if (link.dataset.study !== undefined) fields.study.value = link.dataset.study;
    if (link.dataset.code !== undefined) fields.code.value = link.dataset.code;
    filter();
    location.hash = "evidence";
    byId("evidence").scrollIntoView();
    byId("evidence").focus({ preventScroll: true });
  }

  function turn(rows) {
    first += rows;
    draw();
    byId("evidence-box").focus();
  }

  fields.find.addEventListener("input", later(filter));
  for (const name of ["study", "code", "way", "state", "basis", "order"]) fields[name].addEventListener("change", filter);
  byId("clear").addEventListener("click", () => {
    clear();
    filter();
  });
  byId("previous").addEventListener("click", () => turn(-ROWS));
  byId("next").addEventListener("click", () => turn(ROWS));
  document.addEventListener("click", follow);
  studies();
  filter();
})();
