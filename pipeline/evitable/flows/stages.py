"""The order of the stages for one paper, with the cache between them. This is the only place where it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from evitable.classify import CLASSIFY_VERSION
from evitable.errors import ItemError
from evitable.extract import EXTRACT_VERSION
from evitable.flows.config import RunConfig, model_files
from evitable.records import Document, Issue, Paper, PaperCoding, Passages, Record, Reference
from evitable.segment import SEGMENT_VERSION
from evitable.store import Cache, cache_key

if TYPE_CHECKING:  # loaded when a stage first runs: a run that finds all results in the cache needs none of them
    from spacy.language import Language

    from evitable.classify.attributes import AttributeFinder
    from evitable.classify.model import Classifier

Stage = Literal["extract", "segment", "classify"]
R = TypeVar("R", bound=Record)


@cache
def _installed(library: str) -> str:
    """Give the version of a library whose change could change a result."""
    return version(library)


class PaperKeys(Record, frozen=True, kw_only=True):
    """Cache keys of one paper's results, one per stage."""

    extract: str
    segment: str
    classify: str


class PaperOutcome(Record, frozen=True, kw_only=True):
    """What became of one paper in a run.

    Attributes:
        path: Of the paper.
        keys: Where its results are.
        first_page: What its first page says of it; None if it could not be read.
        issue: What went wrong, or None.
        seconds: Time by stage; 0 for a result that was there.
        cached: Stages whose result was there.
    """

    path: str
    keys: PaperKeys
    first_page: Reference | None = None
    issue: Issue | None = None
    seconds: dict[str, float] = msgspec.field(default_factory=dict)
    cached: tuple[str, ...] = ()


class PaperStages:
    """Runs the stages on papers, one after another, keeping every result."""

    def __init__(self, config: RunConfig, last: Stage = "classify") -> None:
        self._config = config
        self._cache = Cache(config.cache)
        self._last = last

    def keys(self, paper: Paper) -> PaperKeys:
        """Give the cache keys of a paper's results; anything that could change a result changes its key."""
        settings, codebook = self._config.settings, self._config.codebook
        extract = cache_key(
            "extract",
            EXTRACT_VERSION,
            paper.sha256,
            settings.extractor,
            _installed("pdfminer.six"),
            str(settings.max_pages),
        )
        segment = cache_key("segment", SEGMENT_VERSION, extract, settings.nlp, _installed("spacy"))
        title = paper.reference.title if paper.reference else ""
        classify = cache_key("classify", CLASSIFY_VERSION, segment, codebook.digest, self._config.model_id, title)
        return PaperKeys(extract=extract, segment=segment, classify=classify)

    def look_up(self, paper: Paper) -> PaperOutcome | None:
        """Give the outcome of a paper whose results are all in the cache, or None."""
        keys = self.keys(paper)
        document = self._cache.get("extract", keys.extract, Document)
        if document is None:
            return None
        wanted = {"extract": True, "segment": self._last != "extract", "classify": self._last == "classify"}
        if wanted["segment"] and self._cache.get("segment", keys.segment, Passages) is None:
            return None
        if wanted["classify"] and self._cache.get("classify", keys.classify, PaperCoding) is None:
            return None
        stages = tuple(stage for stage, is_wanted in wanted.items() if is_wanted)
        return PaperOutcome(path=paper.path, keys=keys, first_page=document.metadata, cached=stages)

    def run(self, paper: Paper, data: bytes) -> PaperOutcome:
        """Take one paper through the stages.

        Args:
            paper: Its id, path, hash and, where known, its reference record.
            data: Its bytes.

        Raises:
            ItemError: A stage could not read it.
        """
        keys = self.keys(paper)
        timer = _Timer()
        document = timer(
            "extract", self._cache.get("extract", keys.extract, Document), lambda: self._extract(paper, data, keys)
        )
        if self._last != "extract":
            passages = timer(
                "segment", self._cache.get("segment", keys.segment, Passages), lambda: self._segment(document, keys)
            )
            if self._last == "classify":
                timer(
                    "classify",
                    self._cache.get("classify", keys.classify, PaperCoding),
                    lambda: self._classify(paper, document, passages, keys),
                )
        return PaperOutcome(
            path=paper.path,
            keys=keys,
            first_page=document.metadata,
            seconds=dict(timer.seconds),
            cached=tuple(timer.cached),
        )

    def results(self, outcome: PaperOutcome) -> tuple[Passages, PaperCoding] | None:
        """Give passages and predictions of a paper, or None if they are not there (any more)."""
        passages = self._cache.get("segment", outcome.keys.segment, Passages)
        coding = self._cache.get("classify", outcome.keys.classify, PaperCoding)
        return None if passages is None or coding is None else (passages, coding)

    def document(self, outcome: PaperOutcome) -> Document | None:
        """Give the text of a paper, or None if it is not there (any more)."""
        return self._cache.get("extract", outcome.keys.extract, Document)

    def warm_up(self) -> None:
        """Load what the stages need, so that the first paper's time is its own."""
        if self._last != "extract":
            _ = self._sentences
        if self._last == "classify":
            _ = self._classifier, self._finder

    def _extract(self, paper: Paper, data: bytes, keys: PaperKeys) -> Document:
        from evitable.extract.characters import Limits  # noqa: PLC0415
        from evitable.extract.paper import extract_document  # noqa: PLC0415

        settings = self._config.settings
        limits = Limits(settings.max_pages, settings.max_objects, settings.max_characters)
        document = extract_document(data, paper.id, engine=settings.extractor, limits=limits)
        self._cache.put("extract", keys.extract, document)
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

    @cached_property
    def _sentences(self) -> Language:
        from evitable.segment.sentences import sentence_pipeline  # noqa: PLC0415

        return sentence_pipeline(self._config.settings.nlp)

    @cached_property
    def _classifier(self) -> Classifier:
        from evitable.classify.model import load_classifier  # noqa: PLC0415

        return load_classifier(self._config.codebook, model_files(self._config.model_dir), str(self._config.model_dir))

    @cached_property
    def _finder(self) -> AttributeFinder:
        from evitable.classify.attributes import AttributeFinder  # noqa: PLC0415

        return AttributeFinder(self._config.codebook)


class _Timer:
    """Takes the time of each stage, and notes which results were there already."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cached: list[str] = []

    def __call__(self, stage: Stage, there: R | None, make: Callable[[], R]) -> R:
        if there is not None:
            self.cached.append(stage)
            self.seconds[stage] = 0.0
            return there
        start = time.perf_counter()
        try:
            return make()
        except Exception as error:
            error.add_note(stage)
            raise
        finally:
            self.seconds[stage] = round(time.perf_counter() - start, 4)
