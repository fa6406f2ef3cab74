"""Read TOML files that people write, with errors that name file, key and mend."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TypeVar

import msgspec

from evitable.errors import UserError

T = TypeVar("T")

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`(?: - at `\$(?P<where>.*)`)?")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`(?: - at `\$(?P<where>.*)`)?")
_WRONG = re.compile(r"(?P<what>.*?) - at `\$(?P<where>.*)`")


def read_toml(text: str, kind: type[T], name: str) -> T:
    """Parse TOML into a record.

    Args:
        text: The file's text. Empty text gives a record of defaults, if the record has them.
        kind: The record's class; keys that it does not know are errors.
        name: The file's name, for messages.

    Raises:
        UserError: Not TOML, an unknown or missing key, or a value of the wrong kind. Names the file, the key and the
            mend.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            f"{name} is not valid TOML: {_plain(str(error))}.",
            'Write one `key = "value"` a line; text stands in double quotes, and each key stands once.',
        ) from error
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _explain(str(error), kind, name) from error


def _plain(message: str) -> str:
    return re.sub(r"\(at line (\d+), column (\d+)\)", r"line \1, column \2", message)


def _explain(message: str, kind: type, name: str) -> UserError:
    if match := _UNKNOWN.search(message):
        where = _place(match["where"])
        near = _near(match["key"], _field_names(_record_at(kind, match["where"]))) or _near(
            match["key"], _all_names(kind)
        )
        mend = f'Did you mean "{near[0]}"?' if near else "Delete it, or see the guide for the keys that there are."
        return UserError(f'{name} has an unknown key "{match["key"]}"{where}.', mend)
    if match := _MISSING.search(message):
        return UserError(f'{name} lacks the key "{match["key"]}"{_place(match["where"])}.', "Add it.")
    if match := _WRONG.search(message):
        wrong = match["what"].replace("`", "").replace("str", "text").replace("int", "a whole number")
        return UserError(f"{name}: {wrong}{_place(match['where'])}.", "Change the value.")
    return UserError(f"{name}: {message}.", "Change the value.")


def _place(where: str | None) -> str:
    """Say `[code][2].polarity` in words: in entry 3 of "code", key "polarity"."""
    parts = re.findall(r"\.([A-Za-z_]\w*)|\[(\d+)\]|\[(\.\.\.)\]", where or "")
    words = [f'"{key}"' if key else (f"entry {int(index) + 1}" if index else "one entry") for key, index, _ in parts]
    return " in " + ", ".join(words) if words else ""


def _near(key: str, names: list[str]) -> list[str]:
    return difflib.get_close_matches(key, [name for name in names if name != key], n=1)


def _all_names(kind: object) -> list[str]:
    """Give the keys of a record class and of all records inside it."""
    names = set(_field_names(kind))
    for field in _fields(kind):
        for inner in _inside(field.type):
            names.update(_all_names(inner))
    return sorted(names)


def _record_at(kind: object, where: str | None) -> object:
    """Give the record class at a place such as `.code[2]`; the whole file's where the place is the file itself."""
    for key in re.findall(r"\.([A-Za-z_]\w*)", where or ""):
        fields = {field.encode_name: field.type for field in _fields(kind)}
        kind = next((inner for inner in _inside(fields.get(key)) if _fields(inner)), None)
    return kind


def _inside(kind: object) -> list[object]:
    """Give a type and the types that it is made of."""
    return [kind, *(inner for argument in getattr(kind, "__args__", ()) for inner in _inside(argument))]


def _fields(kind: object) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else ()


def _field_names(kind: object) -> list[str]:
    return sorted(field.encode_name for field in _fields(kind))
