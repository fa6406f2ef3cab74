"""Papers and results in an object store (moto's S3 on this machine): the same tables as from folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from upath import UPath

from evitable.errors import UserError
from evitable.flows.corpus import scan_corpus
from evitable.records import Reference
from evitable.store import Cache, cache_key
from evitable.store.places import place_of

ROOT = Path(__file__).parents[2]
PAPERS = {"moeller-2018": "moeller 2018 #1?.pdf", "tremblay-2021": "sub/tremblay.pdf", "sousa-2016": "sousa.pdf"}
SETTINGS = 'title = "A test"\nworkers = 1\nexports = ["csv", "pdf"]\n'
SHARED = 'corpus = "s3://reviews/papers"\ncache = "s3://reviews/results"\n'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """Start an S3 on this machine, with one bucket; give the environment in which fsspec finds it."""
    moto = pytest.importorskip("moto.server")
    config = pytest.importorskip("fsspec.config")
    threaded = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    threaded.start()
    host, port = threaded.get_host_and_port()
    found = {"endpoint_url": f"http://{host}:{port}", "key": "nobody", "secret": "nothing"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(config.conf, "s3", found)  # what the variable below does in a new process
        UPath("s3://reviews").fs.mkdir("reviews")
        yield {"FSSPEC_S3": json.dumps(found)}
    threaded.stop()


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory, server: dict[str, str]) -> tuple[Path, Path]:
    """Run two reviews of the same papers: one in folders, one with papers and results in the store."""
    root = tmp_path_factory.mktemp("store")
    folder, shared = root / "folder", root / "shared"
    (shared / "corpus").mkdir(parents=True)
    (folder / "corpus" / "sub").mkdir(parents=True)
    (folder / "review.toml").write_text(SETTINGS)
    (shared / "review.toml").write_text(SETTINGS + SHARED)
    files = {name: (ROOT / "corpus" / f"{paper}.pdf").read_bytes() for paper, name in PAPERS.items()}
    files["references.ris"] = (ROOT / "corpus" / "references.ris").read_bytes()
    for name, data in files.items():
        (folder / "corpus" / name).write_bytes(data)
        UPath("s3://reviews").fs.pipe_file(f"reviews/papers/{name}", data)
    script = ROOT / "tests" / "support" / "coding_runs.py"
    run = subprocess.run(
        [sys.executable, script, root / "home", "review", folder, shared],
        env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline"), **server},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return folder, shared


def test_papers_and_results_in_a_store_give_the_tables_that_folders_give(reviews: tuple[Path, Path]) -> None:
    folder, shared = (json.loads((review / "outputs" / "run.json").read_text()) for review in reviews)
    assert folder["counts"]["studies"] == len(PAPERS)
    assert {f"highlighted/{name}" for name in PAPERS.values()} < set(folder["outputs"])
    assert shared["outputs"] == folder["outputs"]
    assert shared["identity"] == folder["identity"]


def test_the_same_results_are_kept_in_the_store_and_nowhere_else(reviews: tuple[Path, Path]) -> None:
    local = reviews[0] / "outputs" / ".cache"
    kept = {path.relative_to(local).as_posix(): path.read_bytes() for path in local.glob("*/??/*.json")}
    files = UPath("s3://reviews").fs
    assert len(kept) == 5 * len(PAPERS)
    assert {
        name.removeprefix("reviews/results/"): files.cat_file(name) for name in files.find("reviews/results")
    } == kept
    assert list((reviews[1] / "outputs" / ".cache").glob("*/??/*.json")) == []


def test_papers_that_have_not_changed_are_not_fetched_again(
    reviews: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of("s3://reviews/papers", tmp_path, "corpus")
    first = scan_corpus(place, tmp_path / "files.json")
    fetched: list[str] = []
    monkeypatch.setattr("evitable.flows.hashes._hashed_there", lambda _, name: fetched.append(name) or "0" * 64)
    assert scan_corpus(place, tmp_path / "files.json") == first
    assert fetched == []


def test_entries_of_a_store_are_read_ahead_and_pruned(server: dict[str, str]) -> None:
    cache = Cache(UPath("s3://reviews/others"))
    keys = [cache_key("extract", 1, str(number)) for number in range(4)]
    for key in keys[:3]:
        cache.put("extract", key, Reference(title=key))
    found = [cache.get("extract", key, Reference) for key in cache.ahead(keys, lambda key: [("extract", key)])]
    assert [one and one.title for one in found] == [*keys[:3], None]
    gone, stays = cache.prune(lambda _, key: key == keys[0])
    assert (gone.entries, stays.entries) == (2, 1)
    assert [cache.has("extract", key) for key in keys] == [True, False, False, False]


def test_a_bucket_that_is_not_there_is_told_and_not_made(server: dict[str, str], tmp_path: Path) -> None:
    place = place_of("s3://nobodys/papers", tmp_path, "corpus")
    with pytest.raises(UserError) as told:
        scan_corpus(place)
    assert told.value.message == "s3://nobodys/papers cannot be used: there is no such place."
    with pytest.raises(UserError, match="there is no such place"):
        Cache(place).put("extract", cache_key("extract", 1), Reference())
    assert not place.fs.exists("nobodys")
