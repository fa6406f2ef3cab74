"""What a coded passage rests on, by rules: own finding, recommendation, or mention of other work.

The three are what is left of the zones of argument of Teufel and Moens (2002) where evidence is counted by study. A
trained model answers where there is one; these rules stand in for it.
"""

from __future__ import annotations

from evitable.classify.inputs import Reading
from evitable.classify.terms import CITATION
from evitable.records import Basis, SectionKind

_OWN_SECTIONS = frozenset({"findings", "methods", "abstract"})
_OTHERS_SECTIONS = frozenset({"background", "introduction"})
_ADVISING_SECTIONS = frozenset({"discussion", "conclusion", "abstract"})
_OWN = frozenset({"we", "our", "interviewe", "respond", "inform", "fieldwork"})
_ADVICE = frozenset({"should", "recommend", "ought", "must", "advis"})


def basis_by_rules(reading: Reading, section: SectionKind | None = None) -> Basis:
    """Tell what a passage rests on.

    Args:
        reading: The passage.
        section: The kind of section it stands in; None where that is not known.

    Returns:
        A recommendation where it advises and cites nobody; a mention where it cites, or reviews the literature, and
        says nothing of the authors' own material; or else a finding.
    """
    words = set(reading.terms.texts)
    cites = CITATION in words
    if words & _ADVICE and not cites and (section is None or section in _ADVISING_SECTIONS):
        return "recommendation"
    if words & _OWN or section in _OWN_SECTIONS:
        return "finding"
    return "mention" if cites or section in _OTHERS_SECTIONS else "finding"
