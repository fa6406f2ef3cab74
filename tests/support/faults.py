"""A worker whose PDF engines fail when a paper asks them to: a comment behind the end of a good PDF says how."""

from __future__ import annotations

from pathlib import Path

from support.pdf_bytes import good

_FAULTS = """\
import os, signal, sys, time

LOG = {log!r}


def fails(code, message):
    from evitable.errors import ItemError
    raise ItemError(code, message, "Mend it.")


def take(way):
    if way == "hang":
        time.sleep(600)
    if way == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if way == "fill":
        raise MemoryError
    if way == "break":
        raise RuntimeError("broken")
    fails("pdf-" + way, "It is " + way + ".")


def faulty(module, name, engine):
    real = getattr(module, name)

    def wrapped(data, *arguments, **options):
        with open(LOG, "a") as log:
            log.write(engine + "\\n")
        for line in getattr(data, "decode", str)("latin-1").splitlines()[-3:]:
            if line.startswith("% " + engine + " "):
                take(line.split()[2])
        return real(data, *arguments, **options)

    setattr(module, name, wrapped)


if "evitable.flows.worker" in sys.orig_argv:
    from evitable.extract.engines import miner
    from evitable.extract.engines import pdfium
    from evitable.extract import check
    from evitable.segment import passages

    for module, name, engine in (
        (miner, "open_pdf", "pdfminer"), (pdfium, "open_pdf", "pdfium"), (check, "check_quotes", "check")
    ):
        faulty(module, name, engine)
    segment = passages.segment_document

    def segment_document(document, nlp):
        if "dies when it is cut" in document.text:
            take("die")
        return segment(document, nlp)

    passages.segment_document = segment_document
"""


def faulty_engines(folder: Path) -> Path:
    """Write what makes the engines of a worker faulty, for its PYTHONPATH, and give the log of what they are asked."""
    log = folder / "asked.txt"
    log.touch()
    (folder / "sitecustomize.py").write_text(_FAULTS.format(log=str(log)), encoding="utf-8")
    return log


def faulty_paper(note: str, **ways: str) -> bytes:
    """Give a good paper with which engines (or `check`) hang, die, fill, break, or raise the rest of a `pdf-` code."""
    return good(pages=1, note=note) + "".join(f"% {engine} {way}\n" for engine, way in ways.items()).encode()
