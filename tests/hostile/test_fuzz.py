"""PDFs damaged by chance: a short run of `make fuzz`, and whether it would find what it looks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evitable.flows.guard import Guard
from hostile import fuzz, judge
from hostile.fuzz import Found, Fuzz
from hostile.mutations import MUTATIONS, Mutant, damaged_streams, mutant, seeds
from support.pdf_bytes import good, one_page, prose_content, stream
from support.reader import Reader

SERIES = 7


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzz]:
    with Fuzz(tmp_path_factory.mktemp("fuzz"), workers=1) as running:
        yield running


def made_of(data: bytes, *steps: str, seed: str = "good") -> Mutant:
    return Mutant(0, seed, steps, data)


def test_a_mutant_is_made_again_from_its_two_numbers() -> None:
    assert [mutant(1, index) for index in range(40)] == [mutant(1, index) for index in range(40)]
    assert len({mutant(1, index).data for index in range(40)}) > 30
    assert {step for index in range(300) for step in mutant(1, index).steps} == set(MUTATIONS)


@pytest.mark.slow
def test_damaged_pdfs_give_their_text_or_one_plain_issue(running: Fuzz) -> None:
    found = list(running.run(SERIES, range(60)))
    assert {f.mutant.index: f.faults for f in found if f.faults} == {}
    assert (
        sum(f.result.startswith("read") for f in found) > 15
    )  # most damage is small: else nothing but opening is tried


def test_a_page_that_is_lost_in_silence_is_found(reader: Reader) -> None:
    data = good(pages=3)
    outcome = reader.read("lost.pdf", data)
    sound = judge.letters_by_page(reader.document(outcome))
    assert judge.faults(reader, made_of(data), outcome, sound) == []
    blank = reader.read("blank.pdf", one_page(stream(prose_content())))
    assert judge.faults(reader, made_of(data), blank, sound) == ["lost in silence: 3 pages counted, 1 read"]


def test_a_page_that_is_lost_in_part_is_found(reader: Reader) -> None:
    """The text was read from a PDF with less on its page than the one that is judged."""
    little = one_page(stream(prose_content().replace(b"group", b"").replace(b" T* ", b" T* () Tj ET % ", 1)))
    outcome = reader.read("part.pdf", little)
    whole = one_page(stream(prose_content()))
    [fault] = judge.faults(reader, made_of(whole, "flip_bits"), outcome, {1: 420})
    assert re.fullmatch(r"lost in silence: page 1 has \d\d letters of 420", fault)


def test_only_streams_that_cannot_be_opened_count_as_damaged() -> None:
    sound = one_page(stream(prose_content(), flate=1))
    at = sound.index(b"stream\nx") + 60
    assert damaged_streams(sound) == 0
    assert damaged_streams(sound[:at] + b"\0\0\0" + sound[at + 3 :]) == 1
    assert all(
        damaged_streams(data) == 0 for name, data in seeds().items() if "encrypted" not in name and "aes" not in name
    )


def test_what_comes_out_of_the_guard_is_a_fault_and_the_run_goes_on(
    running: Fuzz, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the guard broke down")

    with monkeypatch.context() as broken:
        broken.setattr(Guard, "code", fails)
        [found] = running.run(SERIES, [0])
    assert found.result == "exception"
    assert found.faults[0] == "came out of the guard: RuntimeError: the guard broke down"
    assert len(found.faults) == 2  # the good paper was not read either
    assert next(iter(running.run(SERIES, [0]))).result != "exception"


def test_the_last_words_of_a_worker_name_the_error_and_the_place(tmp_path: Path) -> None:
    log = tmp_path / "workers.log"
    log.write_text(
        "2026-01-01 evitable.flows.worker 7.pdf failed\nTraceback (most recent call last):\n"
        '  File "/home/a/evitable/extract/kinds.py", line 33, in name_blocks\n    raise KeyError\nKeyError: 1\n'
    )
    assert fuzz.last_words(log, "7.pdf") == "KeyError: 1 (extract/kinds.py, line 33, name_blocks)"


def test_a_fault_ends_the_program_with_1_and_says_how_to_make_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = Found(mutant(SERIES, 3), "unexpected", ["unexpected"], 0.1)
    monkeypatch.setattr(Fuzz, "__enter__", lambda self: self)
    monkeypatch.setattr(Fuzz, "run", lambda *_: iter([bad]))
    assert fuzz.main(["--seed", str(SERIES), "--only", "3", "--write", str(tmp_path)]) == 1
    assert f"--seed {SERIES} --only 3" in capsys.readouterr().out
    [written] = tmp_path.iterdir()
    assert written.read_bytes() == bad.mutant.data
    monkeypatch.setattr(Fuzz, "run", lambda *_: iter([bad._replace(faults=[])]))
    assert fuzz.main(["--mutations", "1"]) == 0
