"""The child process that draws pages: a request and a PDF in, a picture out. It can be killed without loss.

Run as `python -m evitable.web.picture_worker`. A PDF may be made to do harm: what opens it holds nothing worth having.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import BinaryIO

import msgspec
import pypdfium2

MEMORY = 1024
"""Megabytes of address space that a child may take, its libraries included."""
_SECONDS = 20
"""Seconds of processor time for one page: ends a child whose page has gone. Its clock for people is in `pictures`."""
_PIXELS = 12_000_000
_LONGEST = 16_000
"""Pixels of a picture, and of its longer side: WebP holds no more than 16,383."""


class Request(msgspec.Struct, frozen=True):
    """A page to draw; the PDF's bytes follow on the line.

    Attributes:
        size: Bytes of the PDF.
        page: Index from 1.
        width: Pixels.
    """

    size: int
    page: int
    width: int


class Answer(msgspec.Struct, frozen=True):
    """What came of a request; the picture's bytes follow on the line.

    Attributes:
        size: Bytes of the picture; 0 for none.
        fault: Why there is none, in plain words; `no such page` where the PDF has fewer.
    """

    size: int = 0
    fault: str = ""


NO_SUCH_PAGE = "no such page"


def main() -> int:
    """Draw page after page until the input closes."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # a stray print of a library must not reach the pipe
    _limit_memory()
    with contextlib.suppress(BrokenPipeError):
        while line := sys.stdin.buffer.readline():
            request = msgspec.json.decode(line, type=Request)
            picture, fault = _tried(sys.stdin.buffer, request)
            answers.write(msgspec.json.encode(Answer(len(picture), fault)) + b"\n" + picture)
    return 0


def _tried(source: BinaryIO, request: Request) -> tuple[bytes, str]:
    """Draw a page; give the picture, or why there is none."""
    try:
        data = source.read(request.size)
        _limit_seconds()
        return draw(data, request.page, request.width), ""
    except IndexError:
        return b"", NO_SUCH_PAGE
    except MemoryError:
        return b"", "it takes too much memory"
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return b"", "the PDF is damaged"


def draw(data: bytes, page: int, width: int) -> bytes:
    """Draw a page as a WebP picture.

    Args:
        data: Bytes of the PDF.
        page: Index from 1.
        width: Pixels; fewer where a page is so long that its picture would be beyond measure.

    Raises:
        IndexError: There is no such page.
        pypdfium2.PdfiumError: The PDF or the page cannot be read.
        ValueError: The page has no size.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= page <= len(document):
            raise IndexError(page)
        leaf = document[page - 1]
        across, down = leaf.get_size()
        if not (across > 0 and down > 0):
            raise ValueError("a page without a size")
        # A hundredth less: widths are rounded up.
        scale = min((width - 0.01) / across, (_PIXELS / (across * down)) ** 0.5, (_LONGEST - 1) / max(across, down))
        file = io.BytesIO()
        leaf.render(scale=scale).to_pil().convert("RGB").save(file, "WEBP", quality=80, method=2)
        return file.getvalue()
    finally:
        document.close()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 1024 * 1024, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_seconds() -> None:
    """Allow some seconds more of processor time from now."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + _SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main())
