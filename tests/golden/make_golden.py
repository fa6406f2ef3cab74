"""The specimen corpus through every stage, without Prefect, as files small enough to read in a diff.

`make golden` writes them; tests/golden/test_golden.py compares them.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from evitable.export import Review, issue_file
from evitable.export.data_files import csv_bytes
from evitable.export.tables import study_table
from evitable.flows.config import run_config
from evitable.flows.corpus import Corpus, scan_corpus
from evitable.flows.evidence import review_of_run
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.flows.worker import code_one
from evitable.records import Document
from evitable.store import open_workspace

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "expected"


def run_stages(cache: Path) -> tuple[Corpus, PaperStages, list[PaperOutcome]]:
    """Take the specimen papers through all stages of one paper."""
    workspace = open_workspace(ROOT)
    stages = PaperStages(replace(run_config(workspace), cache=cache))
    corpus = scan_corpus(workspace.corpus)
    return corpus, stages, [code_one(stages, workspace.corpus, paper) for paper in corpus.papers]


def build(corpus: Corpus, stages: PaperStages, outcomes: list[PaperOutcome]) -> Review:
    """Put the tables together."""
    return review_of_run(corpus, run_config(open_workspace(ROOT)), outcomes, stages)


def golden_files(corpus: Corpus, stages: PaperStages, outcomes: list[PaperOutcome]) -> dict[str, str]:
    """Give the golden files' texts by name."""
    files = {"papers.txt": "", "codings.csv": ""}
    for outcome in outcomes:
        document = stages.document(outcome.keys)
        files["papers.txt"] += (
            f"{outcome.path}: {outcome.issue.code}\n" if document is None else _paper(outcome.path, document)
        )
    built = build(corpus, stages, outcomes)
    files["codings.csv"] = _codings(built)
    studies = csv_bytes(study_table(built.evidence, built.codebook))
    files["studies.csv"] = studies.decode("utf-8-sig").replace("\r\n", "\n")
    [(_, issues)] = issue_file(built)
    files["issues.csv"] = issues.decode("utf-8-sig").replace("\r\n", "\n")
    return files


def _paper(path: str, document: Document) -> str:
    kinds = Counter(block.kind for block in document.blocks)
    meta = document.metadata
    lines = [
        path,
        f"  {json.dumps([meta.title, list(meta.authors), meta.year, meta.doi], ensure_ascii=False)}",
        f"  pages {', '.join(page.label for page in document.pages)}",
        f"  {', '.join(f'{kind} {number}' for kind, number in sorted(kinds.items()))}",
        *(f"  {'#' * b.level} {document.text_of(b)}" for b in document.blocks if b.kind == "heading"),
    ]
    return "\n".join(lines) + "\n\n"


def _codings(built: Review) -> str:
    keys = {study.study_id: study.key for study in built.evidence.studies}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for c in built.evidence.codings:
        quote = f"{c.quote[:40]} ... {c.quote[-30:]}"
        writer.writerow(
            [keys[c.study_id], "/".join(c.page_labels), c.code, c.polarity or "", f"{c.probability:.2f}", quote]
        )
    return buffer.getvalue()


def main() -> None:
    """Write the golden files."""
    with tempfile.TemporaryDirectory() as folder:
        files = golden_files(*run_stages(Path(folder)))
    GOLDEN.mkdir(exist_ok=True)
    for name, text in files.items():
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
