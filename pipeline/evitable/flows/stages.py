"""The order of the stages for one paper, with the cache between them. This is the only place where it is written."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

import msgspec

from evitable.classify import CLASSIFY_VERSION
from evitable.errors import ItemError
from evitable.extract import CHECK_VERSION, EXTRACT_VERSION
from evitable.flows.attempts import Attempt, read_after_ocr, read_first, read_second
from evitable.flows.config import RunConfig, classifier_of
from evitable.flows.memory import peak_megabytes, start_peak
from evitable.flows.ocr import ocr_state
from evitable.records import (
    Document,
    DocumentText,
    Issue,
    Notice,
    Paper,
    PaperCoding,
    Passage,
    Passages,
    QuoteChecks,
    Record,
    Reference,
)
from evitable.segment import SEGMENT_VERSION
from evitable.store import Cache, cache_key

if TYPE_CHECKING:  # loaded when a stage first runs: a run that finds all results in the cache needs none of them
    from spacy.language import Language

    from evitable.classify.answers import Classifier
    from evitable.classify.attributes import AttributeFinder

Stage = Literal["extract", "segment", "classify", "check"]
R = TypeVar("R", bound=Record)
Results = tuple[Passages, PaperCoding, QuoteChecks | None]
"""Passages, predictions and checked quotes of a paper; no checks where its quotes could not be checked."""
_ORDER: tuple[Stage, ...] = get_args(Stage)
_RESULTS: dict[Stage, type[Record]] = {
    "extract": Document,
    "segment": Passages,
    "classify": PaperCoding,
    "check": QuoteChecks,
}


OUTCOME = "outcome"
"""Beside the results of the stages: what became of a paper."""
NOT_CHECKED = "quotes-not-checked"
"""The notice of a paper that is coded although its quotes could not be checked."""
_PASSING = frozenset({"file-unreadable", "file-changed"})
"""What is no fault of the paper, and is tried again in each run."""


@cache
def _ocr_state(language: str) -> str:
    return ocr_state(language)


@cache
def _installed(library: str) -> str:
    """Give the version of a library whose change could change a result."""
    return version(library)


class PaperKeys(Record, frozen=True, kw_only=True):
    """Cache keys of one paper's results, one per stage."""

    extract: str
    segment: str
    classify: str
    check: str


class PaperOutcome(Record, frozen=True, kw_only=True):
    """What became of one paper in a run.

    Attributes:
        path: Of the paper.
        keys: Where its results are.
        first_page: What its first page says of it; None if it could not be read.
        issue: What went wrong, or None.
        notices: What a reviewer should know of the text that was read.
        seconds: Time by stage; 0 for a result that was there.
        megabytes: Peak memory of the worker by stage, for stages that ran; empty where the system does not tell.
        cached: Stages whose result was there.
    """

    path: str
    keys: PaperKeys
    first_page: Reference | None = None
    issue: Issue | None = None
    notices: tuple[Notice, ...] = ()
    seconds: dict[str, float] = msgspec.field(default_factory=dict)
    megabytes: dict[str, float] = msgspec.field(default_factory=dict)
    cached: tuple[str, ...] = ()


