"""Pictures of pages: what is given, what is refused, and that a bad PDF costs its own picture only."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from evitable.errors import ItemError
from evitable.web.picture_worker import MEMORY
from evitable.web.pictures import NARROWEST, WIDEST, Pictures
from hostile.make_hostile import bomb_in_a_bomb
from support.pdf_bytes import assembled, good, stream

GOOD = good(pages=2)
GREEDY = f"""
from evitable.web import picture_worker
import signal, tempfile
picture_worker._limit_memory()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    bytearray({MEMORY} * 1024 * 1024)
except MemoryError:
    print("memory", flush=True)
try:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"x")
except OSError:
    print("files", flush=True)
"""


def sha(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


def size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "WEBP"
        return image.size


def one_page(media_box: bytes, content: bytes = b"0 0 20 20 re f", resources: bytes = b"<< >>") -> bytes:
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources %s >>" % (media_box, resources),
            stream(content, flate=1),
        ]
    )


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with Pictures(children=1) as made:
        yield made


def children(pictures: Pictures) -> list[int]:
    """Give the ids of the processes that draw."""
    return [child._process.pid for child in pictures._children if child._process is not None]


def test_a_page_is_drawn_at_the_width_asked_for(pictures: Pictures) -> None:
    across, down = size(pictures.picture(GOOD, sha(GOOD), 1, 700))
    assert across == 700
    assert down == pytest.approx(700 * 842 / 595, abs=2)


def test_the_page_that_was_asked_for_is_drawn(pictures: Pictures) -> None:
    first, second = (pictures.picture(GOOD, sha(GOOD), page, 700) for page in (1, 2))
    assert first != second


@pytest.mark.parametrize(("asked", "given"), [(1, NARROWEST), (-5, NARROWEST), (99_999, WIDEST)])
def test_widths_beyond_measure_are_held_to_the_limits(pictures: Pictures, asked: int, given: int) -> None:
    assert size(pictures.picture(GOOD, sha(GOOD), 1, asked))[0] == given


@pytest.mark.parametrize("page", [0, -1, 3, 10**9])
def test_a_page_that_there_is_not_is_told_apart_from_one_that_fails(pictures: Pictures, page: int) -> None:
    with pytest.raises(ItemError, match="has no page") as caught:
        pictures.picture(GOOD, sha(GOOD), page, 700)
    assert caught.value.code == "no-such-page"


@pytest.mark.parametrize("pdf", [b"", b"no PDF at all", GOOD[: len(GOOD) // 3].replace(b"obj", b"obx")])
def test_a_damaged_pdf_is_told_in_plain_words_and_the_same_process_goes_on(pictures: Pictures, pdf: bytes) -> None:
    pictures.picture(GOOD, sha(GOOD), 1, 701)
    before = children(pictures)
    with pytest.raises(ItemError, match=r"^Page 1 cannot be drawn: the PDF is damaged\.$") as caught:
        pictures.picture(pdf, sha(pdf), 1, 700)
    assert caught.value.hint
    assert size(pictures.picture(GOOD, sha(GOOD), 1, 702))[0] == 702
    assert children(pictures) == before


def test_a_page_of_extreme_length_gives_a_picture_of_bounded_size(pictures: Pictures) -> None:
    pdf = one_page(b"0 0 20 14400")
    across, down = size(pictures.picture(pdf, sha(pdf), 1, 2000))
    assert down <= 16_000
    assert across * down <= 12_000_000


def test_a_page_full_of_nested_forms_does_not_hang_the_page_for_longer_than_the_limit() -> None:
    """Forms that draw forms, ten times each on six levels: a million squares from a kilobyte."""
    forms = [
        stream(
            b" ".join([b"/F Do"] * 30),
            b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /F %d 0 R >> >>" % (at + 1),
        )
        for at in range(5, 11)
    ]
    last = stream(b"0 0 99 99 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 99 99]")
    page = b"<< /XObject << /F 5 0 R >> >>"
    pdf = assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources %s >>" % page,
            stream(b"/F Do"),
            *forms,
            last,
        ]
    )
    with Pictures(children=1, seconds=1) as pictures:
        with pytest.raises(ItemError, match="longer than 1 seconds") as caught:
            pictures.picture(pdf, sha(pdf), 1, 700)
        assert caught.value.code == "page-too-slow"
        assert children(pictures) == [], "what hangs is ended"
        with pytest.raises(ItemError, match="longer than 1 seconds"):
            pictures.picture(pdf, sha(pdf), 1, 700)
        assert children(pictures) == [], "and not tried again"


@pytest.mark.slow
def test_a_bomb_takes_no_more_memory_than_a_process_may_have() -> None:
    pdf = bomb_in_a_bomb()
    with Pictures(children=1) as pictures:
        with pytest.raises(ItemError, match=r"breaks the program|too much memory"):
            pictures.picture(pdf, sha(pdf), 1, 700)
        assert size(pictures.picture(GOOD, sha(GOOD), 1, 700))[0] == 700


def test_a_process_that_was_killed_is_replaced(pictures: Pictures) -> None:
    pictures.picture(GOOD, sha(GOOD), 1, 703)
    [before] = children(pictures)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert size(pictures.picture(GOOD, sha(GOOD), 1, 704))[0] == 704
    assert children(pictures) != [before]


def test_a_process_that_breaks_down_on_a_page_costs_that_picture_only() -> None:
    with Pictures(children=1) as pictures:
        pictures.picture(GOOD, sha(GOOD), 1, 700)
        [child] = children(pictures)
        os.kill(child, signal.SIGSTOP)
        threading.Timer(0.3, os.kill, (child, signal.SIGKILL)).start()
        with pytest.raises(ItemError, match="breaks the program that draws it"):
            pictures.picture(GOOD, sha(GOOD), 1, 701)
        assert size(pictures.picture(GOOD, sha(GOOD), 1, 701))[0] == 701


def test_a_picture_that_is_too_large_is_refused() -> None:
    with Pictures(children=1, largest=1000) as pictures, pytest.raises(ItemError, match="too large"):
        pictures.picture(GOOD, sha(GOOD), 1, 700)


def test_what_was_drawn_is_kept_and_the_least_lately_used_is_dropped() -> None:
    with Pictures(children=1, kept=60_000) as pictures:
        first = pictures.picture(GOOD, sha(GOOD), 1, 700)
        assert pictures.picture(b"is not read again", sha(GOOD), 1, 700) == first
        for width in range(701, 706):
            assert len(pictures.picture(GOOD, sha(GOOD), 1, width)) > 15_000
        with pytest.raises(ItemError, match="damaged"):
            pictures.picture(b"is read again", sha(GOOD), 1, 700)


def test_several_threads_get_their_own_pictures() -> None:
    found: dict[int, int] = {}
    with Pictures(children=2) as pictures:
        threads = [
            threading.Thread(target=lambda w=width: found.update({w: size(pictures.picture(GOOD, sha(GOOD), 1, w))[0]}))
            for width in range(600, 608)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {width: width for width in range(600, 608)}


def test_the_process_knows_no_secrets_of_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVITABLE_REVIEW_PASSWORD_HASH", "a secret")
    with Pictures(children=1) as made:
        made.picture(GOOD, sha(GOOD), 1, 700)
        [child] = children(made)
        assert b"a secret" not in Path(f"/proc/{child}/environ").read_bytes()


def test_the_process_may_not_take_all_memory_nor_write_files() -> None:
    paths = os.pathsep.join(sys.path)
    tried = subprocess.run(
        [sys.executable, "-c", GREEDY],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert tried.stdout.split() == ["memory", "files"], tried.stderr


def test_processes_end_with_the_page() -> None:
    made = Pictures(children=1)
    made.picture(GOOD, sha(GOOD), 1, 700)
    [child] = children(made)
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
