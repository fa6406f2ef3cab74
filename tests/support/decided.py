"""Passages of papers on which people have decided, and a review that holds them."""

from __future__ import annotations

from pathlib import Path

from evitable.records import Anchor, Passage, passage_id, squash
from evitable.store import open_workspace
from evitable.store.decisions import open_decisions
from evitable.training.data import CodedPassage
from support.coded import PLACES
from support.command_line import make_review
from support.decisions import People
from support.results import Result, publish_results

CODEBOOK = """
name = "two"
title = "Two codes"
[[dimension]]
name = "voice"
title = "Voice"
[[code]]
name = "vote"
dimension = "voice"
title = "Vote"
definition = "They vote."
phrases = ["ballot"]
[[code]]
name = "speak"
dimension = "voice"
title = "Speak"
definition = "They speak."
phrases = ["speech"]
"""


def published_review(folder: str, coded: list[CodedPassage]) -> None:
    """Make a review whose published run has these passages, and in which everything about them is decided."""
    make_review(folder, codebook=CODEBOOK)
    workspace = open_workspace(Path(folder))
    results, people = [], People()
    for study in dict.fromkeys(one.source for one in coded):
        passages = []
        for one in (one for one in coded if one.source == study):
            passage = Passage(
                id=passage_id(study, one.text, 0), paper_id=study, start=0, end=len(one.text), text=one.text
            )
            passages.append(passage)
            anchor = anchored_at_one(passage)
            for code in one.codes:
                people.decide("ada", "add", anchor, code, said=None)
            people.decide("ada", "complete", anchor, "", said=None)
        results.append(Result(study, f"{study}.pdf", study, study, tuple(passages)))
    publish_results(workspace, results, title="Votes")
    open_decisions(workspace).add(people.made)


def anchored_at_one(passage: Passage) -> Anchor:
    """Make the anchor of a passage on the first page."""
    return Anchor(
        paper_id=passage.paper_id,
        passage_id=passage.id,
        page=1,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        key=squash(passage.text),
    )


def decided(number: int, *, studies: int = 6, known: tuple[str, ...] | None = None) -> list[CodedPassage]:
    """Make passages of papers, whose words are not those of the written ones: each third is about a vote, a speech."""
    texts = {
        0: ("Hands went up for the plan of the {0} in week {1}.", ("vote",)),
        1: ("A neighbour rose to address the {0} in week {1}.", ("speak",)),
        2: ("Rain fell upon the {0} in week {1}.", ()),
    }
    made = []
    for at in range(number):
        text, codes = texts[at % 3]
        study = f"s{at // 3 % studies}"
        made.append(
            CodedPassage(
                id=f"q{at}",
                source=study,
                writer=study,
                register=study,
                text=text.format(PLACES[at % 8], at),
                codes=codes,
                polarity={},
                wording="paper",
                known=known,
            )
        )
    return made
