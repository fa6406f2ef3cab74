"""A review in a temporary folder whose papers are read one by one, as a run reads them; and what an issue must be."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from evitable.flows.config import run_config
from evitable.flows.guard import LOG, Guard
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.flows.worker import frame
from evitable.records import Document, Issue, Paper, PaperCoding, Passages, paper_id
from evitable.store import Workspace
from support.pdf_bytes import PHRASE, good

CONTROLS = frozenset({"Cc", "Cs", "Co", "Cn", "Cf"})
"""Kinds of characters that a quote may not hold; line ends apart."""
MISSING = frozenset({"pages-missing", "pages-without-text", "read-in-part", "letters-unknown"})
"""Codes of notices that say that a part of a paper could not be read."""


class Reader:
    """A review in a temporary folder, and a guard over the worker that reads its papers."""

    def __init__(self, root: Path, settings: str) -> None:
        self._corpus = root / "corpus"
        self._corpus.mkdir()
        (root / "review.toml").write_text(settings, encoding="utf-8")
        workspace = Workspace(root)
        workspace.cache.mkdir(parents=True)
        config = run_config(workspace)
        self.log = workspace.cache / LOG
        self._stages = PaperStages(config)
        self.guard = Guard(frame(config, workspace.corpus, "check"))

    def read(self, name: str, data: bytes | None) -> PaperOutcome:
        """Have a paper read whose file holds these bytes; None for a file that has gone since the scan."""
        if data is not None:
            (self._corpus / name).write_bytes(data)
        sha = hashlib.sha256(b"gone" if data is None else data).hexdigest()
        paper = Paper(id=paper_id(sha), path=name, sha256=sha)
        return self.guard.code(paper, self._stages.keys(paper))

    def text(self, outcome: PaperOutcome) -> str:
        """Give the text that was read."""
        assert outcome.issue is None
        return self.document(outcome).text

    def document(self, outcome: PaperOutcome) -> Document:
        document = self._stages.document(outcome.keys)
        assert document is not None
        return document

    def told(self, outcome: PaperOutcome) -> set[str]:
        """Give the codes by which a reviewer is told that a part of what was read is missing."""
        assert all(is_plain(notice.message) and is_plain(notice.hint) for notice in outcome.notices)
        return {notice.code for notice in outcome.notices} & MISSING

    def results(self, outcome: PaperOutcome) -> tuple[Passages, PaperCoding]:
        """Give the passages and what was found in them."""
        results = self._stages.results(outcome)
        assert results is not None
        return results

    def reads_on(self, note: str) -> bool:
        """Tell whether a good paper is read whole; the note makes it a paper that was not read before."""
        return PHRASE in self.text(self.read("good.pdf", good(pages=1, note=note)))

    @property
    def worker(self) -> int:
        """Process id of the worker."""
        process = self.guard._process
        assert process is not None
        return process.pid


def is_plain(sentence: str) -> bool:
    """Tell whether a reviewer could read this: whole sentences, and nothing of the program in them."""
    whole = sentence[:1].isupper() and sentence.endswith(".") and "\n" not in sentence and "  " not in sentence
    inner = re.search(r"[A-Za-z]+Error|\bPS[A-Z]\w+|Traceback|None\b|0x|[{}<>]|/tmp|\.py\b", sentence)
    return whole and inner is None


def assert_plain(issue: Issue, name: str, codes: set[str]) -> None:
    assert issue.code in codes
    assert issue.paper == name
    assert is_plain(issue.message), issue.message
    assert is_plain(issue.hint), issue.hint
