"""A small reader of REFI-QDA projects that knows nothing of what wrote them, and reviews to be written."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from evitable.codebook import Code, Codebook, Dimension
from evitable.export.review import Review
from support.evidence import coded_paper
from support.nasty import NASTY
from support.review import review_of

HERE = Path(__file__).parent
SPACE = {"q": "urn:QDA-XML:project:1.0"}


@dataclass(frozen=True)
class Coded:
    """What a program would show: whose coding, with which code, of which words in which text."""

    source: str
    text: str
    code: str
    coder: str


@dataclass(frozen=True)
class ReadProject:
    """A project as a program sees it: texts by source name, codings, and the tree."""

    tree: Any
    texts: dict[str, str]
    codings: list[Coded]

    def find(self, path: str) -> list[Any]:
        return list(self.tree.findall(path, SPACE))

    def names(self, path: str) -> list[str]:
        return [element.get("name") for element in self.find(path)]

    def said(self) -> str:
        """Give the project's description."""
        return str(self.tree.findtext("q:Description", namespaces=SPACE))


def read_project(data: bytes) -> ReadProject:
    """Read a project as the standard says: UTF-8, code points from 0, users and codes by GUID."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        tree = etree.fromstring(archive.read("project.qde"))
        users = {user.get("guid"): user.get("name") for user in tree.iterfind(".//q:User", SPACE)}
        codes = {code.get("guid"): code.get("name") for code in tree.iterfind(".//q:Code", SPACE)}
        texts = {}
        codings = []
        for source in tree.iterfind("q:Sources/q:TextSource", SPACE):
            path = source.get("plainTextPath").replace("internal://", "sources/")
            text = texts[source.get("name")] = archive.read(path).decode("utf-8")
            for selection in source.iterfind("q:PlainTextSelection", SPACE):
                words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
                for coding in selection.iterfind("q:Coding", SPACE):
                    assert coding.get("creatingUser") == selection.get("creatingUser")
                    code = codes[coding.find("q:CodeRef", SPACE).get("targetGUID")]
                    codings.append(Coded(source.get("name"), words, code, users[selection.get("creatingUser")]))
    return ReadProject(tree, texts, codings)


def faults(data: bytes, schema: str) -> list[str]:
    """List what the standard's schema finds wrong with an XML file."""
    rules = etree.XMLSchema(etree.parse(HERE / schema))
    rules.validate(etree.fromstring(data))
    return [str(fault) for fault in rules.error_log]


def project_faults(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return faults(archive.read("project.qde"), "Project.xsd")


def recoded(review: Review, **changes: dict[str, Any]) -> Review:
    """Change the codings of a review: fields to be replaced, by the code of the coding."""
    codings = tuple(
        msgspec.structs.replace(coding, **changes.get(coding.code, {})) for coding in review.evidence.codings
    )
    return dataclasses.replace(review, evidence=msgspec.structs.replace(review.evidence, codings=codings))


def nasty_review() -> Review:
    """Give a review in which every name, title and text is nasty, with two codes for each nasty title."""
    texts = list(NASTY.values())
    said = [text.encode("utf-8", "replace").decode() for text in texts]  # TOML holds no lone surrogates
    book = Codebook(
        name="nasty",
        title=said[0],
        dimension=tuple(
            Dimension(name=name, title=title, definition=said[8], source=said[9], polarity=name == "one")
            for name, title in (("one", said[1]), ("two", said[2]))
        ),
        code=tuple(
            Code(
                name=f"{dimension}_{number}",
                dimension=dimension,
                title=text,
                family=said[number // 4] if number % 3 else "",
                definition=text,
                code_when=text,
                not_when=text,
                examples=(text, text),
            )
            for dimension in ("one", "two")
            for number, text in enumerate(said)
        ),
    )
    dimensions = {code.name: code.dimension for code in book.code}
    paper = coded_paper(
        "paper of nasty texts",
        {text: [(f"one_{number}", "hinders", 0.8), (f"two_{number}", "", 0.7)] for number, text in enumerate(texts)},
        author=f"{texts[11]}, A.",
        year=2020,
        dimensions=dimensions,
    )
    others = [coded_paper(f"{number} {text[:40]}", {text: []}, author=text) for number, text in enumerate(texts)]
    review = review_of([paper, *others], book, title=said[16])
    people = {
        f"two_{number}": {"status": "accepted", "coder": text, "section": (text,)} for number, text in enumerate(texts)
    }
    return recoded(review, **people)
