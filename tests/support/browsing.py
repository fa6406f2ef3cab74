"""People in browsers at the review page, which a process of its own serves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from evitable.records import Anchor, squash
from support.decisions import People
from support.review_page import (
    FIRST,
    OTHER,
    Served,
    decided,
    passages_of,
    published_review,
    served,
)
from support.reviewers import Reviewer, join

Joining = Callable[..., Reviewer]
LOST = "This sentence was in the paper once, and is nowhere in it any more, nor is anything like it."
SCREENS = {
    "front": "/",
    "passage": "/queue/uncertain",
    "uncoded": "/queue/sample",
    "blind": "/queue/blind",
    "conflicts": "/queue/conflicts",
    "orphans": "/queue/orphans",
    "codebook": "/codebook",
    "name": "/coder",
    "nothing left": "/queue/open",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published review on which nobody has decided, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "review"
    published_review(folder, papers=2, length=10)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A review of one's own."""
    return shutil.copytree(template, tmp_path / "review")


@pytest.fixture
def review(folder: Path) -> Iterator[Served]:
    """The page over it."""
    with served(folder) as page:
        yield page


@pytest.fixture
def joined(browser: Browser, review: Served) -> Iterator[Joining]:
    """Lets people sit down at the page, and sees that nothing went wrong on their screens."""
    with ExitStack() as stack:
        people: list[Reviewer] = []

        def sit(coder: str, **options: Any) -> Reviewer:
            people.append(stack.enter_context(join(browser, review, coder, **options)))
            return people[-1]

        yield sit
        assert [fault for person in people for fault in person.faults] == []


@pytest.fixture
def ada(joined: Joining) -> Reviewer:
    """A reviewer at the first passage of the queue of what is most uncertain."""
    person = joined("ada")
    person.go("/queue/uncertain")
    return person


def lost(folder: Path, near: str = LOST) -> Anchor:
    paper = passages_of(folder)[0].paper_id
    return Anchor(paper_id=paper, passage_id="qgone", page=1, start=0, end=len(near), quote=near, key=squash(near))


@pytest.fixture(scope="module")
def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over a review that has something on each screen."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("furnished") / "review")
    people, passage = People(), passages_of(folder)[1]
    decided(folder, people.decide("ada", "add", passage, OTHER.name, blind=True, note="clearly so", said=None))
    decided(folder, people.decide("ben", "reject", passage, OTHER.name, blind=True, said=None))
    decided(folder, people.decide("ben", "accept", lost(folder), FIRST.name, note="years ago"))
    with served(folder) as page:
        yield page


@pytest.fixture
def looking(browser: Browser, furnished: Served) -> Iterator[Reviewer]:
    """A reviewer who decides nothing, at the first passage of the queue of what is most uncertain."""
    with join(browser, furnished, "cleo") as person:
        person.go("/queue/uncertain")
        before = furnished.decisions()
        yield person
        assert furnished.decisions() == before
        assert person.faults == []


def chosen(page: Page) -> Any:
    """Give the code that is open."""
    return page.locator("#codes > [data-chosen]")


def mark_words(page: Page, words: str) -> None:
    """Mark words in the text, as a person does with the mouse."""
    page.evaluate(
        """(words) => {
            const walk = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
            throw new Error("these words are not shown in one piece");
        }""",
        words,
    )
