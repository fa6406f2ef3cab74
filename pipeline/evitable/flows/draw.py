"""Pictures of pages with their blocks, made in a process of its own: drawing a bad PDF may break the library that does.

Run as `python -m evitable.flows.draw PDF DOCUMENT FOLDER SECONDS`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from evitable.errors import ItemError
from evitable.flows.guard import worker_environment
from evitable.records import Document, decode, encode
from evitable.store import read_bytes, write_bytes


def draw_blocks(pdf: Path, document: Document, folder: Path, seconds: int) -> list[Path]:
    """Draw a paper's pages with its blocks into a folder, as NAME-001.png and so on.

    Args:
        pdf: The paper.
        document: What was extracted from it.
        folder: Where the pictures go.
        seconds: Time that it may take.

    Returns:
        The pictures, by page.

    Raises:
        ItemError: The pages cannot be drawn.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(encode(document))
        file.flush()
        command = [sys.executable, "-m", "evitable.flows.draw", str(pdf), file.name, str(folder)]
        try:
            subprocess.run(  # noqa: S603 - this program itself
                command, check=True, timeout=seconds, env=worker_environment(), stderr=subprocess.DEVNULL
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise ItemError("pdf-not-drawn", "Its pages cannot be drawn.", "Print the PDF to a new PDF.") from error
    return [path for page in document.pages if (path := _picture(folder, pdf, page.number)).is_file()]


def _picture(folder: Path, pdf: Path, page: int) -> Path:
    return folder / f"{pdf.stem}-{page:03d}.png"


def main() -> int:
    """Draw the pages of one paper."""
    from evitable.extract.drawing import draw_pages  # noqa: PLC0415

    pdf, document, folder = (Path(argument) for argument in sys.argv[1:4])
    for page, picture in draw_pages(read_bytes(pdf), decode(read_bytes(document), Document)):
        write_bytes(_picture(folder, pdf, page), picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
