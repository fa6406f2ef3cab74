"""The kept results: the same in a folder and in a shared store, counted, and pruned to what is in use."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from fsspec.implementations.memory import MemoryFileSystem
from msgspec.structs import replace
from upath import UPath

from evitable.cli import evitable
from evitable.errors import UserError
from evitable.flows.config import run_config
from evitable.flows.corpus import scan_review
from evitable.flows.pruning import keys_in_use, prune_cache
from evitable.flows.stages import PaperStages
from evitable.records import Reference
from evitable.store import Cache, Size, Workspace, cache_key, hold
from evitable.store.places import Place
from support.runs import new_record

RECORD = Reference(title="Größe", authors=("Devi, S",), year=2014)
KEY = cache_key("extract", 1, "paper")
OTHER = cache_key("extract", 1, "another paper")


@pytest.fixture(params=["folder", "shared"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give an empty place of either kind."""
    return tmp_path / "cache" if request.param == "folder" else UPath(f"memory://cache-{uuid.uuid4().hex}/results")


def damage(place: Place) -> None:
    """Cut the only entry off."""
    [path] = [path for path in place.rglob("*.json") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-3])


def test_what_is_put_is_got_back_equal(place: Place) -> None:
    assert Cache(place).get("extract", KEY, Reference) is None
    assert not Cache(place).has("extract", KEY)
    Cache(place).put("extract", KEY, RECORD)
    assert Cache(place).get("extract", KEY, Reference) == RECORD
    assert Cache(place).has("extract", KEY)
    assert not Cache(place).has("segment", KEY)


def test_a_folder_and_a_shared_store_hold_the_same_bytes(tmp_path: Path) -> None:
    shared = UPath(f"memory://cache-{uuid.uuid4().hex}")
    for place in (tmp_path, shared):
        Cache(place).put("extract", KEY, RECORD)
    name = f"extract/{KEY[1:3]}/{KEY}.json"
    assert (shared / name).read_bytes() == (tmp_path / name).read_bytes()


def test_a_damaged_entry_counts_as_none_and_is_made_again(place: Place) -> None:
    Cache(place).put("extract", KEY, RECORD)
    damage(place)
    assert Cache(place).get("extract", KEY, Reference) is None
    Cache(place).put("extract", KEY, RECORD)
    assert Cache(place).get("extract", KEY, Reference) == RECORD


def test_entries_that_are_read_ahead_are_those_that_are_there(place: Place) -> None:
    cache = Cache(place)
    cache.put("extract", KEY, RECORD)
    found = {key: cache.get("extract", key, Reference) for key in cache.ahead([KEY, OTHER], lambda k: [("extract", k)])}
    assert found == {KEY: RECORD, OTHER: None}
    for key in cache.ahead([KEY], lambda k: [("extract", k)]):
        cache.put("extract", key, Reference(title="later"))
        assert cache.get("extract", key, Reference) == Reference(title="later")
    assert list(cache.ahead([], lambda k: [("extract", k)])) == []


def test_a_shared_store_that_cannot_be_reached_is_told_and_is_not_taken_for_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = Cache(UPath("memory://cache-down"))

    def fail(*_: object, **__: object) -> bytes:
        raise OSError(5, "the line is down")

    monkeypatch.setattr(MemoryFileSystem, "cat_file", fail)
    monkeypatch.setattr(MemoryFileSystem, "pipe_file", fail)
    ways: list[Callable[[], object]] = [
        lambda: cache.get("extract", KEY, Reference),
        lambda: cache.put("extract", KEY, RECORD),
        lambda: list(cache.ahead([KEY], lambda k: [("extract", k)])),
    ]
    for way in ways:
        with pytest.raises(UserError, match=r"memory://.*the line is down"):
            way()


def test_entries_are_counted_by_stage(place: Place) -> None:
    assert Cache(place).sizes() == {}
    for stage, key in (("segment", KEY), ("extract", KEY), ("extract", OTHER)):
        Cache(place).put(stage, key, RECORD)
    sizes = Cache(place).sizes()
    assert [(stage, size.entries) for stage, size in sizes.items()] == [("extract", 2), ("segment", 1)]
    assert sizes["extract"].bytes == 2 * sizes["segment"].bytes > 0


