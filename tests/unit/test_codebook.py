"""The codebook: what the shipped one holds, how each fault of a file is named, and what its two digests depend on."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest

import evitable
from evitable.codebook import DEFAULT_CODEBOOK, Code, Codebook, Dimension, default_codebook, read_codebook
from evitable.errors import UserError

FILE = "mine.toml"
GOOD = """\
name = "birds"
title = "Birds"

[[dimension]]
name = "season"
title = "Season"

[[code]]
name = "spring"
dimension = "season"
title = "Spring"
definition = "March to May."
phrases = ["in spring"]
"""
SECOND_CODE = '\n[[code]]\nname = "fall"\ndimension = "season"\ntitle = "Fall"\ndefinition = "September on."\n'
BOOK = default_codebook()
CODE_NAMES = [code.name for code in BOOK.code]
PYTHON_FILES = sorted(Path(evitable.__file__).parent.rglob("*.py"))


def fault_of(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        read_codebook(text, FILE)
    return caught.value


def replaced(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


# ------------------------------------------------------------------------------------------- the shipped codebook


def test_the_shipped_codebook_holds_thirteen_codes_over_three_dimensions() -> None:
    assert [dimension.name for dimension in BOOK.dimension] == ["phase", "level", "factor"]
    assert Counter(code.dimension for code in BOOK.code) == {"phase": 4, "level": 3, "factor": 6}


def test_only_factors_say_which_way_they_worked() -> None:
    assert [dimension.name for dimension in BOOK.dimension if dimension.polarity] == ["factor"]
    assert BOOK.polarity.facilitates
    assert BOOK.polarity.hinders


@pytest.mark.parametrize("code", BOOK.code, ids=CODE_NAMES)
def test_every_shipped_code_is_defined_bounded_and_shown_by_an_example(code: Code) -> None:
    assert code.title
    assert code.definition.endswith(".")
    assert code.code_when
    assert code.not_when
    assert code.examples


@pytest.mark.parametrize("code", BOOK.code, ids=CODE_NAMES)
def test_every_shipped_code_has_phrases_none_empty_and_none_twice(code: Code) -> None:
    assert len(code.phrases) >= 10
    assert all(phrase.strip() for phrase in code.phrases)
    assert max(Counter(code.phrases).values()) == 1


@pytest.mark.parametrize("dimension", BOOK.dimension, ids=lambda dimension: dimension.name)
def test_every_shipped_dimension_asks_a_question_and_names_its_source_with_a_year(dimension: Dimension) -> None:
    assert dimension.definition.endswith("?")
    assert re.search(r"\b(19|20)\d\d\b", dimension.source)


def test_codes_are_found_by_name_and_by_dimension_in_the_order_of_the_file() -> None:
    assert [code.name for dimension in BOOK.dimension for code in BOOK.codes_of(dimension.name)] == CODE_NAMES
    assert all(BOOK.by_name[name].name == name for name in CODE_NAMES)
    assert BOOK.codes_of("nowhere") == ()
    assert BOOK.dimension_of("phase").title == "Phase"
    with pytest.raises(KeyError):
        BOOK.dimension_of("nowhere")


# --------------------------------------------------------------------------------- the program knows no code's name


@pytest.mark.parametrize("name", [name for name in CODE_NAMES if "_" in name])
def test_no_python_file_of_the_package_contains_the_name_of_a_code(name: str) -> None:
    assert len(PYTHON_FILES) > 20
    naming = [path.name for path in PYTHON_FILES if re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))]
    assert naming == []


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_string_in_a_python_file_is_the_name_of_a_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert strings.isdisjoint(CODE_NAMES)


# ---------------------------------------------------------------------------------------------- faults, each named


def test_a_small_codebook_without_a_fault_is_read_as_it_stands() -> None:
    book = read_codebook(GOOD, FILE)
    assert (book.name, book.title, book.version) == ("birds", "Birds", "1")
    assert book.by_name["spring"].phrases == ("in spring",)


def test_windows_line_ends_change_nothing() -> None:
    assert read_codebook(GOOD.replace("\n", "\r\n"), FILE) == read_codebook(GOOD, FILE)


@pytest.mark.parametrize(
    ("text", "named", "mend"),
    [
        pytest.param(f'colour = "red"\n{GOOD}', ['"colour"'], "Delete it", id="unknown key"),
        pytest.param(f"phrasse = 1\n{GOOD}", ['"phrasse"'], '"phrases"', id="unknown key, near one named"),
        pytest.param(f'{GOOD}exmples = ["x"]\n', ['"exmples"', '"code", entry 1'], '"examples"', id="key in a code"),
        pytest.param(
            f'{GOOD}{SECOND_CODE}exmples = ["x"]\n', ['"exmples"', '"code", entry 2'], '"examples"', id="second code"
        ),
        pytest.param(replaced('title = "Birds"\n', ""), ['"title"'], "Add it", id="missing key"),
        pytest.param(
            replaced('definition = "March to May."\n', ""),
            ['"definition"', '"code", entry 1'],
            "Add it",
            id="missing key of a code",
        ),
        pytest.param(
            replaced('title = "Season"\n', ""),
            ['"title"', '"dimension", entry 1'],
            "Add it",
            id="missing key of a dimension",
        ),
        pytest.param("", ['"name"'], "Add it", id="empty file"),
        pytest.param(
            GOOD + SECOND_CODE.replace("fall", "spring"), ['"spring"', "entries 1 and 2"], "Rename", id="code twice"
        ),
        pytest.param(
            f'{GOOD}\n[[dimension]]\nname = "season"\ntitle = "Again"\n',
            ['dimension "season"', "entries 1 and 2"],
            "Rename",
            id="dimension twice",
        ),
        pytest.param(
            replaced('dimension = "season"', 'dimension = "saeson"'),
            ['"spring"', '"saeson"'],
            "There are: season.",
            id="unknown dimension",
        ),
        pytest.param(replaced("March to May.", ""), ['"spring"', "definition"], "one sentence", id="empty definition"),
        pytest.param(
            replaced("March to May.", "  "), ['"spring"', "definition"], "one sentence", id="blank definition"
        ),
        pytest.param(
            f'{GOOD}\n[[dimension]]\nname = "place"\ntitle = "Place"\n',
            ['"place"', "no code"],
            "add a code",
            id="dimension without code",
        ),
        pytest.param('name = "b"\ntitle = "B"\ndimension = []\ncode = []\n', ["no code"], "[[code]]", id="no code"),
        pytest.param(f"{GOOD}oops", ["TOML"], "key =", id="not TOML at the end"),
        pytest.param("<html></html>", ["TOML", "line 1"], "key =", id="not TOML at all"),
        pytest.param(replaced('title = "Birds"', "title = Birds"), ["TOML", "line 2"], "double quotes", id="no quotes"),
        pytest.param(f'name = "twice"\n{GOOD}', ["TOML"], "stands once", id="key twice"),
        pytest.param(
            replaced('title = "Spring"', "title = 5"),
            ['"code", entry 1, "title"', "text"],
            "Change",
            id="number for text",
        ),
        pytest.param(
            replaced('["in spring"]', '"in spring"'), ['"code", entry 1, "phrases"'], "Change", id="text for a list"
        ),
        pytest.param(
            replaced('["in spring"]', '["in spring", 5]'),
            ['"code", entry 1, "phrases", entry 2', "text"],
            "Change",
            id="number in a list of texts",
        ),
        pytest.param(
            f'{GOOD}words = ["nest"]\nnear = ["people"]\n',
            ['"spring"', 'near "people"'],
            "There are: none.",
            id="unknown group of words",
        ),
        pytest.param(
            f'{GOOD}words = ["nest", "build a nest"]\n', ['"spring"', '"build a nest"'], "as a phrase", id="two words"
        ),
        pytest.param(
            f'{GOOD}\n[word_groups]\npeople = ["bird ... watcher"]\n',
            ['group "people"', '"bird ... watcher"'],
            "single words",
            id="a gap in a group of words",
        ),
        pytest.param(f"format = 99\n{GOOD}", ['"format"', "99"], "reads format", id="format of another version"),
    ],
)
def test_a_fault_is_one_user_error_that_names_file_place_and_mend(text: str, named: list[str], mend: str) -> None:
    error = fault_of(text)
    assert error.message.startswith(FILE)
    assert all(words in error.message for words in named), error.message
    assert mend in error.hint, error.hint
    assert "\n" not in error.message + error.hint


@pytest.mark.parametrize("name", ["", "Spring", "early spring", "co-design", "1st", "../spring", "spring/early", "a.b"])
def test_a_code_name_that_files_cannot_carry_is_named_with_the_rule(name: str) -> None:
    error = fault_of(replaced('name = "spring"', f'name = "{name}"'))
    assert error.message.startswith(FILE)
    assert f'code name "{name}"' in error.message
    assert "lower-case letters" in error.hint


@pytest.mark.parametrize("name", ["spring", "early_spring", "spring2"])
def test_lower_case_letters_digits_and_underscores_are_good_code_names(name: str) -> None:
    assert read_codebook(replaced('name = "spring"', f'name = "{name}"'), FILE).code[0].name == name


# ------------------------------------------------------------------------------------------- digest and fingerprint


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value}x" if isinstance(value, str) else (*value, "x")


def with_code(**edits: Any) -> Codebook:
    return msgspec.structs.replace(BOOK, code=(msgspec.structs.replace(BOOK.code[0], **edits), *BOOK.code[1:]))


def with_dimension(**edits: Any) -> Codebook:
    first = msgspec.structs.replace(BOOK.dimension[0], **edits)
    return msgspec.structs.replace(BOOK, dimension=(first, *BOOK.dimension[1:]))


def with_polarity_phrase(way: str) -> Codebook:
    phrases = msgspec.structs.replace(BOOK.polarity, **{way: (*getattr(BOOK.polarity, way), "x")})
    return msgspec.structs.replace(BOOK, polarity=phrases)


@pytest.mark.parametrize("field", Code.__struct_fields__)
def test_any_change_of_a_code_changes_the_digest_but_the_fingerprint_only_with_what_a_model_is_fitted_to(
    field: str,
) -> None:
    other = with_code(**{field: changed(getattr(BOOK.code[0], field))})
    assert other.digest != BOOK.digest
    assert (other.fingerprint != BOOK.fingerprint) == (field in {"name", "dimension", "phrases", "words", "near"})


@pytest.mark.parametrize("field", ["title", "definition", "source", "mapped"])
def test_the_wording_of_a_dimension_changes_the_digest_and_keeps_the_fingerprint(field: str) -> None:
    other = with_dimension(**{field: changed(getattr(BOOK.dimension[0], field))})
    assert other.digest != BOOK.digest
    assert other.fingerprint == BOOK.fingerprint


@pytest.mark.parametrize("field", ["name", "title", "version", "format"])
def test_name_and_version_of_the_codebook_change_the_digest_and_keep_the_fingerprint(field: str) -> None:
    other = msgspec.structs.replace(BOOK, **{field: changed(getattr(BOOK, field))})
    assert other.digest != BOOK.digest
    assert other.fingerprint == BOOK.fingerprint


def test_study_attributes_change_the_digest_and_keep_the_fingerprint() -> None:
    other = msgspec.structs.replace(BOOK, attribute=BOOK.attribute[1:])
    assert other.digest != BOOK.digest
    assert other.fingerprint == BOOK.fingerprint


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda: with_dimension(polarity=True), id="a dimension gains polarity"),
        pytest.param(lambda: with_polarity_phrase("facilitates"), id="a phrase that facilitates"),
        pytest.param(lambda: with_polarity_phrase("hinders"), id="a phrase that hinders"),
        pytest.param(lambda: msgspec.structs.replace(BOOK, word_groups={}), id="groups of words"),
        pytest.param(lambda: msgspec.structs.replace(BOOK, code=BOOK.code[1:]), id="a code less"),
        pytest.param(lambda: msgspec.structs.replace(BOOK, code=BOOK.code[::-1]), id="codes in another order"),
    ],
)
def test_what_a_model_is_fitted_to_changes_both_digests(edit: Callable[[], Codebook]) -> None:
    other = edit()
    assert other.digest != BOOK.digest
    assert other.fingerprint != BOOK.fingerprint


def test_a_phrase_that_moves_from_one_code_to_the_next_changes_the_fingerprint() -> None:
    first, second, *rest = BOOK.code
    moved = first.phrases[-1]
    codes = (
        msgspec.structs.replace(first, phrases=first.phrases[:-1]),
        msgspec.structs.replace(second, phrases=(moved, *second.phrases)),
        *rest,
    )
    assert msgspec.structs.replace(BOOK, code=codes).fingerprint != BOOK.fingerprint


def test_comments_and_blank_lines_change_neither_digest_nor_fingerprint() -> None:
    text = files("evitable.codebook").joinpath(DEFAULT_CODEBOOK).read_text(encoding="utf-8")
    other = read_codebook(f"# A remark.\n\n{text}\n# Another.\n", FILE)
    assert (other.digest, other.fingerprint) == (BOOK.digest, BOOK.fingerprint)
