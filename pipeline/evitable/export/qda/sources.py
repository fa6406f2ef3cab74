"""Who coded what, in which text, from where to where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from evitable.export.qda.naming import guid, name_text, unique_names
from evitable.export.qda.words import source_words
from evitable.export.review import Review
from evitable.records import Coding, DocumentText

REJECTED = "somebody has rejected them"
MOVED = "their passage does not stand at its place in the text any more"
GONE = "the text of their paper is not there any more"


@dataclass(frozen=True, slots=True)
class User:
    """Who codes: the machine, or a person."""

    guid: str
    name: str
    person: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage as one user has coded it."""

    guid: str
    user: User
    codings: tuple[Coding, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the review: its file, the name by which programs list it, and its GUID."""

    id: str
    file: str
    name: str
    guid: str


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a paper that is there, and the passages coded in it.

    Attributes:
        paper: The paper.
        description: What the source is.
        selections: In the text's order; each holds exactly its quote.
        not_in: Codings that are in none of them, by the reason why.
    """

    paper: Paper
    description: str
    selections: tuple[Selection, ...]
    not_in: Counter[str]


@cache
def machine(version: str, model_id: str) -> User:
    """Give the machine as a user: another model is another coder."""
    return User(guid("machine", model_id), name_text(f"Evitable {version}, model {model_id}"), person=False)


@cache
def _person(coder: str) -> User:
    return User(guid("person", coder), name_text(coder, "somebody"), person=True)


def user_of(coding: Coding, version: str) -> User:
    """Give who stands behind a coding; `version` is that of the program."""
    if coding.status == "machine":
        return machine(version, coding.coder)
    return _person(coding.coder)


def papers_of(review: Review) -> tuple[Paper, ...]:
    """Give all papers in the studies' order; one is named as its study, several of a study with their files."""
    found = []
    wanted = []
    for study in review.evidence.studies:
        key = name_text(study.key, study.study_id)
        for paper_id, file in zip(study.paper_ids, study.files, strict=True):
            named = f"{key} ({name_text(file.rpartition('/')[2])})"
            found.append((paper_id, file))
            wanted.append((key, named, f"{key} ({name_text(file)})"))
    names = unique_names(wanted, set())
    return tuple(
        Paper(paper_id, file, name, guid("source", paper_id))
        for (paper_id, file), name in zip(found, names, strict=True)
    )


def source_of(paper: Paper, document: DocumentText, codings: Iterable[Coding], review: Review) -> Source:
    """Give the passages of a paper as its users coded them.

    Codings that somebody has rejected, or whose quote does not stand at its place, are not in it.
    """
    not_in: Counter[str] = Counter()
    groups: dict[tuple[str, str, int, int], list[Coding]] = {}
    for coding in codings:
        if coding.status == "rejected":
            not_in[REJECTED] += 1
        elif document.text[coding.start : coding.end] != coding.quote or not coding.quote:
            not_in[MOVED] += 1
        else:
            # Readers take the coder from the selection, so that two coders of one passage need two.
            user = user_of(coding, review.run.evitable)
            groups.setdefault((user.guid, coding.passage_id, coding.start, coding.end), []).append(coding)
    selections = tuple(
        Selection(
            guid("selection", user, passage_id, made[0].quote), user_of(made[0], review.run.evitable), tuple(made)
        )
        for (user, passage_id, *_), made in sorted(groups.items(), key=lambda group: group[0][2:])
    )
    words = source_words(paper.file, review.run.papers.get(paper.file, ""), document)
    return Source(paper, words, selections, not_in)


def users_of(review: Review, selections: Iterable[Selection]) -> tuple[User, ...]:
    """Give all users, each once: the machine first, also where it coded nothing, people by name."""
    used = {selection.user for selection in selections}
    first = machine(review.run.evitable, review.run.model_id)
    return (first, *sorted(used - {first}, key=lambda user: (user.person, user.name, user.guid)))