class PaperStages:
    """Runs the stages on papers, one after another, keeping every result."""

    def __init__(self, config: RunConfig, last: Stage = "check") -> None:
        self._config = config
        self._cache = Cache(config.cache)
        self._last = last
        self._held: dict[PaperKeys, Results] = {}

    def keys(self, paper: Paper, *, ocr: bool = False) -> PaperKeys:
        """Give the cache keys of a paper's results; anything that could change a result changes its key.

        Args:
            paper: The paper.
            ocr: Whether the keys of what OCR gives are wanted: a paper that needs none keeps the keys that it has
                where OCR is switched off.
        """
        settings, codebook = self._config.settings, self._config.codebook
        extract = cache_key(
            "extract",
            EXTRACT_VERSION,
            paper.sha256,
            settings.extractor,
            *(_installed("pdfminer.six"), _installed("pypdfium2")),  # either may read it
            *(str(most) for most in (settings.max_pages, settings.max_objects, settings.max_characters)),
            *(("ocr", settings.ocr_language) if ocr else ()),
        )
        segment = cache_key("segment", SEGMENT_VERSION, extract, settings.nlp, _installed("spacy"))
        title = paper.reference.title if paper.reference else ""
        classify = cache_key("classify", CLASSIFY_VERSION, segment, codebook.digest, self._config.model_id, title)
        check = cache_key("check", CHECK_VERSION, classify, _installed("pypdfium2"), _installed("rapidfuzz"))
        return PaperKeys(extract=extract, segment=segment, classify=classify, check=check)

    def outcome(self, paper: Paper, *, failed: bool = True) -> PaperOutcome | None:
        """Give what became of a paper before, if nothing that could change that has changed since; else None.

        Args:
            paper: The paper, wherever it lies now.
            failed: Whether a paper that failed before is given too; else it is tried again.
        """
        kept = self._cache.get(OUTCOME, self.outcome_key(paper), PaperOutcome)
        if kept is None:
            found = self.look_up(paper)
            if found is None or self.waits_for_ocr(paper, found):
                return None
            self.keep(paper, found)
            return found
        if kept.issue is not None and not failed:
            return None
        issue = kept.issue and msgspec.structs.replace(kept.issue, paper=paper.path)
        done = () if issue else tuple(stage for stage in _ORDER if self._wants(stage))
        return msgspec.structs.replace(kept, path=paper.path, issue=issue, seconds={}, megabytes={}, cached=done)

    def outcomes(self, papers: Sequence[Paper], *, failed: bool = True) -> dict[str, PaperOutcome | None]:
        """Give what became of papers before, by path, as `outcome` gives it of one."""
        ahead = self._cache.ahead(papers, lambda paper: [(OUTCOME, self.outcome_key(paper))])
        return {paper.path: self.outcome(paper, failed=failed) for paper in ahead}

    def keep(self, paper: Paper, outcome: PaperOutcome) -> None:
        """Keep what became of a paper, so that the next run need not try it again; what may pass by is not kept.

        Time and memory are not kept: they are of this run, and equal papers give equal entries.
        """
        if outcome.issue is None or outcome.issue.code not in _PASSING:
            kept = msgspec.structs.replace(outcome, seconds={}, megabytes={}, cached=())
            self._cache.put(OUTCOME, self.outcome_key(paper), kept)

    def outcome_key(self, paper: Paper) -> str:
        """Give the key under which it is kept what became of a paper: limits too decide about a failure."""
        settings = self._config.settings
        limits = (settings.time_limit, settings.memory_limit, *((settings.ocr_time_limit,) if settings.ocr else ()))
        return cache_key(
            OUTCOME,
            1,
            *msgspec.structs.astuple(self.keys(paper)),
            *(msgspec.structs.astuple(self.keys(paper, ocr=True)) if settings.ocr else ()),
            *(str(limit) for limit in limits),
            *((_ocr_state(settings.ocr_language),) if settings.ocr else ()),
            self._last,
        )

    def keys_in_use(self, paper: Paper) -> set[tuple[str, str]]:
        """Give stage and key of all results that a paper may have under the settings in force."""
        both = (False, True) if self._config.settings.ocr else (False,)
        results = ((stage, getattr(self.keys(paper, ocr=ocr), stage)) for ocr in both for stage in _ORDER)
        return {*results, (OUTCOME, self.outcome_key(paper))}

    def look_up(self, paper: Paper) -> PaperOutcome | None:
        """Give the outcome of a paper whose results are all in the cache, or None."""
        for ocr in (True, False) if self._config.settings.ocr else (False,):
            keys = self.keys(paper, ocr=ocr)
            document = self._cache.get("extract", keys.extract, Document)
            if document is not None and self._missing(keys, _ORDER[1:]) is None:
                stages = tuple(stage for stage in _ORDER if self._wants(stage))
                return PaperOutcome(
                    path=paper.path,
                    keys=keys,
                    first_page=document.metadata,
                    notices=document.notices,
                    cached=stages,
                )
        return None

    def waits_for_ocr(self, paper: Paper, outcome: PaperOutcome) -> bool:
        """Tell whether a paper has pages without text that have still to be given to OCR."""
        bare = any(notice.code == "pages-without-text" for notice in outcome.notices)
        return self._config.settings.ocr and bare and outcome.keys == self.keys(paper)

    def next_stage(self, keys: PaperKeys) -> Stage:
        """Give the stage at which a paper stands: the first whose result is not there."""
        return self._missing(keys) or self._last

    def _missing(self, keys: PaperKeys, stages: tuple[Stage, ...] = _ORDER) -> Stage | None:
        wanted = (stage for stage in stages if self._wants(stage))
        there = ((stage, self._cache.get(stage, getattr(keys, stage), _RESULTS[stage])) for stage in wanted)
        return next((stage for stage, result in there if result is None), None)

    def run(
        self,
        paper: Paper,
        data: bytes,
        attempt: Attempt = "first",
        before: Issue | None = None,
        timer: Timer | None = None,
    ) -> PaperOutcome:
        """Take one paper through the stages.

        Args:
            paper: Its id, path, hash and, where known, its reference record.
            data: Its bytes.
            attempt: Which way to read it, if it is not read yet.
            before: What became of the attempt before this one.
            timer: Takes what each stage costs; it then knows that too of a paper that fails.

        Raises:
            ItemError: A stage could not read it.
        """
        keys = self.keys(paper, ocr=attempt == "ocr")
        timer, there = timer or Timer(), self._cache.get
        document = timer(
            "extract",
            there("extract", keys.extract, Document),
            lambda: self._extract(paper, data, attempt, before),
        )
        if self._wants("segment"):
            passages = timer("segment", there("segment", keys.segment, Passages), lambda: self._segment(document, keys))
        if self._wants("classify"):
            coding = timer(
                "classify",
                there("classify", keys.classify, PaperCoding),
                lambda: self._classify(paper, document, passages, keys),
            )
        if self._wants("check"):
            timer(
                "check",
                there("check", keys.check, QuoteChecks),
                lambda: self._check(data, document, passages, coding, keys),
            )
        return PaperOutcome(
            path=paper.path,
            keys=keys,
            first_page=document.metadata,
            notices=document.notices,
            seconds=dict(timer.seconds),
            megabytes=dict(timer.megabytes),
            cached=tuple(timer.cached),
        )

    def results(self, outcome: PaperOutcome) -> Results | None:
        """Give passages, predictions and checked quotes of a paper that was read.

        Returns:
            No checks for a paper whose quotes could not be checked; None if anything is not there (any more).
        """
        passages = self._cache.get("segment", outcome.keys.segment, Passages)
        coding = self._cache.get("classify", outcome.keys.classify, PaperCoding)
        checks = self._cache.get("check", outcome.keys.check, QuoteChecks)
        unchecked = any(notice.code == NOT_CHECKED for notice in outcome.notices)
        if passages is None or coding is None or (checks is None and not unchecked):
            return None
        return passages, coding, checks

    def all_results(self, outcomes: Sequence[PaperOutcome]) -> dict[str, Results | None]:
        """Give the results of papers that were read, by path, as `results` gives them of one."""
        stages: tuple[Stage, ...] = ("segment", "classify", "check")
        to_read = [outcome for outcome in outcomes if outcome.keys not in self._held]
        ahead = self._cache.ahead(to_read, lambda outcome: [(one, getattr(outcome.keys, one)) for one in stages])
        found = {outcome.path: self.results(outcome) for outcome in ahead}
        return {o.path: found[o.path] if o.path in found else self._held[o.keys] for o in outcomes}

    def hold(self, outcomes: Sequence[PaperOutcome]) -> None:
        """Read the results of papers and hold them in memory, for `all_results` to give; what is lost is not held."""
        found = self.all_results([outcome for outcome in outcomes if outcome.issue is None])
        self._held |= {o.keys: result for o in outcomes if (result := found.get(o.path)) is not None}

    def passages(self, segment: str) -> tuple[Passage, ...]:
        """Give the passages with that cache key; none if they are not there (any more)."""
        found = self._cache.get("segment", segment, Passages)
        return () if found is None else found.passages

    def document(self, keys: PaperKeys) -> Document | None:
        """Give a paper as it was read, or None if it is not there (any more)."""
        return self._cache.get("extract", keys.extract, Document)

    def text(self, keys: PaperKeys) -> DocumentText | None:
        """Give the text of a paper alone, or None if it is not there (any more)."""
        return self._cache.get("extract", keys.extract, DocumentText)

    def with_notices(self, outcome: PaperOutcome) -> PaperOutcome:
        """Add what is known of the text of a paper that failed after it was read."""
        document = self.document(outcome.keys)
        return outcome if document is None else msgspec.structs.replace(outcome, notices=document.notices)

    def warm_up(self) -> None:
        """Load what the stages need, so that the first paper's time is its own."""
        if self._wants("segment"):
            _ = self._sentences
        if self._wants("classify"):
            _ = self._classifier, self._finder

    def _wants(self, stage: Stage) -> bool:
        """Tell whether papers are taken as far as that stage."""
        return _ORDER.index(stage) <= _ORDER.index(self._last)

    def _extract(self, paper: Paper, data: bytes, attempt: Attempt, before: Issue | None) -> Document:
        settings, plain = self._config.settings, self.keys(paper).extract
        match attempt:
            case "first":
                document = read_first(data, paper.id, settings)
            case "second":
                document = read_second(data, paper.id, settings, before)
            case "ocr":
                document = read_after_ocr(data, paper.id, settings, self._cache.get("extract", plain, Document))
        self._cache.put("extract", self.keys(paper, ocr=attempt == "ocr").extract, document)
        return document

    def _segment(self, document: Document, keys: PaperKeys) -> Passages:
        from evitable.segment.passages import segment_document  # noqa: PLC0415

        passages = Passages(paper_id=document.paper_id, passages=segment_document(document, self._sentences))
        if not passages.passages:
            raise ItemError(
                "no-body-text",
                "The paper was read, but no body text was found in it.",
                "Look at it with `evitable extract`; it may be a scan or a poster.",
            )
        self._cache.put("segment", keys.segment, passages)
        return passages

    def _classify(self, paper: Paper, document: Document, passages: Passages, keys: PaperKeys) -> PaperCoding:
        from evitable.classify.paper import classify_paper  # noqa: PLC0415

        title = (paper.reference.title if paper.reference else "") or document.metadata.title
        coding = classify_paper(document, passages.passages, title, self._classifier, self._finder)
        self._cache.put("classify", keys.classify, coding)
        return coding

    def _check(
        self, data: bytes, document: Document, passages: Passages, coding: PaperCoding, keys: PaperKeys
    ) -> QuoteChecks:
        from evitable.extract.check import check_quotes  # noqa: PLC0415

        checks = check_quotes(data, document, passages.passages, coding)
        self._cache.put("check", keys.check, checks)
        return checks

    @cached_property
    def _sentences(self) -> Language:
        from evitable.segment.sentences import sentence_pipeline  # noqa: PLC0415

        return sentence_pipeline(self._config.settings.nlp)

    @cached_property
    def _classifier(self) -> Classifier:
        return classifier_of(self._config)

    @cached_property
    def _finder(self) -> AttributeFinder:
        from evitable.classify.attributes import AttributeFinder  # noqa: PLC0415

        return AttributeFinder(self._config.codebook)


class Timer:
    """Takes time and peak memory of each stage of one attempt at a paper.

    Attributes:
        seconds: Wall time by stage; 0 for a result that was there.
        megabytes: Peak memory of this process by stage, for stages that ran; empty where the system does not tell.
        cached: Stages whose result was there.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.megabytes: dict[str, float] = {}
        self.cached: list[str] = []

    def __call__(self, stage: Stage, there: R | None, make: Callable[[], R]) -> R:
        """Give the result of a stage: what is there, or what `make` gives; what that raises is noted as its stage's."""
        if there is not None:
            self.cached.append(stage)
            self.seconds[stage] = 0.0
            return there
        start_peak()
        start = time.perf_counter()
        try:
            return make()
        except Exception as error:
            error.add_note(stage)
            raise
        finally:
            self.seconds[stage] = round(time.perf_counter() - start, 4)
            peak = peak_megabytes()
            if peak:
                self.megabytes[stage] = peak
