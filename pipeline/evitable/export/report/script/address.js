// Addresses inside the page: #cell/code+code, #study/id, #studies?field=value. Each state can be linked to, and the
// browser's back button leads to the one before.

function readAddress() {
  const [path, query] = location.hash.slice(1).split("?", 2);
  const [view, rest = ""] = path.split("/", 2);
  return { view, rest, params: new URLSearchParams(query ?? "") };
}

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
};

// Filters and order replace the address, so that "back" does not go through every letter typed.
function noteTableState() {
  const state = tableState().toString();
  history.replaceState(history.state, "", state ? `#studies?${state}` : "#studies");
}

function showStudy(id) {
  const entry = entries.find(({ study }) => study.id === id);
  if (!entry) return;
  if (entry.row.hidden) setTableState(new URLSearchParams(order ? { sort: order } : {}));
  if (entry.row.classList.contains("later")) showMore(sorted.indexOf(entry));
  setOpen(entry, true);
  const key = keyOf(entry);
  if (document.activeElement === key) return;
  key.focus({ preventScroll: true });
  entry.row.scrollIntoView({ block: "start" });
}

function restoreTable(state) {
  if (table && state.toString() !== tableState().toString()) setTableState(state);
}

function follow() {
  // An entry without state is new: a link was followed, or the page has just been opened.
  const fresh = history.state === null;
  if (fresh) history.replaceState({ inside: started }, "");
  const { view, rest, params } = readAddress();
  if (view === "cell" && openPanel(decoded(rest).split("+"), params.get("way"))) return;
  closePanel();
  if (view === "study") showStudy(decoded(rest));
  if (view === "" || (view === "studies" && (params.size || !fresh))) restoreTable(params);
  if (view === "studies" && params.size && fresh) byId("studies").focus();
}

function startAddress() {
  addEventListener("hashchange", follow);
  panel.addEventListener("close", () => {
    if (readAddress().view !== "cell") return;
    if (history.state?.inside) history.back();
    else history.replaceState(history.state, "", "#map");
  });
  panel.addEventListener("click", (event) => event.target === panel && panel.close());
  byId("panel-close").addEventListener("click", () => panel.close());
  const closed = [];
  addEventListener("beforeprint", () => {
    closed.push(...document.querySelectorAll("main details:not([open])"));
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed.splice(0)) part.open = false;
  });
}

let started = false;
startTable();
startAddress();
follow();
started = true;
performance.mark("ready");
