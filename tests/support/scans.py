"""Scanned papers, made on the spot, and programs in the place of OCRmyPDF and Tesseract that do as they are told."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from support.pdf_bytes import drawn, prose_page

_OCRMYPDF = """\
#!{python}
import json, os, pathlib, shutil, subprocess, sys, time

here = pathlib.Path(__file__).parent
if "--version" in sys.argv:
    sys.exit(print("1.2.3"))
with open(here / "asked.jsonl", "a") as log:
    log.write(json.dumps({{"arguments": sys.argv[1:], "environment": dict(os.environ)}}) + "\\n")
source, result = sys.argv[-2:]
mode = (here / "mode.txt").read_text()
if mode == "hang":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (here / "pids.json").write_text(json.dumps([os.getpid(), child.pid]))
    time.sleep(600)
if mode == "fail":
    sys.exit(7)
if mode == "chatter":
    print("rubbish")
    sys.stderr.write("more rubbish\\n")
if mode == "rubbish":
    pathlib.Path(result).write_bytes(b"rubbish")
elif mode == "copy":
    shutil.copy(source, result)
elif mode in ("read", "chatter"):
    shutil.copy(here / "result.pdf", result)
"""
_TESSERACT = """\
#!{python}
import sys

print('List of available languages in "/somewhere" (1):\\neng' if "--list-langs" in sys.argv else "tesseract 4.5.6")
"""


def scanned(data: bytes, pages: Sequence[int], *, resolution: int = 150) -> bytes:
    """Give pages of a PDF (from 0) as a scanner would: pictures in black and white, and no text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    document = pypdfium2.PdfDocument(data)
    for number in pages:
        page = document[number]
        width, height = page.get_size()
        picture = page.render(scale=resolution / 72, grayscale=True).to_pil().convert("1")
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(picture), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def page_of_nothing(canvas: Canvas) -> None:
    """Draw a page that may be a picture of text, for all that an engine can tell."""
    canvas.rect(72, 72, 400, 600, fill=1)


def scan(pages: int = 1) -> bytes:
    """Give a paper without any text; another number of pages gives another paper."""
    return drawn([page_of_nothing] * pages)


def partly_scanned(pages: int = 3) -> bytes:
    """Give a paper whose last page holds no text."""
    return drawn([*[prose_page] * (pages - 1), page_of_nothing])


class FakeOcr:
    """Programs in a folder for the PATH. They do as `mode` says: hang, fail, rubbish, nothing, chatter, copy, read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in (("ocrmypdf", _OCRMYPDF), ("tesseract", _TESSERACT)):
            (folder / name).write_text(text.format(python=sys.executable))
            (folder / name).chmod(0o755)

    def will(self, mode: str, result: bytes = b"") -> None:
        """Say what the next call does; `read` gives the result back as what was read."""
        (self.folder / "mode.txt").write_text(mode)
        (self.folder / "result.pdf").write_bytes(result)

    def asked(self) -> list[dict[str, Any]]:
        """Give the arguments and the environment of each call since the last time."""
        log = self.folder / "asked.jsonl"
        calls = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        log.write_text("")
        return calls

    @property
    def pids(self) -> list[int]:
        """The processes of a call that hangs; none before it does."""
        path = self.folder / "pids.json"
        text = path.read_text() if path.exists() else ""
        return [int(pid) for pid in json.loads(text)] if text else []

    @property
    def path(self) -> str:
        """A PATH on which the programs come first."""
        return os.pathsep.join((str(self.folder), os.environ["PATH"]))
