"""One engine over a folder of PDFs, in a process of its own: its text, CPU time and peak memory.

Run as `python -m benchmarks.engines ENGINE FOLDER`; prints one JSON object.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _pdfminer(data: bytes) -> str:
    from pdfminer.high_level import extract_text

    return extract_text(io.BytesIO(data))


def _pypdf(data: bytes) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def _pdfplumber(data: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() or "" for page in pdf.pages)


def _pypdfium2(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    return text.replace("\ufffe", "-\n").replace("\r", "")


PEERS: dict[str, Callable[[bytes], str]] = {
    "pdfminer extract_text": _pdfminer,
    "pypdf": _pypdf,
    "pdfplumber": _pdfplumber,
    "pypdfium2 text": _pypdfium2,
}
OURS = {"evitable": "pdfminer", "evitable, pdfium": "pdfium"}


def repaired(text: str) -> str:
    """Rejoin words over line ends as any user of an engine would: a hyphen between small letters goes."""
    return re.sub(r"(?<=[a-zà-ÿ])-\s*\n\s*(?=[a-zà-ÿ])", "", text)


def by_peer(name: str, folder: Path) -> dict[str, Any]:
    """Read all PDFs with a peer, in this process."""
    texts = {path.stem: {"text": repaired(PEERS[name](path.read_bytes()))} for path in sorted(folder.glob("*.pdf"))}
    return {"papers": texts, **_used(resource.RUSAGE_SELF)}


def by_evitable(engine: str, folder: Path) -> dict[str, Any]:
    """Read all PDFs through the worker that a run uses: what it takes in all is counted, its start too."""
    from evitable.flows.config import RunConfig, shipped_config
    from evitable.flows.guard import Guard
    from evitable.flows.stages import PaperStages
    from evitable.flows.worker import frame
    from evitable.records import Paper, paper_id
    from evitable.settings import Settings

    papers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as cache:
        base = shipped_config(Path(cache))
        settings = Settings(extractor=engine)  # type: ignore[arg-type]
        config = RunConfig(base.cache, settings, base.codebook, base.model_dir, base.model_id, base.model_note)
        stages = PaperStages(config, "extract")
        with Guard(frame(config, folder, "extract")) as guard:
            for path in sorted(folder.glob("*.pdf")):
                sha = hashlib.sha256(path.read_bytes()).hexdigest()
                paper = Paper(id=paper_id(sha), path=path.name, sha256=sha)
                outcome = guard.code(paper, stages.keys(paper))
                document = stages.document(outcome.keys)
                if document is None:
                    raise SystemExit(f"{path.name}: {outcome.issue}")
                papers[path.stem] = {
                    "text": "\n".join(document.text_of(b) for b in document.blocks if b.kind in {"body", "list"}),
                    "headings": [document.text_of(b) for b in document.blocks if b.kind == "heading"],
                    "anywhere": document.text,
                    "pages": len(document.pages),
                }
    return {"papers": papers, **_used(resource.RUSAGE_CHILDREN)}


def _used(whose: int) -> dict[str, float]:
    used = resource.getrusage(whose)
    return {"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}


if __name__ == "__main__":
    name, folder = sys.argv[1], Path(sys.argv[2])
    json.dump(by_evitable(OURS[name], folder) if name in OURS else by_peer(name, folder), sys.stdout)
