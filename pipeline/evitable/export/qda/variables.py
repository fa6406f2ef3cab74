"""Studies as cases, with year, journal, DOI and the codebook's attributes as variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evitable.codebook import Codebook
from evitable.export.qda.naming import guid, name_text, unique_names
from evitable.records import EvidenceRow

Kind = Literal["Text", "Integer"]
_FIXED: tuple[tuple[str, Kind], ...] = (("Year", "Integer"), ("Journal", "Text"), ("DOI", "Text"))


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: the attribute's name, or of a fixed one its title; its name in programs; its type."""

    key: str
    guid: str
    name: str
    kind: Kind


def variables_of(codebook: Codebook) -> tuple[Variable, ...]:
    """Give year, journal and DOI, then the codebook's attributes, each with a name of its own."""
    taken = {title.casefold() for title, _ in _FIXED}
    titles = [(name_text(a.title, a.name), f"{name_text(a.title, a.name)} ({a.name})") for a in codebook.attribute]
    fixed = tuple(Variable(title, guid("variable", title), title, kind) for title, kind in _FIXED)
    return fixed + tuple(
        Variable(attribute.name, guid("variable", codebook.name, attribute.name), name, "Text")
        for attribute, name in zip(codebook.attribute, unique_names(titles, taken), strict=True)
    )


def values_of(study: EvidenceRow, variables: Sequence[Variable]) -> list[tuple[Variable, str]]:
    """Give what is known of a study; programs show as unassigned what is not. Several values stand in one text."""
    reference = study.reference
    known = {
        "Year": "" if reference.year is None else str(reference.year),
        "Journal": reference.journal,
        "DOI": reference.doi,
    }
    values = []
    for number, variable in enumerate(variables):
        if number < len(_FIXED):
            value = known[variable.key]
        else:
            value = "; ".join(dict.fromkeys(a.value for a in study.attributes if a.name == variable.key))
        if name_text(value):
            values.append((variable, name_text(value)))
    return values
