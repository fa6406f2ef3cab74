"""The review as the page has it in memory: read once, and brought up to date when people or runs have added to it."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from evitable.codebook import Codebook
from evitable.decide.states import PassageState
from evitable.errors import UserError
from evitable.records import Decision, Document, PublishedPaper
from evitable.store import Workspace
from evitable.store.places import corpus_place, read_from
from evitable.store.published import PAPERS_FILE, Published, open_published
from evitable.web.paper import Texts, Work, work_on

_QUICK, _REST = 0.05, 20
"""A log that takes more seconds to read is read again only after so many times that long: what this page has decided it
knows anyway, and what others have decided is found out at the latest when a decision is refused."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Log(Protocol):
    """The decision log (`store.decisions.DecisionLog`), as far as the page needs it."""

    def read(self) -> tuple[Decision, ...]:
        """Give all decisions."""

    def add(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Add decisions, all or none."""

    def state(self) -> str:
        """Give a text that is another one whenever something was added."""


@dataclass(frozen=True)
class Review:
    """What was known at one moment; what is shown on one page all comes from one of these.

    Attributes:
        published: The run.
        codebook: In force.
        states: Of each paper, by its id.
        version: Number that grows with whatever changes.
    """

    published: Published
    codebook: Codebook
    states: Mapping[str, tuple[PassageState, ...]]
    version: int

    @cached_property
    def passages(self) -> list[PassageState]:
        """All passages, in the order of studies and texts."""
        return [one for paper in self.published.papers for one in self.states[paper.paper_id]]

    @cached_property
    def at(self) -> dict[tuple[str, str], int]:
        """Where a passage is among them, by paper and place."""
        return {(one.paper_id, one.place): at for at, one in enumerate(self.passages)}

    def find(self, paper_id: str, place: str) -> PassageState | None:
        """Give a passage; None where the run does not have it."""
        return next((one for one in self.states.get(paper_id, ()) if one.place == place), None)

    @property
    def studies(self) -> dict[str, str]:
        """Short names of the studies by id, in order."""
        return {paper.study_id: paper.study for paper in self.published.papers}

    @property
    def current(self) -> bool:
        """Whether the codebook is still the one of the run."""
        return self.published.record.codebook_version == self.codebook.digest


class Desk:
    """Keeps the review up to date, and reads papers when they are needed. Safe to use from several threads.

    Args:
        workspace: The review.
        log: People's decisions.
        codebook: Reads the codebook in force.
        say: Is told how far the reading has come: papers read, and how many there are.

    Raises:
        UserError: Nothing is published, or what is cannot be read.
    """

    def __init__(
        self,
        workspace: Workspace,
        log: Log,
        codebook: Callable[[], Codebook],
        say: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self.log = log
        self._workspace = workspace
        self._settings = workspace.settings()
        self._codebook = codebook
        self._say = say
        self._lock = threading.RLock()
        self._decisions: dict[str, dict[str, Decision]] = {}
        self._due: set[str] = set()
        self._documents: Kept[str, Document] = Kept(24)
        self._works: Kept[str, Work] = Kept(64)
        self._pdfs: Kept[str, bytes] = Kept(4)
        self._log_state = self._run_state = ""
        self._next_reading = 0.0
        self._version = 0
        self._review = self._read()

    @property
    def seen(self) -> Review:
        """The review as it was when somebody last asked for `now`."""
        return self._review

    def now(self) -> Review:
        """Give the review as it stands, taking in what was added since.

        Raises:
            UserError: What was published last, or the log, cannot be read.
        """
        with self._lock:
            if self._run_state != self._run_on_disk():
                self._review = self._read()
            elif self._log_state != self.log.state() and time.monotonic() >= self._next_reading:
                self._read_log()
            return self._review

    def catch_up(self) -> Review:
        """Give the review as it stands, as `now` does, and with all that others have decided up to this moment."""
        with self._lock:
            self._next_reading = 0.0
            return self.now()

    def add(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Add decisions to the log, all or none.

        Raises:
            StaleDecisionError: Somebody has decided since: of `store.decisions`.
            UserError: The log cannot be written.
        """
        added = self.log.add(decisions)  # may wait for a run that is being published: others go on reading
        with self._lock:
            self._take_in(added)
        return added

    def work(self, paper_id: str) -> Work:
        """Give what is known of a paper.

        Raises:
            KeyError: The published run does not have it.
            UserError: It is not in the cache any more.
        """
        with self._lock:
            found = self._works.get(paper_id)
            return found or self._work(self._review.published, self._review.codebook, paper_id)

    def document(self, paper_id: str) -> Document:
        """Give the text of a paper; raises as `work` does."""
        return self._text(self._review.published, paper_id)

    def _text(self, published: Published, paper_id: str) -> Document:
        key = published.by_id[paper_id].keys["extract"]
        found = self._documents.get(key)
        if found is None:
            found = published.document(paper_id)
            self._documents.put(key, found)
        return found

    def pdf(self, paper: PublishedPaper) -> bytes:
        """Read a paper's file.

        Raises:
            UserError: It is gone, or is not the file that the run has read.
        """
        found = self._pdfs.get(paper.sha256)
        if found is None:
            try:
                found = read_from(corpus_place(self._workspace, self._settings), paper.path)
            except OSError as error:
                raise UserError(f"{paper.path} cannot be read.", "Put it back into corpus, or run again.") from error
            if _sha256(found) != paper.sha256:
                raise UserError(f"{paper.path} has changed since the last run.", "Run `evitable run` again.")
            self._pdfs.put(paper.sha256, found)
        return found

    def _read(self) -> Review:
        """Read everything anew."""
        run_state, log_state = self._run_on_disk(), self.log.state()
        published, codebook = open_published(self._workspace, self._settings), self._codebook()
        self._gather(self.log.read())
        self._works.clear()
        states = {}
        for done, paper in enumerate(published.papers):
            self._say(done, len(published.papers))
            states[paper.paper_id] = self._work(published, codebook, paper.paper_id).states
        self._say(len(published.papers), len(published.papers))
        # Only now, so that what cannot be read is said each time that it is asked for.
        self._run_state, self._log_state = run_state, log_state
        self._due.clear()
        self._version += 1
        return Review(published, codebook, states, self._version)

    def _read_log(self) -> None:
        """Take in what others have decided since."""
        log_state, begun = self.log.state(), time.monotonic()
        self._take_in(self.log.read())
        self._log_state = log_state
        took = time.monotonic() - begun
        self._next_reading = begun + took * _REST if took > _QUICK else 0.0

    def _take_in(self, decisions: Iterable[Decision]) -> None:
        """Take in decisions that may be new."""
        self._gather(decisions)
        published, codebook, states = self._review.published, self._review.codebook, dict(self._review.states)
        for paper_id in self._due & states.keys():
            states[paper_id] = self._work(published, codebook, paper_id, self._works.get(paper_id)).states
        self._due.clear()
        self._version += 1
        self._review = Review(published, codebook, states, self._version)

    def _gather(self, decisions: Iterable[Decision]) -> None:
        """Keep decisions by paper, and remember which papers have new ones."""
        for one in decisions:
            those = self._decisions.setdefault(one.anchor.paper_id, {})
            if one.id not in those:
                those[one.id] = one
                self._due.add(one.anchor.paper_id)

    def _work(self, published: Published, codebook: Codebook, paper_id: str, before: Work | None = None) -> Work:
        texts = Texts(
            published.passages(paper_id),
            published.coding(paper_id),
            published.matches(paper_id),
            lambda: self._text(published, paper_id),
        )
        decisions = list(self._decisions.get(paper_id, {}).values())
        known = before.placed if before else {}
        made = work_on(published.by_id[paper_id], texts, decisions, codebook, known)
        self._works.put(paper_id, made)
        return made

    def _run_on_disk(self) -> str:
        try:
            found = (self._workspace.outputs / PAPERS_FILE).stat()
        except OSError:
            return ""
        return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"


class Kept(Generic[K, V]):
    """So many values, the least lately used dropped first. Safe to use from several threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Give a value, if it is there."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Drop all."""
        with self._lock:
            self._values.clear()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
