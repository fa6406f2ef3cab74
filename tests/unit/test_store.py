"""The disk: results found by content, files written whole or not at all, runs published whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evitable.errors import UserError
from evitable.records import Paper, Reference
from evitable.store import (
    Cache,
    Workspace,
    cache_key,
    open_workspace,
    read_bytes,
    read_text,
    writable,
    write_bytes,
)
from support.disk import all_files, fail_replace, fill_disk

RECORD = Reference(title="Größe – 東京", authors=("Devi, S", "Kerr, H"), year=2014, source="references.ris, record 1")
KEY = cache_key("extract", 1, "paper", "options")


# ----------------------------------------------------------------------------------------------------------- cache


def test_what_is_put_into_the_cache_is_got_back_equal(tmp_path: Path) -> None:
    Cache(tmp_path).put("extract", KEY, RECORD)
    assert Cache(tmp_path).get("extract", KEY, Reference) == RECORD


def test_what_was_never_put_is_not_there(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "not made yet")
    assert cache.get("extract", KEY, Reference) is None
    cache.put("extract", KEY, RECORD)
    assert cache.get("segment", KEY, Reference) is None
    assert cache.get("extract", cache_key("extract", 2, "paper", "options"), Reference) is None


def test_a_later_result_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("extract", KEY, Reference(title="earlier"))
    cache.put("extract", KEY, RECORD)
    assert cache.get("extract", KEY, Reference) == RECORD
    assert len(all_files(tmp_path)) == 1


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="emptied"),
        pytest.param(lambda data: data[:-1], id="last byte lost"),
        pytest.param(lambda data: data[: len(data) // 2], id="half of it lost"),
        pytest.param(lambda data: data + b" ", id="a byte too much"),
        pytest.param(lambda data: data.replace(b"2014", b"2015"), id="a figure changed"),
        pytest.param(lambda data: data.partition(b"\n")[2], id="check line lost"),
        pytest.param(lambda data: b"\x00" * len(data), id="zeroed by a crash"),
    ],
)
def test_a_damaged_entry_counts_as_none_and_can_be_made_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    cache = Cache(tmp_path)
    cache.put("extract", KEY, RECORD)
    (name,) = all_files(tmp_path)
    whole = (tmp_path / name).read_bytes()
    assert damage(whole) != whole
    (tmp_path / name).write_bytes(damage(whole))
    assert cache.get("extract", KEY, Reference) is None
    cache.put("extract", KEY, RECORD)
    assert cache.get("extract", KEY, Reference) == RECORD


def test_an_entry_of_another_format_counts_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("extract", KEY, Paper(id="p", path="a.pdf", sha256="0"))
    assert cache.get("extract", KEY, Reference) is None


def test_a_folder_in_the_place_of_an_entry_counts_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("extract", KEY, RECORD)
    (name,) = all_files(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    assert cache.get("extract", KEY, Reference) is None


def test_a_result_that_cannot_be_kept_is_a_user_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_disk(monkeypatch)
    with pytest.raises(UserError):
        Cache(tmp_path).put("extract", KEY, RECORD)
    assert all_files(tmp_path) == {}


STAGED = st.tuples(st.text(max_size=4), st.integers(0, 30), st.lists(st.text(max_size=4), max_size=4))


@settings(derandomize=True, deadline=None)
@given(STAGED, STAGED)
def test_keys_are_equal_for_equal_stage_version_and_inputs_and_for_nothing_else(
    first: tuple[str, int, list[str]], second: tuple[str, int, list[str]]
) -> None:
    keys = [cache_key(stage, version, *inputs) for stage, version, inputs in (first, second)]
    assert (keys[0] == keys[1]) == (first == second)


@pytest.mark.parametrize(
    "other",
    [
        ("segment", 1, "paper", "options"),
        ("extract", 2, "paper", "options"),
        ("extract", 1, "options", "paper"),
        ("extract", 1, "paperoptions"),
        ("extract", 1, "paper", "options", ""),
        ("extract", 1, "pape", "roptions"),
        ("extract1", 1, "paper", "options"),
    ],
)
def test_a_key_tells_apart_what_only_reads_alike_when_run_together(other: tuple[Any, ...]) -> None:
    assert cache_key(*other) != KEY


@settings(derandomize=True, deadline=None)
@given(STAGED)
def test_a_key_is_a_file_name_anywhere(staged: tuple[str, int, list[str]]) -> None:
    stage, version, inputs = staged
    key = cache_key(stage, version, *inputs)
    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower()


# ---------------------------------------------------------------------------------------------- one file, or nothing


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a" / "b" / "c.txt", b"whole")
    assert all_files(tmp_path) == {"a/b/c.txt": b"whole"}


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_bytes(b"a much longer old text")
    write_bytes(tmp_path / "c.txt", b"new")
    assert all_files(tmp_path) == {"c.txt": b"new"}


def test_colleagues_may_read_what_is_written(tmp_path: Path) -> None:
    write_bytes(tmp_path / "c.txt", b"new")
    assert (tmp_path / "c.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("fail", [fail_replace, fill_disk], ids=["rename refused", "disk full"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: Callable[[pytest.MonkeyPatch], None]
) -> None:
    (tmp_path / "c.txt").write_bytes(b"old")
    fail(monkeypatch)
    with pytest.raises(UserError) as caught:
        write_bytes(tmp_path / "c.txt", b"new")
    assert "c.txt" in caught.value.message
    assert caught.value.hint
    assert all_files(tmp_path) == {"c.txt": b"old"}


def test_a_write_below_a_file_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_bytes(b"old")
    with pytest.raises(UserError, match=r"c\.txt"):
        write_bytes(tmp_path / "c.txt" / "d.txt", b"new")
    assert all_files(tmp_path) == {"c.txt": b"old"}


# --------------------------------------------------------------------------------------- folders that cannot be used


def test_a_folder_that_can_be_written_is_made_and_left_empty(tmp_path: Path) -> None:
    writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_read_only_folder_is_a_user_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(UserError) as caught:
        writable(tmp_path)
    assert str(tmp_path) in caught.value.message
    assert os.strerror(errno.EROFS) in caught.value.message
    assert "permissions" in caught.value.hint


def test_a_file_in_the_place_of_a_folder_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(UserError) as caught:
            writable(folder)
        assert str(folder) in caught.value.message


def test_a_review_must_be_a_folder_with_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder") as caught:
        open_workspace(tmp_path / "nowhere")
    assert "evitable new" in caught.value.hint
    with pytest.raises(UserError, match="corpus") as caught:
        open_workspace(tmp_path)
    assert "evitable new" in caught.value.hint
    (tmp_path / "corpus").mkdir()
    assert open_workspace(tmp_path) == Workspace(tmp_path.resolve())


@pytest.mark.parametrize("read", [read_text, read_bytes])
def test_a_file_that_cannot_be_read_is_a_user_error_that_names_it(
    tmp_path: Path, read: Callable[[Path], str | bytes]
) -> None:
    for path in (tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(UserError) as caught:
            read(path)
        assert str(path) in caught.value.message


def test_a_text_file_in_another_encoding_is_a_user_error_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'title = "Caf\xe9"')
    with pytest.raises(UserError, match="UTF-8") as caught:
        read_text(tmp_path / "a.toml")
    assert "UTF-8" in caught.value.hint
