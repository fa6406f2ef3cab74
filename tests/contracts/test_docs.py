"""The docs agree with the code: what they show can be typed."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from evitable.cli import evitable
from evitable.codebook import read_codebook
from evitable.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]


def fenced(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def shown_commands():
    found = []
    for path in DOCS:
        text = path.read_text(encoding="utf-8")
        found += [line.removeprefix("$ ") for block in fenced(path, "console") for line in block.splitlines()]
        found += re.findall(r"`((?:evitable|make) [^`]+)`", text)
    for command in walk(evitable):
        found += [line.strip() for line in (command.help or "").splitlines() if line.strip().startswith("evitable ")]
    return sorted({re.sub(r"\s{2,}.*", "", command) for command in found})


def walk(command):
    yield command
    for child in getattr(command, "commands", {}).values():
        yield from walk(child)


@pytest.mark.parametrize("shown", [c for c in shown_commands() if c.startswith("evitable ")])
def test_each_command_that_the_docs_show_exists_with_its_options(shown):
    words = shlex.split(re.sub(r"[\[\]]|\.\.\.", " ", shown).split("`")[0])[1:]
    command = evitable
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        assert words[0] in command.commands, shown
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
    assert {word for word in words if word.startswith("--")} <= options, shown


@pytest.mark.parametrize("shown", [c for c in shown_commands() if c.startswith("make ")])
def test_each_make_target_that_the_docs_show_exists(shown):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown.split()[1] in targets


def test_every_command_is_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in evitable.commands if f"`evitable {name}" not in text] == []


def test_the_settings_of_the_guide_are_all_settings_and_valid():
    [block] = [block for block in fenced(ROOT / "docs" / "guide.md", "toml") if "time_limit" in block]
    read_settings(block)
    assert set(tomllib.loads(block)) == set(Settings.__struct_fields__)


def test_the_codebook_of_the_guide_is_a_good_one():
    [block] = [block for block in fenced(ROOT / "docs" / "guide.md", "toml") if "[[code]]" in block]
    assert [code.name for code in read_codebook(block, "guide.md").code] == ["complaint", "vote"]


def test_links_between_docs_lead_somewhere():
    for path in DOCS:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_issue_code_is_explained_in_the_guide():
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    modules = [path for path in (ROOT / "pipeline").rglob("*.py") if "web" not in path.parts]
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    raised = set(re.findall(r'ItemError\(\s*"([a-z-]+)"', code)) | set(re.findall(r'code="([a-z-]+)"', code))
    raised |= set(re.findall(r'code(?:, \w+)+ = "([a-z-]+)"', code))
    raised |= set(re.findall(r'_(?:issue|lost)\(\s*(?:paper, keys, )?"([a-z-]+)"', code))
    assert len(raised) > 12
    assert sorted(name for name in raised if f"`{name}`" not in guide) == []
