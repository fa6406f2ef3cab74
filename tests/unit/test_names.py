"""Names of people off a line of print, as `Family, Given`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evitable.extract.metadata.name_agreement import reconcile, settle
from evitable.extract.metadata.names import Name, read_names


def names(line: str, letters: str = "") -> list[str]:
    return [name.printed for name in read_names(line, frozenset(letters))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Orla Brennan1,2*, Tomás de la Vega2 and Ines Kohl†", ["Brennan, Orla", "de la Vega, Tomás", "Kohl, Ines"]),
        ("Kate Hale,1,2 Paul Jones,3", ["Hale, Kate", "Jones, Paul"]),
        ("Orla Brennan1☯*, Luca Bini2☯¤", ["Brennan, Orla", "Bini, Luca"]),
        ("Orla Brennan ¹ · Luca Bini ²", ["Brennan, Orla", "Bini, Luca"]),
        ("Orla Brennan1 | Luca Bini", ["Brennan, Orla", "Bini, Luca"]),
        ("Orla Brennan • Luca Bini", ["Brennan, Orla", "Bini, Luca"]),
        ("Orla Brennan 0000-0002-1825-0097 Luca Bini", ["Brennan, Orla", "Bini, Luca"]),
        ("Orla Brennan (orla@north.example), Luca Bini", ["Brennan, Orla", "Bini, Luca"]),
        ("Ana Ruiz y Juan Manuel Sosa", ["Ruiz, Ana", "Sosa, Juan Manuel"]),
        ("By Orla Brennan and Theo Nguyen-Blake", ["Brennan, Orla", "Nguyen-Blake, Theo"]),
        ("Orla Brennan for the Square Study Group", ["Brennan, Orla"]),
    ],
)
def test_marks_and_separators(line: str, expected: list[str]) -> None:
    assert names(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Orla M. Brennan, MD, PhD; Luca Bini, RN", ["Brennan, Orla M.", "Bini, Luca"]),
        ("Orla Brennan PhD, Luca Bini MPH", ["Brennan, Orla", "Bini, Luca"]),
        ("Prof. Dr. Anna Schmid, Dr Peter Maier", ["Schmid, Anna", "Maier, Peter"]),
        ("John Quincy Hale, Jr., Ann Lee", ["Hale, John Quincy, Jr.", "Lee, Ann"]),
    ],
)
def test_degrees_and_titles_are_no_names(line: str, expected: list[str]) -> None:
    assert names(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Brennan, Orla; Ruggeri-Holm, Stefano", ["Brennan, Orla", "Ruggeri-Holm, Stefano"]),
        ("Hale, J., Jones, A. B., & van der Meer, C.", ["Hale, J.", "Jones, A. B.", "van der Meer, C."]),
        ("Hale, J. B., and R. L. Jones", ["Hale, J. B.", "Jones, R. L."]),
        ("Hale JB, Jones A, van der Meer J", ["Hale, JB", "Jones, A", "van der Meer, J"]),
        ("Li, J. and Wu, Y.", ["Li, J.", "Wu, Y."]),
        ("Aparna H Gopal1 • Seshan M2", ["Gopal, Aparna H", "Seshan, M"]),
        ("María PACHE-DURÁN1 Li WEI2", ["Pache-Durán, María", "Wei, Li"]),
        ("Paula Carina de ARAÚJO e Joost van der MEER", ["Araújo, Paula Carina de", "van der Meer, Joost"]),
        (
            "ORLA MCDONALD, SEAN O'NEILL AND JOOST VAN DER MEER",
            ["McDonald, Orla", "O'Neill, Sean", "van der Meer, Joost"],
        ),
        ("T.C. PRINS 1 and A.C. SMAAL 2", ["Prins, T.C.", "Smaal, A.C."]),
        ("WANG Wei, LI Na", ["Wang, Wei", "Li, Na"]),
    ],
)
def test_printed_orders(line: str, expected: list[str]) -> None:
    assert names(line) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ludwig van den Broek1", "van den Broek, Ludwig"),
        ("Samira El Khadiri1", "El Khadiri, Samira"),
        ("João dos Santos1", "dos Santos, João"),
        ("José Ortega y Gasset1", "Ortega y Gasset, José"),
        ("Daniel D. D’Amico1", "D’Amico, Daniel D."),
        ("Jean-Pierre Müller-Å1", "Müller-Å, Jean-Pierre"),
        ("Alfred Winter1", "Winter, Alfred"),
    ],
)
def test_particles_accents_and_hyphens(name: str, expected: str) -> None:
    assert names(name) == [expected]


def test_small_letters_that_mark_addresses_go() -> None:
    assert names("Orla Brennan a,*, Luca Bini a,b") == ["Brennan, Orla", "Bini, Luca"]
    assert names("Orla Brennana, Luca Binib and Ines Kohla", "ab") == ["Brennan, Orla", "Bini, Luca", "Kohl, Ines"]
    assert names("Orla Brennana,b,∗, Luca Binib") == ["Brennan, Orla", "Bini, Luca"]


def test_letters_that_are_part_of_names_stay() -> None:
    assert names("Ana Silva, Rosa Lima") == ["Silva, Ana", "Lima, Rosa"]
    assert names("Rosa Lima, Ana Webb and Luca Bini", "ab") == ["Lima, Rosa", "Webb, Ana", "Bini, Luca"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Department of Geography, University of Northmoor",
        "Cape Town, South Africa",
        "Leeds, England",
        "Open Access",
        "Received 2 March 2018",
        "Public Policy and Administration",
        "Orla Brennan, 3 Long Street 14-16",
        "Who waters the square?",
        "Orla Brennan et al.",
        "Volunteers, a mobile app",
        "Squares",
    ],
)
def test_what_holds_anything_else_gives_no_name_at_all(line: str) -> None:
    assert names(line) == []


def test_a_citation_decides_who_is_an_author_and_the_byline_how_they_are_called() -> None:
    byline = [Name("Brennan", "Orla"), Name("Li", "Wei"), Name("Li", "Wen"), Name("Valley", "Green")]
    cited = [Name("Brennan", "O."), Name("Li", "W."), Name("Li", "W.")]
    assert reconcile(byline, cited) == byline[:3]
    assert reconcile(byline, []) == byline


def test_a_name_is_parted_as_another_place_parts_it() -> None:
    assert settle([Name("Ibáñez", "Lucía Hernández")], [Name("Hernández Ibáñez", "L.")]) == [
        Name("Hernández Ibáñez", "Lucía")
    ]
    assert settle([Name("Ibáñez", "Lucía Hernández")], [Name("Kohl", "L.")]) == [Name("Ibáñez", "Lucía Hernández")]


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="AbÉñ .,;&-'1*|(@\x1f\n—", max_size=60))
def test_any_line_gives_names_whose_letters_stand_in_it(line: str) -> None:
    for name in read_names(line, frozenset("ab")):
        assert name.family
        assert set(name.printed.casefold()) - set(", mc") <= set(line.casefold())
