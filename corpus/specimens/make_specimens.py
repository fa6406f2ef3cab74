"""Lay out the specimen papers of the demo corpus.

Run it from the repository: ``python corpus/specimens/make_specimens.py``. It reads every text in
``corpus/specimens/text``, writes a PDF for each and ``references.ris`` into ``corpus`` (``--out`` names another
folder), and always gives the same bytes. ``--check`` writes nothing and exits 1 if what stands there differs. It needs
the packages reportlab, pyphen, font-source-serif-pro, font-source-sans-pro and font-caladea, and no network.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from specimen_journal import journal
from specimen_manuscript import manuscript
from specimen_report import report
from specimen_ris import write_ris
from specimen_screen import slides, webpage
from specimen_sheets import Sheets, write_pdf
from specimen_text import Specimen, read_specimens
from specimen_type import register_fonts

HERE = Path(__file__).resolve().parent


def lay_out(specimen: Specimen, *, restart: bool = False) -> Sheets:
    """The pages of a text in its layout; ``restart`` is for the line numbers of a manuscript."""
    if specimen.layout == "manuscript":
        return manuscript(specimen, restart=restart)
    return {"journal": journal, "report": report, "slides": slides, "webpage": webpage}[specimen.layout](specimen)


def make_files(texts: Path) -> dict[str, bytes]:
    """All files of the corpus by their names.

    In the first manuscript the line numbers restart on each page; in the others they run through.

    Raises:
        SpecimenError: a text breaks the format.
    """
    specimens = read_specimens(texts)
    first = next((specimen.key for specimen in specimens if specimen.layout == "manuscript"), "")
    files = {f"{one.key}.pdf": write_pdf(one, lay_out(one, restart=one.key == first)) for one in specimens}
    files["references.ris"] = write_ris(specimens).encode("utf-8")
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the corpus; gives the exit code."""
    parser = argparse.ArgumentParser(description="Lay out the specimen papers of the demo corpus.")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder for the PDFs (default: the corpus)")
    parser.add_argument("--texts", type=Path, default=HERE / "text", help="folder of the texts")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is missing or differs")
    options = parser.parse_args(arguments)
    register_fonts()
    files = make_files(options.texts)
    if options.check:
        stale = [name for name, data in files.items() if not _same(options.out / name, data)]
        for name in stale:
            print(f"{name} is missing or differs; run {Path(__file__).name}", file=sys.stderr)
        return 1 if stale else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        if not _same(options.out / name, data):
            (options.out / name).write_bytes(data)
    print(f"{len(files) - 1} papers and references.ris in {options.out}")
    return 0


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


if __name__ == "__main__":
    sys.exit(main())
