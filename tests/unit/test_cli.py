"""The command line as a reviewer meets it: what each command says, writes and refuses, and with which exit code.

The commands for passages are in test_cli_passages.py, status in test_cli_status.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from reportlab.pdfgen.canvas import Canvas

from evitable.cli import evitable
from support.command_line import CODEBOOK, Command, assert_refused, contents, make_review

SENTENCE = "Residents and officers of the district met every month to decide which pumps would be mended first."


def write_pdf(path: str) -> str:
    """Make a PDF of one page with a title and a paragraph."""
    canvas = Canvas(path, invariant=True)
    canvas.setFont("Times-Bold", 18)
    canvas.drawString(72, 770, "Pumps and People")
    canvas.setFont("Times-Roman", 10)
    for row in range(12):
        canvas.drawString(72, 720 - 12 * row, SENTENCE)
    canvas.save()
    return path


# ---------------------------------------------------------------------------------------------- help, light start


def every_command(group: click.Group = evitable, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield names
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from every_command(command, (*names, name))
        else:
            yield (*names, name)


@pytest.mark.parametrize("names", list(every_command()), ids=lambda names: " ".join(names) or "evitable")
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(run: Command, names: tuple[str, ...], option: str) -> None:
    said = run(*names, option)
    assert (said.code, said.err) == (0, "")
    usage = said.out.splitlines()[0]
    assert usage.startswith("Usage: ")
    assert f"{' '.join(('evitable', *names))} [OPTIONS]" in usage
    assert "Options:" in said.out


@pytest.mark.parametrize("name", sorted(evitable.commands))
def test_the_help_of_every_command_shows_an_example(run: Command, name: str) -> None:
    _, _, example = run(name, "--help").out.partition("Example")
    assert f"evitable {name}" in example


def test_the_first_help_shows_the_usual_way_and_names_every_command(run: Command) -> None:
    said = run("--help")
    assert "evitable new my-review" in said.out
    assert "evitable run my-review" in said.out
    assert {"new", "run", "status", "extract", "classify", "codebook", "train", "evaluate"} <= set(evitable.commands)
    assert all(f"\n  {name}  " in said.out for name in evitable.commands)


def test_the_version_is_said(run: Command) -> None:
    said = run("--version")
    assert said.code == 0
    assert said.out.startswith("evitable, version ")


@pytest.mark.parametrize("arguments", [["nosuch"], ["run", "--nosuch"], ["classify"], ["run", "a", "b"]])
def test_a_command_that_cannot_be_understood_ends_with_exit_code_2_and_no_traceback(
    run: Command, arguments: list[str]
) -> None:
    said = run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "Error: " in said.err
    assert "Traceback" not in said.err


def test_the_command_line_starts_without_loading_what_is_heavy() -> None:
    heavy = {"spacy", "sklearn", "pandas", "prefect", "pdfminer", "numpy"}
    source = str(Path(sys.modules["evitable"].__file__ or "").parents[1])
    script = f"import sys; sys.path.insert(0, {source!r}); import evitable.cli, evitable.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "evitable" in loaded
    assert loaded & heavy == set()


# ------------------------------------------------------------------------------------------- a review's folder: new


def test_new_makes_a_review_with_a_place_for_everything(run: Command) -> None:
    said = run("new", "my-review")
    assert (said.code, said.err) == (0, "")
    assert "my-review/corpus" in said.out
    assert {path.relative_to("my-review").as_posix() for path in Path("my-review").rglob("*")} == {
        "corpus",
        "corpus/README.txt",
        "corpus/decisions",
        "models",
        "outputs",
        "review.toml",
    }


def test_new_can_be_repeated(run: Command) -> None:
    run("new", "my-review")
    before = contents(Path("my-review"))
    assert run("new", "my-review", "--title", "Another title").code == 0
    assert contents(Path("my-review")) == before


def test_new_keeps_what_is_there(run: Command) -> None:
    own = {"review.toml": b'title = "Mine"\n', "corpus/README.txt": b"my notes", "corpus/a.pdf": b"%PDF", "x": b"y"}
    for name, data in own.items():
        path = Path("my-review") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert run("new", "my-review").code == 0
    assert contents(Path("my-review")) == own
    assert Path("my-review/corpus/decisions").is_dir()


def test_new_refuses_a_file_in_the_place_of_the_folder(run: Command) -> None:
    Path("my-review").write_bytes(b"a file")
    assert_refused(run("new", "my-review"), "my-review", "is a file")
    assert Path("my-review").read_bytes() == b"a file"


def test_new_refuses_where_nothing_can_be_written(run: Command) -> None:
    Path("taken").write_bytes(b"")
    assert_refused(run("new", "taken/my-review"), "taken/my-review")


# ---------------------------------------------------------------------------------------- faults of a review's folder


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_folder_that_is_not_there_is_named_with_the_command_that_makes_it(run: Command, command: str) -> None:
    assert_refused(run(command, "nowhere"), "There is no folder nowhere", "evitable new nowhere")


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_folder_without_corpus_is_named_with_what_is_missing(run: Command, command: str) -> None:
    Path("my-review").mkdir()
    assert_refused(run(command, "my-review"), "my-review", "corpus", "evitable new my-review")


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_review_without_a_pdf_is_named_with_the_folder_to_put_them_in(run: Command, command: str) -> None:
    make_review("my-review")
    Path("my-review/corpus/notes.txt").write_bytes(b"")
    assert_refused(run(command, "my-review"), "no PDF", str(Path("my-review/corpus").resolve()))


@pytest.mark.parametrize("command", ["run", "status"])
def test_an_unknown_key_in_the_settings_is_named_with_the_one_that_was_meant(run: Command, command: str) -> None:
    make_review("my-review", papers=1, settings="time_limt = 3\n")
    assert_refused(run(command, "my-review"), "review.toml", '"time_limt"', 'Did you mean "time_limit"?')


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_codebook_that_the_settings_name_must_be_there(run: Command, command: str) -> None:
    make_review("my-review", papers=1, settings='codebook = "mine.toml"\n')
    assert_refused(run(command, "my-review"), "mine.toml", "review.toml")


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_model_that_the_settings_name_must_be_there(run: Command, command: str) -> None:
    make_review("my-review", papers=1, settings='model = "models/mine"\n')
    assert_refused(run(command, "my-review"), "models/mine", "evitable train")


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_fault_in_the_reviews_own_codebook_is_named(run: Command, command: str) -> None:
    make_review("my-review", papers=1, codebook=CODEBOOK.replace("March to May.", ""))
    assert_refused(run(command, "my-review"), "codebook.toml", '"spring"', "empty definition")


@pytest.mark.parametrize(("papers", "settings"), [(1, "time_limt = 3\n"), (0, "time_limit = 3\n")])
def test_a_run_that_is_refused_writes_nothing(run: Command, papers: int, settings: str) -> None:
    root = make_review("my-review", papers=papers, settings=settings)
    before = contents(root)
    assert run("run", "my-review").code == 2
    assert contents(root) == before
    assert sorted(path.name for path in root.iterdir()) == ["corpus", "review.toml"]


# --------------------------------------------------------------------------------------------------------- codebook


def test_a_good_codebook_is_counted(run: Command) -> None:
    Path("mine.toml").write_text(CODEBOOK, encoding="utf-8")
    said = run("codebook", "check", "mine.toml")
    assert (said.code, said.err) == (0, "")
    assert said.out == "mine.toml is a good codebook: 2 dimensions, 2 codes, 3 indicator phrases.\n"


def test_a_code_without_phrases_is_good_and_remarked_upon(run: Command) -> None:
    Path("mine.toml").write_text(CODEBOOK.replace('phrases = ["in spring"]\n', ""), encoding="utf-8")
    said = run("codebook", "check", "mine.toml")
    assert said.code == 0
    assert '"spring" has no indicator phrases' in said.out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('phrases = ["in spring"]', 'phrasse = ["in spring"]', ['"phrasse"', 'Did you mean "phrases"?']),
        ('definition = "March to May."\n', "", ['lacks the key "definition"', '"code", entry 1']),
        ('name = "food"', 'name = "spring"', ['"spring" is named twice', "entries 1 and 2"]),
        ('dimension = "cause"', 'dimension = "reason"', ['"food"', '"reason"', "cause, season"]),
        ('definition = "What they eat."', 'definition = ""', ['"food"', "empty definition"]),
        ('title = "Birds"', "title = Birds", ["not valid TOML", "line 2"]),
        ('phrases = ["in spring"]', 'phrases = "in spring"', ['"code", entry 1, "phrases"']),
        ('name = "spring"', 'name = "Early Spring"', ['"Early Spring"', "lower-case"]),
        ('dimension = "cause"', 'dimension = "season"', ['dimension "cause" has no code']),
    ],
)
def test_a_codebook_fault_is_named_with_its_place_and_its_mend(
    run: Command, old: str, new: str, words: list[str]
) -> None:
    assert CODEBOOK.count(old) == 1
    Path("mine.toml").write_text(CODEBOOK.replace(old, new), encoding="utf-8")
    assert_refused(run("codebook", "check", "mine.toml"), "mine.toml", *words)


def test_a_codebook_that_is_not_there_or_not_text_is_refused(run: Command) -> None:
    assert_refused(run("codebook", "check", "nowhere.toml"), "nowhere.toml", "cannot be read")
    Path("mine.toml").write_bytes(b'\xff\xfename = "x"')
    assert_refused(run("codebook", "check", "mine.toml"), "mine.toml", "UTF-8")


def test_the_codebook_shown_names_every_code_with_its_definition(run: Command) -> None:
    Path("mine.toml").write_text(CODEBOOK, encoding="utf-8")
    said = run("codebook", "show", "mine.toml")
    assert said.code == 0
    assert "Spring (spring)" in said.out
    assert "What they eat." in said.out
    assert "(process_design)" in run("codebook", "show").out


# ---------------------------------------------------------------------------------------------------------- extract


def test_extract_writes_metadata_and_blocks_with_kind_page_box_and_text(run: Command) -> None:
    write_pdf("pumps.pdf")
    said = run("extract", "pumps.pdf", "--out", "texts")
    assert (said.code, said.err) == (0, "")
    assert "texts/pumps.json: 1 pages" in said.out
    assert [path.name for path in Path("texts").iterdir()] == ["pumps.json"]
    data = json.loads(Path("texts/pumps.json").read_text(encoding="utf-8"))
    assert set(data) == {"metadata", "blocks"}
    assert data["metadata"]["title"] == "Pumps and People"
    for block in data["blocks"]:
        assert {"kind", "page", "box", "text"} <= set(block)
        left, top, right, bottom = block["box"]
        assert (block["page"], left < right, top < bottom) == (1, True, True)
    assert [block["text"] for block in data["blocks"] if block["kind"] == "title"] == ["Pumps and People"]
    assert any(SENTENCE in block["text"] for block in data["blocks"] if block["kind"] == "body")


def test_extract_gives_the_same_bytes_every_time(run: Command) -> None:
    write_pdf("pumps.pdf")
    run("extract", "pumps.pdf", "--out", "once")
    run("extract", "pumps.pdf", "--out", "again")
    assert contents(Path("once")) == contents(Path("again"))


def test_a_bad_pdf_costs_itself_only_and_the_exit_code_is_1(run: Command) -> None:
    write_pdf("pumps.pdf")
    Path("bad.pdf").write_bytes(b"<html>Sign in to read this article</html>")
    said = run("extract", "bad.pdf", "pumps.pdf", "--out", "texts")
    assert said.code == 1
    assert list(contents(Path("texts"))) == ["pumps.json"]
    reason, *summary = said.err.splitlines()
    assert reason.startswith("bad.pdf: ")
    assert summary[0] == "evitable: 1 of 2 PDFs could not be read."
    assert len(summary) == 2
    assert "Traceback" not in said.err


def test_extract_refuses_a_pdf_that_is_not_there_before_it_writes_anything(run: Command) -> None:
    write_pdf("pumps.pdf")
    assert_refused(run("extract", "pumps.pdf", "nowhere.pdf", "--out", "texts"), "There is no file nowhere.pdf")
    assert not Path("texts").exists()


def test_extract_refuses_two_pdfs_whose_results_would_have_one_name(run: Command) -> None:
    Path("sub").mkdir()
    write_pdf("pumps.pdf")
    write_pdf("sub/pumps.pdf")
    assert_refused(run("extract", "pumps.pdf", "sub/pumps.pdf", "--out", "texts"), "pumps.pdf", "different folders")


def test_extract_refuses_a_file_in_the_place_of_its_folder(run: Command) -> None:
    write_pdf("pumps.pdf")
    Path("texts").write_bytes(b"a file")
    assert_refused(run("extract", "pumps.pdf", "--out", "texts"), "texts")
    assert Path("texts").read_bytes() == b"a file"


# ------------------------------------------------------------------------------------------------- as a real process


@pytest.mark.parametrize(
    ("arguments", "code", "lines"), [(["codebook", "show"], 0, 0), (["status", "nowhere"], 2, 2), (["nosuch"], 2, 4)]
)
def test_the_process_ends_with_the_exit_code_that_scripts_rely_on(
    tmp_path: Path, arguments: list[str], code: int, lines: int
) -> None:
    source = Path(sys.modules["evitable"].__file__ or "").parents[1]
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(source)!r}); {_MAIN}", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == lines
    assert "Traceback" not in done.stderr


_MAIN = "from evitable.__main__ import main; sys.exit(main())"
