// The panel: studies that carry all codes of a cell, and the quotes that put them there.

const panel = byId("panel");
const STUDIES = 10;
const QUOTES = 6;

// What carries most of the cell's codes at once says most; and no code waits behind six quotes of another.
function byWeight(found) {
  const best = ({ codings }) => Math.max(...codings.map(({ probability }) => probability));
  const waiting = [...found].sort((a, b) => b.codings.length - a.codings.length || best(b) - best(a));
  const seen = new Set();
  const first = [];
  const news = ({ codings }) => codings.filter(({ code }) => !seen.has(code)).length;
  for (let most = Math.max(0, ...waiting.map(news)); most; most = Math.max(0, ...waiting.map(news))) {
    const [next] = waiting.splice(waiting.findIndex((passage) => news(passage) === most), 1);
    next.codings.forEach(({ code }) => seen.add(code));
    first.push(next);
  }
  return [...first, ...waiting];
}

function panelQuotes(study, codes, way) {
  const wanted = (coding) => codes.includes(coding.code) && counts(study, coding) && (!way || coding.way === way);
  return byWeight(passagesOf(study, wanted));
}

function panelStudy(study, codes, way) {
  const found = panelQuotes(study, codes, way).map(({ passage, codings }) => figure(study, passage, codings));
  const year = study.year === null || study.key.includes(study.year) ? "" : ` (${study.year})`;
  const head = element("h3", "", link(`#study/${encodeURIComponent(study.id)}`, "key", study.key), year);
  const made = element("section", "panel-study", head, element("p", "title", study.title || "title not found"));
  made.append(element("div", "quotes", ...found.slice(0, QUOTES)));
  const rest = found.slice(QUOTES);
  if (rest.length) {
    made.append(folded(named(rest.length, "more passage", "more passages"), () => [element("div", "quotes", ...rest)]));
  }
  return made;
}

function panelSummary(carrying, codes, way) {
  const one = carrying.length === 1;
  const all = codes.length > 1 ? "all of these codes, anywhere in the paper" : "this code";
  const whole = `${one ? "carries" : "carry"} ${all}`;
  const which = way ? `${one ? "has" : "have"} passages with this code that say “${way}”` : whole;
  const first = codes.length > 1 ? " Passages that carry most of the codes at once come first." : "";
  const rest = " Only what counts is shown: open a study to see mentions of other work and unsure codings too.";
  return `${named(carrying.length, "study", "studies")} ${which}.${first}${rest}`;
}

function addStudies(body, waiting, codes, way) {
  const made = waiting.splice(0, STUDIES).map((study) => panelStudy(study, codes, way));
  body.append(...made);
  if (waiting.length) {
    const next = Math.min(STUDIES, waiting.length);
    const more = button(`Show ${next} more of ${named(waiting.length, "study", "studies")} left`, () => {
      more.remove();
      addStudies(body, waiting, codes, way);
    });
    body.append(more);
  }
  made[0]?.querySelector("a")?.focus();
}

// Returns false where the address names a code that the codebook does not have.
function openPanel(names, way) {
  const codes = names.map((name) => codeNumbers.get(name));
  if (!codes.length || codes.includes(undefined)) return false;
  const wanted = index.ways.includes(way) ? way : "";
  let carrying = studies.filter((study) => codes.every((code) => study.codes.has(code)));
  if (wanted) carrying = carrying.filter((study) => panelQuotes(study, codes, wanted).length);
  const title = codes.map((code) => index.codes[code][1]).join(" × ");
  byId("panel-title").textContent = wanted ? `${title}: ${wanted}` : title;
  const body = byId("panel-body");
  body.replaceChildren(element("p", "", panelSummary(carrying, codes, wanted)));
  if (!panel.open) panel.showModal();
  addStudies(body, [...carrying], codes, wanted);
  panel.scrollTop = 0;
  byId("panel-title").focus();
  return true;
}

const closePanel = () => panel.open && panel.close();