def test_pruning_deletes_what_is_not_kept_and_nothing_else(place: Place) -> None:
    cache = Cache(place)
    for key in (KEY, OTHER):
        cache.put("extract", key, RECORD)
        cache.put("segment", key, RECORD)
    left = ["workers.log", "files.json", "notes/of a person.json", "extract/ab/notes.txt"]
    gone = ["highlight/kx.pdf", f"extract/{KEY[1:3]}/.part-x"]
    for name in left + gone:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"x")

    def kept(stage: str, key: str) -> bool:
        return (stage, key) == ("extract", KEY)

    one = cache.sizes()["segment"].bytes // 2
    assert cache.prune(kept, dry_run=True) == (Size(5, 3 * one + 2), Size(1, one))
    assert all((place / name).is_file() for name in gone)
    assert cache.has("segment", KEY)
    assert cache.prune(kept) == (Size(5, 3 * one + 2), Size(1, one))
    assert [cache.has(stage, key) for stage in ("extract", "segment") for key in (KEY, OTHER)] == [True] + [False] * 3
    assert all((place / name).is_file() for name in left)
    assert not any((place / name).exists() for name in gone)
    assert cache.prune(kept)[0] == Size(0, 0)


# ----------------------------------------------------------------------------------------------- of a whole review


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a review of two papers, with results of every stage for each, and for one that has left."""
    review = Workspace(tmp_path)
    review.corpus.mkdir()
    for name in ("a", "b", "gone"):
        (review.corpus / f"{name}.pdf").write_bytes(b"%PDF" + name.encode())
    config = run_config(review)
    for paper in scan_review(review, config.settings).papers:
        for stage, key in PaperStages(config).keys_in_use(paper):
            Cache(config.cache).put(stage, key, RECORD)
    (review.corpus / "gone.pdf").unlink()
    return review


def test_pruning_a_review_keeps_what_the_papers_of_today_have(workspace: Workspace) -> None:
    gone, left = prune_cache(workspace, dry_run=True)
    assert (gone.entries, left.entries) == (5, 10)
    assert prune_cache(workspace, dry_run=False) == (gone, left)
    used = keys_in_use_of_today(workspace)
    assert len(used) == 10
    assert all(Cache(workspace.cache).has(*entry) for entry in used)


def test_what_the_published_run_was_made_of_stays_when_settings_have_changed_since(workspace: Workspace) -> None:
    before = run_config(workspace)
    papers = {paper.path: paper.sha256 for paper in scan_review(workspace, before.settings).papers}
    record = new_record({})
    identity = replace(record.identity, papers=papers, settings={"extractor": "pdfminer"}, model_id=before.model_id)
    (workspace.root / "review.toml").write_text('extractor = "pdfium"\n')
    now = run_config(workspace)
    used = keys_in_use(scan_review(workspace, now.settings), now, replace(record, identity=identity))
    assert len(used) == 20
    assert all(Cache(workspace.cache).has(*entry) for entry in used if entry not in keys_in_use_of_today(workspace))


def keys_in_use_of_today(workspace: Workspace) -> set[tuple[str, str]]:
    config = run_config(workspace)
    return keys_in_use(scan_review(workspace, config.settings), config, None)


def test_a_review_that_a_run_holds_is_not_pruned(workspace: Workspace) -> None:
    with hold(workspace, "evitable run"), pytest.raises(UserError):
        prune_cache(workspace, dry_run=False)
    assert sum(size.entries for size in Cache(workspace.cache).sizes().values()) == 15


def test_the_command_says_how_much_there_is_and_what_it_deleted(workspace: Workspace) -> None:
    def said(*arguments: str) -> str:
        result = CliRunner().invoke(evitable, ["cache", *arguments], catch_exceptions=False)
        return result.output

    assert "texts                          3" in said("size", str(workspace.root))
    assert said("prune", "--dry-run", str(workspace.root)).startswith("Would delete 5 results (0.0 MB); 10 are in use.")
    assert said("prune", str(workspace.root)).startswith("Deleted 5 results (0.0 MB); 10 are in use.")
    assert "together                      10" in said("size", str(workspace.root))


def test_a_place_that_others_may_share_is_pruned_only_if_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.root / "review.toml").write_text(f'cache = "{(tmp_path / "shared").as_posix()}"\n')
    command = ["cache", "prune", str(workspace.root)]
    Cache(tmp_path / "shared").put("extract", KEY, RECORD)
    with pytest.raises(UserError) as told:
        CliRunner().invoke(evitable, command, catch_exceptions=False)
    assert "--shared-too" in told.value.hint
    assert Cache(tmp_path / "shared").has("extract", KEY)
    result = CliRunner().invoke(evitable, [*command, "--shared-too"], catch_exceptions=False)
    assert "Deleted" in result.output
    assert not Cache(tmp_path / "shared").has("extract", KEY)
