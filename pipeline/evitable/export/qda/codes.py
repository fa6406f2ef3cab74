"""The codebook as a tree of codes."""

from __future__ import annotations

from dataclasses import dataclass

from evitable.codebook import Code, Codebook, Dimension
from evitable.export.clean import clean_text
from evitable.export.qda.naming import guid, name_text, unique_names

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D1F", "#6A3D9A")
"""One for each dimension, told apart by colour-blind people (Okabe and Ito 2008; the last two are added)."""

Key = tuple[str, str]
"""What a passage is coded with: `code`, or the name of a mark, and the code's name; empty for a mark of the passage."""


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code, or a folder of codes, with the codes below it."""

    guid: str
    name: str
    codable: bool
    colour: str
    description: str
    children: tuple[CodeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Codes:
    """A whole code system.

    Attributes:
        nodes: Its trees, in order.
        guids: Of each code that passages are coded with.
        names: Of each code, unique over the whole system.
    """

    nodes: tuple[CodeNode, ...]
    guids: dict[Key, str]
    names: dict[Key, str]


def code_guid(codebook: Codebook, code: str, mark: str = "code") -> str:
    """Give the GUID of a code, or of one of its marks."""
    return guid("code", codebook.name, mark, code)


def codebook_codes(codebook: Codebook) -> Codes:
    """Give the codebook as a tree: dimension, family, code; only codes can be coded with.

    A title that two codes share gets its dimension in front; folders give way to codes of the same name.
    """
    taken: set[str] = set()
    names = dict(zip([("code", code.name) for code in codebook.code], _code_names(codebook, taken), strict=True))
    folders = _folder_names(codebook, taken)
    nodes = tuple(
        _dimension(codebook, dimension, _COLOURS[number % len(_COLOURS)], names, folders)
        for number, dimension in enumerate(codebook.dimension)
    )
    return Codes(nodes, {key: code_guid(codebook, key[1]) for key in names}, names)


def _code_names(codebook: Codebook, taken: set[str]) -> list[str]:
    wanted = []
    for code in codebook.code:
        title = name_text(code.title, code.name)
        longer = f"{name_text(codebook.dimension_of(code.dimension).title, code.dimension)}: {title}"
        wanted.append((title, longer, f"{longer} ({code.name})"))
    return unique_names(wanted, taken)


def _folder_names(codebook: Codebook, taken: set[str]) -> dict[tuple[str, str], str]:
    """Name dimensions, and the families in them, by (dimension, family); the family is empty for the dimension."""
    families = list(dict.fromkeys((code.dimension, code.family) for code in codebook.code if name_text(code.family)))
    titles = {dimension.name: name_text(dimension.title, dimension.name) for dimension in codebook.dimension}
    wanted = [(titles[name], f"{titles[name]} (dimension)", f"{titles[name]} ({name})") for name in titles]
    for dimension, family in families:
        own = name_text(family)
        wanted.append((own, f"{titles[dimension]}: {own}", f"{titles[dimension]}: {own} (family)"))
    return dict(zip([*((name, "") for name in titles), *families], unique_names(wanted, taken), strict=True))


def _dimension(
    codebook: Codebook,
    dimension: Dimension,
    colour: str,
    names: dict[Key, str],
    folders: dict[tuple[str, str], str],
) -> CodeNode:
    """Give a dimension with its codes; a family stands where its first code stands."""
    groups: dict[tuple[str, str], list[Code]] = {}
    for code in codebook.codes_of(dimension.name):
        groups.setdefault((code.family, "") if name_text(code.family) else ("", code.name), []).append(code)
    children: list[CodeNode] = []
    for (family, _), codes in groups.items():
        nodes = tuple(_code(codebook, code, colour, names) for code in codes)
        if family:
            own = guid("family", codebook.name, dimension.name, family)
            folder = folders[(dimension.name, family)]
            children.append(CodeNode(own, folder, codable=False, colour=colour, description="", children=nodes))
        else:
            children += nodes
    return CodeNode(
        guid("dimension", codebook.name, dimension.name),
        folders[(dimension.name, "")],
        codable=False,
        colour=colour,
        description=_paragraphs(("", dimension.definition), ("Source: ", dimension.source)),
        children=tuple(children),
    )


def _code(codebook: Codebook, code: Code, colour: str, names: dict[Key, str]) -> CodeNode:
    key = ("code", code.name)
    description = _paragraphs(
        ("", code.definition),
        ("Code it when: ", code.code_when),
        ("Do not code it when: ", code.not_when),
        ("Examples:\n", "\n".join(f"- {example}" for example in code.examples)),
        ("Name in Evitable's files: ", code.name),
    )
    return CodeNode(code_guid(codebook, code.name), names[key], codable=True, colour=colour, description=description)


def _paragraphs(*parts: tuple[str, str]) -> str:
    return "\n\n".join(f"{head}{text.strip()}" for head, text in parts if clean_text(text).strip())
