"""Settings: defaults, each fault named with its mend, and the settings file that a new review begins with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from evitable.cli import evitable
from evitable.errors import UserError
from evitable.settings import SETTINGS_FILE, Settings, read_settings
from evitable.store import Workspace

COMMENTED_SETTING = re.compile(r"^# (?=\w+ = |\[)", re.MULTILINE)
EXAMPLES = {"title", "codebook", "model", "study", "prisma"}
"""Settings that the new file shows by an example rather than by their default."""


def fault_of(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        read_settings(text)
    return caught.value


def new_settings_file(folder: Path, *options: str) -> str:
    done = CliRunner().invoke(evitable, ["new", str(folder), *options], catch_exceptions=False)
    assert done.exit_code == 0
    return (folder / SETTINGS_FILE).read_text(encoding="utf-8")


# --------------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("text", ["", "\n", "# only a remark\n"])
def test_an_empty_file_gives_the_defaults(text: str) -> None:
    assert read_settings(text) == Settings()


def test_a_review_without_a_settings_file_has_the_defaults(tmp_path: Path) -> None:
    assert Workspace(tmp_path).settings() == Settings()


def test_each_setting_is_read_and_the_others_keep_their_defaults() -> None:
    settings = read_settings('title = "Housing"\nworkers = 3\n')
    assert settings == Settings(title="Housing", workers=3)
    assert settings.time_limit == Settings().time_limit


def test_a_byte_order_mark_as_windows_editors_write_it_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes(b'\xef\xbb\xbftitle = "Caf\xc3\xa9"\r\nworkers = 2\r\n')
    assert Workspace(tmp_path).settings() == Settings(title="Café", workers=2)


def test_a_settings_file_in_another_encoding_is_named_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes('title = "Café"\n'.encode("latin-1"))
    with pytest.raises(UserError, match=SETTINGS_FILE) as caught:
        Workspace(tmp_path).settings()
    assert "UTF-8" in caught.value.hint


# ---------------------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("text", "named", "mend"),
    [
        pytest.param("time_limt = 3\n", ['unknown key "time_limt"'], '"time_limit"', id="misspelt key"),
        pytest.param("worker = 3\n", ['unknown key "worker"'], '"workers"', id="singular for plural"),
        pytest.param("colour = 3\n", ['unknown key "colour"'], "Delete it", id="key like no other"),
        pytest.param("[reading]\nworkers = 3\n", ['unknown key "reading"'], "Delete it", id="table"),
        pytest.param('workers = "3"\n', ['"workers"', "a whole number", "got text"], "Change", id="text for number"),
        pytest.param("workers = 1.5\n", ['"workers"', "a whole number"], "Change", id="fraction"),
        pytest.param("workers = true\n", ['"workers"', "a whole number"], "Change", id="yes or no for number"),
        pytest.param("title = 3\n", ['"title"', "text"], "Change", id="number for text"),
        pytest.param('extractor = "grobid"\n', ['"extractor"', "grobid"], "Change", id="engine that there is not"),
        pytest.param("workers = -1\n", ['"workers"', ">= 0"], "Change", id="too few workers"),
        pytest.param("workers = 65\n", ['"workers"', "<= 64"], "Change", id="too many workers"),
        pytest.param("time_limit = 0\n", ['"time_limit"', ">= 1"], "Change", id="no time at all"),
        pytest.param("time_limit = 3601\n", ['"time_limit"', "<= 3600"], "Change", id="more than an hour"),
        pytest.param("memory_limit = -1\n", ['"memory_limit"', ">= 0"], "Change", id="negative memory"),
        pytest.param("max_pages = 0\n", ['"max_pages"', ">= 1"], "Change", id="no pages"),
        pytest.param('roll_up = "most"\n', ['"roll_up"', "most"], '"at least 2"', id="rule that there is not"),
        pytest.param('roll_up = "at least 0"\n', ['"roll_up"'], '"at least 2"', id="no passages"),
        pytest.param('roll_up = "best 0.0"\n', ['"roll_up"'], '"best 0.80"', id="no probability"),
        pytest.param('roll_up = "best 1.5"\n', ['"roll_up"'], '"best 0.80"', id="more than certain"),
        pytest.param("[prisma]\nscreened = -1\n", ['"screened"', ">= 0"], "Change", id="fewer than no records"),
        pytest.param("[prisma]\nscrened = 1\n", ['unknown key "screned"'], '"screened"', id="misspelt in a table"),
        pytest.param('[[study]]\npapers = ["a.pdf"]\n', ['"papers"', ">= 2"], "Change", id="a study of one paper"),
        pytest.param("min_papers = 0\n", ['"min_papers"', ">= 1"], "Change", id="no papers"),
        pytest.param("workers: 3\n", ["TOML", "line 1"], "key =", id="YAML"),
        pytest.param("workers = 3\ntitle = My review\n", ["TOML", "line 2"], "double quotes", id="text unquoted"),
        pytest.param("workers = 3\nworkers = 4\n", ["TOML"], "stands once", id="key twice"),
    ],
)
def test_a_fault_is_one_user_error_that_names_file_key_and_mend(text: str, named: list[str], mend: str) -> None:
    error = fault_of(text)
    assert error.message.startswith(SETTINGS_FILE)
    assert all(words in error.message for words in named), error.message
    assert mend in error.hint, error.hint
    assert "\n" not in error.message + error.hint


@pytest.mark.parametrize(
    "line", ["workers = 0", "workers = 64", "time_limit = 1", "time_limit = 3600", "max_pages = 1"]
)
def test_the_limits_themselves_are_allowed(line: str) -> None:
    key, _, value = line.partition(" = ")
    assert getattr(read_settings(line), key) == int(value)


# ------------------------------------------------------------------------------------- the file of a new review


def test_the_settings_file_of_a_new_review_is_valid_and_sets_its_title_only(tmp_path: Path) -> None:
    text = new_settings_file(tmp_path / "my-review")
    assert read_settings(text) == Settings(title="my-review")


def test_it_stays_valid_when_every_setting_is_uncommented(tmp_path: Path) -> None:
    text, signs = COMMENTED_SETTING.subn("", new_settings_file(tmp_path / "my-review"))
    assert signs >= 5
    read_settings(text)
    tables = tomllib.loads(text)
    assert len(tables) + len(tables["study"][0]) + len(tables["prisma"]) == signs + 1


def test_the_values_that_it_shows_are_the_defaults(tmp_path: Path) -> None:
    text = COMMENTED_SETTING.sub("", new_settings_file(tmp_path / "my-review"))
    keys = tomllib.loads(text).keys() - EXAMPLES
    assert keys
    shown = read_settings(text)
    assert {key: getattr(shown, key) for key in keys} == {key: getattr(Settings(), key) for key in keys}


@pytest.mark.parametrize(
    "title", ['Say "yes"', "C:\\new", "Zürich – 東京 🐦", "two\nlines\tand a tab", "{title}", "# not a remark", "a = 1"]
)
def test_any_title_survives_in_the_new_settings_file(tmp_path: Path, title: str) -> None:
    assert read_settings(new_settings_file(tmp_path / "review", "--title", title)).title == title
