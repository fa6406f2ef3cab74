"""REFI-QDA XML: the project file and the codebook file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any
from xml.sax.saxutils import escape

from lxml import etree

from evitable.export.clean import clean_text
from evitable.export.qda.codes import CodeNode, Codes, Key
from evitable.export.qda.marks import keys_of
from evitable.export.qda.naming import coding_guid, guid, name_text, unique_names
from evitable.export.qda.sources import Paper, Selection, Source, User
from evitable.export.qda.variables import Variable, values_of, variables_of
from evitable.export.qda.words import selection_name, selection_words, study_words
from evitable.export.review import Review

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_DATE = "2000-01-01T00:00:00Z"
"""The schema asks for no dates, but QualCoder stops at a selection without; fixed, for equal bytes."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file holds.

    Attributes:
        review: The review.
        codes: Its code system.
        users: All users, the creating one first.
        sources: Texts that are there, by paper, in the studies' order.
        description: What the project says of itself.
    """

    review: Review
    codes: Codes
    users: tuple[User, ...]
    sources: Mapping[str, Source]
    description: str


def write_project(out: IO[bytes], project: Project) -> None:
    """Write `project.qde`, element after element, so that no more than one source is held as a tree."""
    review = project.review
    attributes = {
        "name": name_text(review.title, "Evitable"),
        "origin": f"Evitable {review.run.evitable}",
        "creatingUserGUID": project.users[0].guid,
        "creationDateTime": _DATE,
    }
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{{{PROJECT}}}Project", attributes, nsmap={None: PROJECT}):
            file.write(_users(project.users))
            book = _element(PROJECT, "CodeBook")
            book.append(_codes(PROJECT, project.codes.nodes))
            file.write(book)
            variables = variables_of(review.codebook)
            file.write(_variables(variables))
            if review.evidence.studies:
                file.write(_cases(project, variables))
            if project.sources:
                with file.element(f"{{{PROJECT}}}Sources"):
                    file.flush()  # sources are most of the file, and far faster as text than as elements
                    for source in project.sources.values():
                        out.write(_source(source, project.codes, project.users[0]).encode())
            file.write(_said(PROJECT, project.description))


def codebook_bytes(codes: Codes, origin: str) -> bytes:
    """Write a codebook file."""
    root = _element(CODEBOOK, "CodeBook", origin=origin)
    root.append(_codes(CODEBOOK, codes.nodes))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _element(space: str, tag: str, /, **attributes: str) -> Any:
    return etree.Element(f"{{{space}}}{tag}", attributes, nsmap={None: space})


def _said(space: str, text: str) -> Any:
    element = _element(space, "Description")
    element.text = clean_text(text)
    return element


def _users(users: Iterable[User]) -> Any:
    element = _element(PROJECT, "Users")
    for user in users:
        etree.SubElement(element, f"{{{PROJECT}}}User", guid=user.guid, name=user.name)
    return element


def _codes(space: str, nodes: Iterable[CodeNode]) -> Any:
    element = _element(space, "Codes")
    for node in nodes:
        element.append(_code(space, node))
    return element


def _code(space: str, node: CodeNode) -> Any:
    codable = "true" if node.codable else "false"
    element = _element(space, "Code", guid=node.guid, name=node.name, isCodable=codable, color=node.colour)
    if node.description:
        element.append(_said(space, node.description))
    for child in node.children:
        element.append(_code(space, child))
    return element


def _variables(variables: Iterable[Variable]) -> Any:
    element = _element(PROJECT, "Variables")
    for variable in variables:
        attributes = {"guid": variable.guid, "name": variable.name, "typeOfVariable": variable.kind}
        etree.SubElement(element, f"{{{PROJECT}}}Variable", attributes)
    return element


def _cases(project: Project, variables: Sequence[Variable]) -> Any:
    """Give one case for each study: values reach programs by the case, not by the source."""
    element = _element(PROJECT, "Cases")
    studies = project.review.evidence.studies
    keys = [name_text(study.key, study.study_id) for study in studies]
    names = unique_names([(key, f"{key} ({s.study_id})") for key, s in zip(keys, studies, strict=True)], set())
    for study, name in zip(studies, names, strict=True):
        case = etree.SubElement(element, f"{{{PROJECT}}}Case", guid=guid("case", study.study_id), name=name)
        case.append(_said(PROJECT, study_words(study)))
        for variable, value in values_of(study, variables):
            holder = etree.SubElement(case, f"{{{PROJECT}}}VariableValue")
            etree.SubElement(holder, f"{{{PROJECT}}}VariableRef", targetGUID=variable.guid)
            etree.SubElement(holder, f"{{{PROJECT}}}{variable.kind}Value").text = value
        for paper_id in study.paper_ids:
            if paper_id in project.sources:
                target = project.sources[paper_id].paper.guid
                etree.SubElement(case, f"{{{PROJECT}}}SourceRef", targetGUID=target)
    return element


def _source(source: Source, codes: Codes, creator: User) -> str:
    paper: Paper = source.paper
    return (
        f'<TextSource xmlns="{PROJECT}" guid="{paper.guid}" name={_value(paper.name)} '
        f'plainTextPath="internal://{paper.guid}.txt" creatingUser="{creator.guid}" creationDateTime="{_DATE}">'
        f"<Description>{escape(clean_text(source.description))}</Description>"
        f"{''.join([_selection(selection, codes) for selection in source.selections])}</TextSource>"
    )


def _selection(selection: Selection, codes: Codes) -> str:
    first = selection.codings[0]
    by = f'creatingUser="{selection.user.guid}" creationDateTime="{_DATE}"'
    said = escape(clean_text(selection_words(selection.codings, codes.names)))
    codings = [
        f'<Coding guid="{own}" {by}><CodeRef targetGUID="{codes.guids[key]}"/></Coding>'
        for own, key in _codings(selection)
    ]
    return (
        f'<PlainTextSelection guid="{selection.guid}" name={_value(selection_name(first.quote))} '
        f'startPosition="{first.start}" endPosition="{first.end}" {by}>'
        f"<Description>{said}</Description>{''.join(codings)}</PlainTextSelection>"
    )


def _value(name: str) -> str:
    """Write a name, which is clean and on one line, as the value of an attribute."""
    return '"' + escape(name, {'"': "&quot;"}) + '"'


def _codings(selection: Selection) -> list[tuple[str, Key]]:
    """Give what a passage is coded with, each once, with the GUIDs of the codings."""
    first: dict[Key, str] = {}
    for coding in selection.codings:
        code, *marks = keys_of(coding)
        first.setdefault(code, coding_guid(coding.id))
        for mark in marks:
            first.setdefault(mark, guid("mark", coding.id, mark[0]))
    return [(own, key) for key, own in first.items()]
