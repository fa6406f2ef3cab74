"""Speed and quality against the committed baseline: `make bench`.

Speeds are ratios against a peer in the same run, since machines differ; quality is cross-validated on the shipped
passages, on registers not seen. Exits with 1 where a figure is clearly worse than the baseline; `--write` makes the
baseline anew. Passages a second and the time to load the model are printed too, for this machine.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import spacy
from pdfminer.high_level import extract_text

from evitable.classify.answers import Classifier
from evitable.classify.model import load_classifier
from evitable.codebook import Codebook, default_codebook
from evitable.extract.paper import extract_document
from evitable.flows.config import model_files, shipped_model
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from evitable.training.data import CodedPassage, read_coded_passages
from evitable.training.features import features, read_passages
from evitable.training.fit import topic_stems, unseen_probabilities
from evitable.training.measures import figures

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).parent / "baseline.json"
SLACK = {"extract_cpu_to_pdfminer": 1.25, "code_cpu_to_extract": 1.4, "code_cpu_to_tokens": 1.4}
LENGTH = 100
"""Words of the passages that the coding speed is told for."""


def cpu(work: Callable[[], object], repeats: int = 3) -> float:
    """Give the best CPU time of some repeats, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def measure() -> dict[str, float]:
    """Measure everything on the specimen corpus and the shipped passages."""
    pdfs = [path.read_bytes() for path in sorted((ROOT / "corpus").glob("*.pdf"))]
    nlp, book = sentence_pipeline(), default_codebook()
    start = time.process_time()
    classifier = load_classifier(book, model_files(shipped_model(book.name)))
    print(f"{time.process_time() - start:.2f} s to load the model")
    documents = [extract_document(data, "p") for data in pdfs]
    texts = [passage.text for document in documents for passage in segment_document(document, nlp)]
    classifier.code_texts(texts)
    peer = cpu(lambda: [extract_text(io.BytesIO(data)) for data in pdfs])
    ours = cpu(lambda: [extract_document(data, "p") for data in pdfs])
    coding = cpu(lambda: classifier.code_texts(texts))
    files = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "models" / book.name / "training").glob("*.jsonl")
    }
    passages = read_coded_passages(files, book)
    return {
        "extract_cpu_to_pdfminer": round(ours / peer, 3),
        "code_cpu_to_extract": round(coding / ours, 3),
        "code_cpu_to_tokens": round(_coding_speed(classifier, passages), 3),
        **_quality(passages, book),
    }


def _coding_speed(classifier: Classifier, passages: Sequence[CodedPassage]) -> float:
    """Give the CPU time of coding passages of 100 words, to that of spaCy's bare tokens of them; print the speed."""
    words = " ".join(passage.text for passage in passages).split()
    texts = [" ".join(words[start : start + LENGTH]) for start in range(0, 2000 * LENGTH, LENGTH)]
    blank = spacy.blank("en")
    gc.freeze()  # as a worker does, who has not all these training passages to look through either
    tokens = cpu(lambda: list(blank.pipe(texts)))
    coding = cpu(lambda: classifier.code_texts(texts))
    print(f"{len(texts) / coding:.0f} passages of {LENGTH} words a second on one core")
    return coding / tokens


def _quality(passages: Sequence[CodedPassage], book: Codebook) -> dict[str, float]:
    names = [code.name for code in book.code]
    known = features(passages, read_passages(passages, book), names)
    registers = [passage.register for passage in passages]
    values, given = unseen_probabilities(known, names, registers, topic_stems(book))
    result = figures(names, known.truth, given, values, [passage.source for passage in passages])
    return {
        "macro_f1": round(result.macro_f1, 3),
        "micro_f1": round(result.micro_f1, 3),
        "mean_average_precision": round(result.mean_average_precision, 3),
        "calibration_error": round(result.calibration_error, 3),
    }


def main() -> int:
    """Print the figures beside the baseline."""
    found = measure()
    if "--write" in sys.argv:
        BASELINE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    before = json.loads(BASELINE.read_text(encoding="utf-8"))
    worse = []
    print(f"{'figure':<28}{'now':>8}{'baseline':>10}")
    for name, value in found.items():
        limit = before[name] * SLACK[name] if name in SLACK else None
        bad = (
            value > limit
            if limit is not None
            else (value > before[name] + 0.01 if "error" in name else value < before[name] - 0.01)
        )
        worse += [name] * bad
        print(f"{name:<28}{value:>8}{before[name]:>10}{'  WORSE' if bad else ''}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
