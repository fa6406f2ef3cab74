"""Where papers and results lie: folders, and addresses of shared stores, with plain words where one cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from upath import UPath

from evitable.errors import UserError
from evitable.settings import Settings
from evitable.store import Workspace
from evitable.store.places import (
    address_of,
    cache_place,
    corpus_place,
    open_address,
    place_of,
    reaching,
    read_from,
    shown,
)

ROOT = Path("/reviews/housing")


def test_without_an_address_all_lies_in_the_reviews_folder() -> None:
    workspace = Workspace(ROOT)
    assert corpus_place(workspace, Settings()) == workspace.corpus
    assert cache_place(workspace, Settings()) == workspace.cache


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/mnt/share/papers", Path("/mnt/share/papers")),
        ("../papers", ROOT / "../papers"),
        ("file:///mnt/share/papers", Path("/mnt/share/papers")),
        ("file://localhost/mnt/papers", Path("/mnt/papers")),
        ("local:///mnt/papers", Path("/mnt/papers")),
        ("FILE:///C:/papers", Path("C:/papers")),
        ("C:/papers", ROOT / "C:/papers"),
    ],
)
def test_a_path_or_a_file_address_is_a_folder_of_this_machine(address: str, place: Path) -> None:
    assert corpus_place(Workspace(ROOT), Settings(corpus=address)) == place
    assert cache_place(Workspace(ROOT), Settings(cache=address)) == place


def test_a_place_is_found_again_in_another_process() -> None:
    for address in ("memory://papers/new", "/mnt/share"):
        place = place_of(address, ROOT, "corpus")
        again = open_address(address_of(place, address))
        assert again == place
        assert isinstance(again, UPath) == address.startswith("memory")


@pytest.mark.parametrize(
    ("address", "package"),
    [("gs://bucket/papers", "gcsfs"), ("abfs://box/papers", "adlfs"), ("sftp://h/p", "paramiko")],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(address: str, package: str) -> None:
    with pytest.raises(UserError) as told:
        place_of(address, ROOT, "corpus")
    assert package in told.value.message
    assert f"pip install {package}" in told.value.hint


def test_an_unknown_kind_of_address_is_told_without_its_password() -> None:
    with pytest.raises(UserError) as told:
        place_of("nowhere://me:secret@host/papers", ROOT, "corpus")
    assert "nowhere://host/papers" in told.value.message
    assert '"corpus"' in told.value.message
    assert "secret" not in str(told.value) + told.value.hint


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("s3://key:secret@bucket/papers", "s3://bucket/papers"),
        ("https://host/papers?token=secret", "https://host/papers"),
        ("/papers/why? because@home", "/papers/why? because@home"),
    ],
)
def test_no_secret_of_an_address_is_printed(address: str, printed: str) -> None:
    assert shown(address) == printed


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError("no bucket"), "there is no such place"),
        (PermissionError("no"), "access is refused"),
        (OSError(5, "broken by me with secret"), "it cannot be reached: broken by *** with ***"),
    ],
)
def test_what_a_store_says_is_told_in_plain_words(error: OSError, words: str) -> None:
    with pytest.raises(UserError) as told, reaching("s3://me:secret@bucket/papers"):
        raise error
    assert told.value.message == f"s3://bucket/papers cannot be used: {words}."
    assert told.value.hint


def test_a_file_that_is_gone_is_no_fault_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of("memory://somewhere", ROOT, "corpus")
    with pytest.raises(FileNotFoundError):
        read_from(place, "a.pdf")

    def fail(*_: object, **__: object) -> bytes:
        raise OSError(5, "the line is down")

    monkeypatch.setattr(MemoryFileSystem, "_open", fail)
    with pytest.raises(UserError, match="the line is down"):
        read_from(place, "a.pdf")
