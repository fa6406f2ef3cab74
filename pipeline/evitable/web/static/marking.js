// Text that a person marks. Places in the text are counted in code points, as the program counts them.

const length = (text) => Array.from(text).length;

/** Give a stretch of the text by its first code unit and its length in code units. */
function stretch(box, text, at, units) {
  const start = Number(box.dataset.start) + length(text.slice(0, at));
  const quote = text.slice(at, at + units);
  return { start, end: start + length(quote), quote };
}

/** Give what is marked in the text; null for nothing. */
export function marked(box) {
  const selection = getSelection();
  if (!box || !selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(box);
  before.setEnd(range.startContainer, range.startOffset);
  const quote = range.toString();
  return quote.trim() ? stretch(box, box.textContent, before.toString().length, quote.length) : null;
}

/** Find words in the text, in the passage first; null where they are not there. Any white space is as good as another. */
export function found(box, words) {
  const wanted = words.trim();
  if (!wanted) return null;
  const pattern = new RegExp(wanted.split(/\s+/u).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&")).join("\\s+"), "gu");
  const text = box.textContent;
  const passage = box.querySelector("mark");
  let first = 0;
  if (passage) {
    const before = document.createRange();
    before.selectNodeContents(box);
    before.setEndBefore(passage);
    first = before.toString().length;
  }
  const hits = [...text.matchAll(pattern)];
  const hit = hits.find((one) => one.index >= first) || hits[0];
  return hit ? stretch(box, text, hit.index, hit[0].length) : null;
}

/** Show which words carried a code. */
export function carry(box, code) {
  if (!box) return;
  for (const mark of box.querySelectorAll("mark.carried")) {
    mark.classList.toggle("on", mark.dataset.codes.split(" ").includes(code));
  }
}

/** Bring the passage into sight inside its box, without moving the page: all of it, if there is room. */
export function reveal(box) {
  const marks = box ? [...box.querySelectorAll("mark")] : [];
  if (!marks.length) return;
  const [first, last] = [marks[0], marks[marks.length - 1]];
  const left = box.clientHeight - (last.offsetTop + last.offsetHeight - first.offsetTop);
  box.scrollTop = Math.max(0, first.offsetTop - Math.min(box.clientHeight / 4, Math.max(left - 12, 28)));
}
