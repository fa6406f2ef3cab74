"""Which hyphens at a line's end belong to the word."""

import pytest

from evitable.extract.layout.words import HyphenRule


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("wher-", "ever it was", "wherever it was"),
        ("the co-", "production of", "the co-production of"),
        ("shared decision-", "making by", "shared decision-making by"),
        ("a self-", "help group", "a self-help group"),
        ("of Mexico-", "City", "of Mexico-City"),
        ("pages 12-", "19 of", "pages 12-19 of"),
        ("no hyphen", "at all", "no hyphen at all"),
        ("a four-", "storey house", "a four-storey house"),
        ("", "start", "start"),
        ("end", "", "end"),
    ],
)
def test_a_word_is_rejoined(above, below, joined):
    assert HyphenRule([above, below]).join(above, below) == joined


def test_the_paper_itself_is_the_dictionary():
    keeps = HyphenRule(["a patient-centred service"])
    loses = HyphenRule(["a patientcentred service"])
    assert keeps.join("a patient-", "centred view") == "a patient-centred view"
    assert loses.join("a patient-", "centred view") == "a patientcentred view"
    assert HyphenRule(["cooperation"]).join("co-", "operation") == "cooperation"
