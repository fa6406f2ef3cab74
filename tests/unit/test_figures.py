"""Figures: what they count, that nothing overlaps, and that they are the same on every run."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from xml.etree import ElementTree as ET

import matplotlib
import msgspec
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from evitable.aggregate import Counting
from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.figures.bars import tick_step
from evitable.export.figures.colours import WAYS, ink_on, shade
from evitable.export.figures.contents import pictures
from evitable.export.figures.drawing import drawn
from evitable.export.figures.files import figures
from evitable.export.figures.flow import flow_diagram
from evitable.export.figures.fonts import cut_fonts
from evitable.export.figures.letters import in_font, shown, width_of, wrapped
from evitable.export.figures.picture import Area, Picture, Words
from evitable.export.figures.years import columns, spans
from evitable.records import Attribute, Prisma, PrismaSettings, RollUp
from support.evidence import coded_paper
from support.nasty import NASTY
from support.review import review_of, small_review

LONG = "Participation of service users and of those who care for them in all decisions of the board, "


def book(*sizes: int, polarity: tuple[int, ...] = (), mapped: bool = True, title: str = "Code") -> Codebook:
    """A codebook with dimensions of so many codes: `d0` with `d0c0`, `d0c1` and so on."""
    dimensions = tuple(
        Dimension(name=f"d{place}", title=f"Dimension {place}", polarity=place in polarity, mapped=mapped)
        for place in range(len(sizes))
    )
    codes = tuple(
        Code(name=f"d{place}c{number}", dimension=f"d{place}", title=f"{title} {place}.{number}", definition="x")
        for place, size in enumerate(sizes)
        for number in range(size)
    )
    attributes = (StudyAttribute(name="place", title="Places", kind="country"),)
    return Codebook(name="b", title="B", dimension=dimensions, code=codes, attribute=attributes)


def svg_of(prisma: Prisma) -> bytes:
    return drawn(flow_diagram(prisma), "svg")


def study(name: str, codebook: Codebook, *said: tuple[str, str], year: int | None = None, places: tuple[str, ...] = ()):
    return coded_paper(
        name,
        {f"A passage of {name}.": [(code, way, 0.9) for code, way in said]},
        year=year,
        dimensions={code.name: code.dimension for code in codebook.code},
        attributes=tuple(Attribute(name="place", value=place) for place in places),
    )


def picture_of(review, name: str) -> Picture:
    return dict(pictures(review))[name]


def rows(picture: Picture) -> list[list[str]]:
    """The texts of a picture, line by line from left to right."""
    words = [item for item in picture.items if isinstance(item, Words) and not item.turned]
    lines: dict[int, list[Words]] = {}
    for word in words:
        lines.setdefault(round(word.y), []).append(word)
    return [[word.text for word in sorted(line, key=lambda word: word.x)] for _, line in sorted(lines.items())]


def row(picture: Picture, name: str) -> list[str]:
    [found] = [line for line in rows(picture) if line[0] == name]
    return found[1:]


def frame(words: Words) -> tuple[float, float, float, float]:
    """The paper that a line of text covers: left, top, right, bottom."""
    wide = width_of(in_font(words.text, bold=words.bold), words.size, bold=words.bold)
    back = {"left": 0.0, "center": wide / 2, "right": wide}[words.anchor]
    if words.turned:
        return words.x - words.size * 0.72, words.y - wide + back, words.x + words.size * 0.2, words.y + back
    return words.x - back, words.y - words.size * 0.72, words.x - back + wide, words.y + words.size * 0.2


def overlapping(picture: Picture) -> list[tuple[str, str]]:
    frames = [(word.text, frame(word)) for word in picture.items if isinstance(word, Words)]
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(frames, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def beyond_the_paper(picture: Picture) -> list[str]:
    frames = [(word.text, frame(word)) for word in picture.items if isinstance(word, Words)]
    return [
        text
        for text, (left, top, right, bottom) in frames
        if left < 0 or top < 0 or right > picture.width or bottom > picture.height
    ]


def large_review():
    """Sixty codes with long names in families, odd years, and a full flow diagram of an updated review."""
    plain = book(60, 8, polarity=(0,), title=LONG)
    codes = tuple(
        Code(name=c.name, dimension=c.dimension, title=c.title, family=f"{LONG} {place // 12}", definition="x")
        for place, c in enumerate(plain.code)
    )
    codebook = Codebook(name="b", title="B", dimension=plain.dimension, code=codes, attribute=plain.attribute)
    papers = [
        study(
            f"paper {number}",
            codebook,
            (f"d0c{number * 7 % 60}", "hinders"),
            (f"d1c{number % 8}", ""),
            year=(1931, 1999, 2004, None)[number % 4],
            places=(f"{LONG} {number % 20}",),
        )
        for number in range(40)
    ]
    given_ = PrismaSettings(
        form="updated",
        previous_studies=10,
        previous_reports=9,
        databases={LONG: 1234567, "Scopus": 5},
        registers={"x" * 300: 7},
        duplicates=12,
        by_automation=3,
        excluded=20,
        excluded_by_automation=5,
        excluded_reports={f"{LONG} {number}": number for number in range(12)},
        other={"Websites": 5, LONG: 4},
        other_excluded={LONG: 3},
    )
    return review_of(papers, codebook, Counting(prisma=given_, not_retrieved=1, not_readable=2))


def test_each_figure_comes_as_svg_png_and_pdf_that_other_programs_read() -> None:
    files = dict(figures(small_review()))
    names = {name.rpartition(".")[0] for name in files}
    assert names == {
        "figures/evidence-map",
        "figures/factor-by-studies",
        "figures/phase-and-level-by-studies",
        "figures/studies-per-year",
        "figures/studies-by-country",
        "figures/studies-by-domain",
        "figures/studies-by-design",
        "figures/studies-by-data",
        "figures/prisma-flow",
    }
    for name in names:
        root = ET.fromstring(files[f"{name}.svg"])
        wide = float(root.attrib["viewBox"].split()[2])
        image = Image.open(io.BytesIO(files[f"{name}.png"]))
        assert image.width == pytest.approx(wide * 200 / 72, abs=2)
        [page] = PdfReader(io.BytesIO(files[f"{name}.pdf"])).pages
        assert float(page.mediabox.width) == pytest.approx(wide, abs=1)


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_the_same_picture_gives_the_same_bytes_without_date_or_program(ending: str) -> None:
    picture = picture_of(small_review(), "prisma-flow")
    data = drawn(picture, ending)
    assert data == drawn(picture, ending)
    assert b"atplotlib" not in data
    assert b"dc:date" not in data
    assert b"CreationDate" not in data


def test_the_users_own_matplotlib_settings_change_no_picture_and_stay_as_they_were() -> None:
    picture = picture_of(small_review(), "studies-per-year")
    before = drawn(picture, "svg")
    with matplotlib.rc_context({"font.size": 30, "savefig.bbox": "tight", "svg.fonttype": "path"}):
        mine = dict(matplotlib.rcParams)
        assert drawn(picture, "svg") == before
        assert dict(matplotlib.rcParams) == mine


def test_matplotlib_is_loaded_only_when_figures_are_made_and_pyplot_never() -> None:
    program = """
import sys
from evitable.export import KINDS
[kind] = [kind for kind in KINDS if kind.name == "figures"]
assert "matplotlib" not in sys.modules
kind.load()
assert "matplotlib" in sys.modules
assert "matplotlib.pyplot" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("make", [small_review, large_review, lambda: review_of([])], ids=["small", "large", "empty"])
def test_no_text_overlaps_another_or_leaves_the_paper(make) -> None:
    for name, picture in pictures(make()):
        assert (name, overlapping(picture)) == (name, [])
        assert (name, beyond_the_paper(picture)) == (name, [])


def test_all_sixty_codes_are_in_the_figure_at_full_type_size() -> None:
    picture = picture_of(large_review(), "d0-by-studies")
    bars = [line for line in rows(picture) if len(line) >= 7 and line[-1].isdigit()]
    assert len(bars) == 60 + 5
    assert min(item.size for item in picture.items if isinstance(item, Words)) >= 7


def test_cells_without_a_study_are_shown_as_0() -> None:
    picture = picture_of(small_review(), "evidence-map")
    cells = [item.text for item in picture.items if isinstance(item, Words) and item.text.isdigit()]
    assert len(cells) == 4 * 3 * 6
    assert sorted(set(cells)) == ["0", "1"]
    assert cells.count("1") == 3


def test_three_dimensions_give_one_panel_for_each_code_of_the_middle_one() -> None:
    codebook = book(2, 3, 4)
    review = review_of([study("one", codebook, ("d0c1", ""), ("d1c2", ""), ("d2c3", ""))], codebook)
    picture = picture_of(review, "evidence-map")
    texts = [item.text for item in picture.items if isinstance(item, Words)]
    assert [text for text in texts if text.startswith("Code 1.")] == ["Code 1.0", "Code 1.1", "Code 1.2"]
    # Rows are the longer dimension; the only study stands last in the last row.
    assert row(picture, "Code 2.3") == ["0", "0", "0", "0", "0", "1"]
    assert row(picture, "Code 2.2") == ["0"] * 6


def test_two_dimensions_give_one_panel() -> None:
    codebook = book(3, 2)
    review = review_of([study("one", codebook, ("d0c1", ""), ("d1c0", ""))], codebook)
    assert row(picture_of(review, "evidence-map"), "Code 0.1") == ["1", "0"]


def test_four_dimensions_give_one_panel_for_each_pair_of_the_middle_ones() -> None:
    codebook = book(2, 2, 2, 3)
    picture = picture_of(review_of([], codebook), "evidence-map")
    assert sum(item.text.isdigit() for item in picture.items if isinstance(item, Words)) == 2 * 2 * 2 * 3
    assert "Code 1.1 + Code 2.0" in " ".join(text for line in rows(picture) for text in line)


def test_one_dimension_gives_bars_and_none_gives_no_map() -> None:
    one = picture_of(review_of([], book(3)), "evidence-map")
    assert row(one, "Code 0.2") == ["0", "0%"]
    assert "evidence-map" not in dict(pictures(review_of([], book(3, 2, mapped=False))))


def test_a_map_that_is_too_large_is_drawn_as_its_pairs_of_dimensions() -> None:
    review = review_of([], book(20, 20, 20))
    maps = [name for name, _ in pictures(review) if name.startswith("evidence-map")]
    assert maps == [
        f"evidence-map-{down}-by-{across}" for down, across in (m.dimensions for m in review.evidence.matrices)
    ]
    assert len(maps) == 3


def test_a_factor_has_its_studies_share_and_ways_in_numbers_and_in_bars() -> None:
    codebook = book(2, polarity=(0,))
    said = ["facilitates", "facilitates", "hinders", ""]
    papers = [study(f"paper {place}", codebook, ("d0c0", way)) for place, way in enumerate(said)]
    picture = picture_of(review_of(papers, codebook), "d0-by-studies")
    assert row(picture, "Code 0.0") == ["4", "100%", "2", "1", "0", "1"]
    assert row(picture, "Code 0.1") == ["0", "0%", "0", "0", "0", "0"]
    bars = [item for item in picture.items if isinstance(item, Area) and item.height == 12]
    assert [bar.fill for bar in bars] == [WAYS[0].colour, WAYS[1].colour, WAYS[3].colour]
    assert bars[0].width == pytest.approx(2 * bars[1].width)
    assert bars[1].x == pytest.approx(bars[0].x + bars[0].width)


def test_every_way_has_its_own_colour_and_they_are_told_apart_without_colour_too() -> None:
    assert len({fill.colour for fill in WAYS}) == len(WAYS)
    assert len({fill.hatch or fill.colour for fill in WAYS}) == len(WAYS)
    assert len([fill for fill in WAYS if not fill.hatch]) == 2


def test_small_dimensions_without_polarity_share_a_figure_and_large_ones_do_not() -> None:
    def names(codebook: Codebook) -> list[str]:
        return [name for name, _ in pictures(review_of([], codebook)) if name.endswith("-by-studies")]

    assert names(book(4, 3, 6, polarity=(2,))) == ["d2-by-studies", "d0-and-d1-by-studies"]
    assert names(book(20, 20)) == ["d0-by-studies", "d1-by-studies"]


def test_titles_say_what_is_counted_and_by_which_rule() -> None:
    codebook = book(3)
    papers = [study("one", codebook, ("d0c0", ""))]
    review = review_of(papers, codebook, Counting(rule=RollUp(kind="at_least", least=2)))
    texts = " ".join(text for line in rows(picture_of(review, "d0-by-studies")) for text in line)
    assert "Studies, n = 1; counted by the rule: at least 2 passages." in texts


def test_a_figure_says_how_many_of_its_own_codings_people_have_confirmed() -> None:
    codebook = book(3, 2, polarity=(1,))
    review = review_of([study("one", codebook, ("d0c0", ""), ("d0c1", ""), ("d1c0", "mixed"))], codebook)
    for name, number in (("d0-by-studies", 2), ("d1-by-studies", 1)):
        texts = " ".join(text for line in rows(picture_of(review, name)) for text in line)
        assert f"Rests on {number} codings; people have confirmed 0 of them." in texts


def test_years_without_a_study_are_shown_as_0() -> None:
    assert spans({2018: 2, 2021: 1}) == (("2018", 2), ("2019", 0), ("2020", 0), ("2021", 1))


def test_many_years_are_joined_to_decades_and_no_study_is_lost() -> None:
    counts = spans({1850: 1, 1859: 2, 2021: 4})
    assert counts[0] == ("1850-1859", 3)
    assert counts[-1] == ("2020-2029", 4)
    assert len(counts) == 18


@given(st.dictionaries(st.integers(-5000, 99999), st.integers(1, 50), max_size=20))
def test_no_years_however_odd_make_too_wide_a_figure(years: dict[int, int]) -> None:
    counts = spans(years)
    assert sum(count for _, count in counts) == sum(years.values())
    assert len(counts) <= 80
    assert columns(counts, 3).width < 1000


def test_studies_without_a_year_stand_apart_and_are_named() -> None:
    codebook = book(1)
    papers = [study("one", codebook, year=2020), study("two", codebook)]
    picture = picture_of(review_of(papers, codebook), "studies-per-year")
    texts = [item.text for item in picture.items if isinstance(item, Words)]
    assert "Studies, n = 2; year not found: 1." in texts
    assert {"2020", "not", "found"} <= {word for text in texts for word in text.split()}


def test_rare_values_are_joined_and_each_of_their_studies_counts_once() -> None:
    codebook = book(1)
    common = [study(f"common {n}", codebook, places=(f"Place {n % 15:02}",)) for n in range(30)]
    rare = study("rare", codebook, places=("Rare A", "Rare B", "Rare C"))
    unknown = study("unknown", codebook)
    picture = picture_of(review_of([*common, rare, unknown], codebook), "studies-by-place")
    assert row(picture, "Place 14") == ["2", "6%"]
    assert row(picture, "3 other values") == ["1", "3%"]
    assert row(picture, "not found") == ["1", "3%"]


def test_sixteen_values_are_all_shown() -> None:
    codebook = book(1)
    papers = [study(f"paper {n}", codebook, places=(f"Place {n:02}",)) for n in range(16)]
    picture = picture_of(review_of(papers, codebook), "studies-by-place")
    assert row(picture, "Place 15") == ["1", "6%"]


def test_values_are_counted_as_in_the_table_of_descriptives() -> None:
    review = small_review()
    for attribute in ("country", "domain"):
        picture = picture_of(review, f"studies-by-{attribute}")
        for found in review.evidence.descriptives:
            if found.name == attribute:
                assert row(picture, found.value or "not found") == [str(found.studies), f"{found.share:.0%}"]


def test_amounts_of_data_are_counted_by_what_there_were_so_many_of() -> None:
    attribute = StudyAttribute(name="place", title="Data", kind="data")
    codebook = msgspec.structs.replace(book(1), attribute=(attribute,))
    papers = [
        study("one", codebook, places=("1,146 interviews", "3 focus groups")),
        study("two", codebook, places=("12 interviews", "14 interviews")),
        study("three", codebook, places=("1,146",)),
    ]
    picture = picture_of(review_of(papers, codebook), "studies-by-place")
    assert row(picture, "interviews") == ["2", "67%"]
    assert row(picture, "focus groups") == ["1", "33%"]
    assert row(picture, "1,146") == ["1", "33%"]


def test_the_flow_diagram_shows_given_derived_and_missing_numbers() -> None:
    svg = svg_of(small_review().evidence.prisma).decode().replace("\N{NO-BREAK SPACE}", " ")
    for text in ("Databases: Scopus (n = 40)", "Records screened (n = 50†)", "Reports not retrieved (n = 1)"):
        assert f">{text}<" in svg
    empty = svg_of(review_of([]).evidence.prisma).decode().replace("\N{NO-BREAK SPACE}", " ")
    assert ">Records screened (n = not given)<" in empty
    assert "†" not in empty


def test_sums_that_do_not_come_out_stand_below_the_flow_diagram() -> None:
    counting = Counting(prisma=PrismaSettings(databases={"Scopus": 10}, duplicates=20))
    svg = svg_of(review_of([], counting=counting).evidence.prisma).decode()
    assert "Does not add up" in svg
    assert "Does not add up" not in svg_of(small_review().evidence.prisma).decode()


def test_a_flow_diagram_without_boxes_is_an_empty_picture() -> None:
    assert ET.fromstring(svg_of(Prisma())).tag.endswith("svg")


def nasty_review():
    """Nasty text wherever a figure shows text."""
    texts = [*NASTY.values(), r"$\frac{1", "$x^2$ and $y$", r"100\$", "字だけ", "\u0e01\u0e33 \u0301"]
    codes = tuple(
        Code(name=f"c{place}", dimension="d", title=text, family=texts[place // 5], definition="x")
        for place, text in enumerate(texts)
        if text.isascii() or text.encode("utf-8", "ignore").decode() == text  # no TOML file holds half a character
    )
    attribute = StudyAttribute(name="place", title=r"Places $\alpha", kind="country")
    dimensions = (Dimension(name="d", title=r"$\frac{a}", polarity=True),)
    codebook = Codebook(name="b", title="B", dimension=dimensions, code=codes, attribute=(attribute,))
    papers = [
        study(f"paper {n}", codebook, (codes[n % len(codes)].name, "hinders"), places=(text,))
        for n, text in enumerate(texts)
    ]
    given_ = PrismaSettings(databases=dict.fromkeys(texts, 3), excluded_reports={r"$\frac{1": 2})
    return review_of(papers, codebook, Counting(prisma=given_))


def test_nasty_text_breaks_no_figure_and_gives_no_warning() -> None:
    files = dict(figures(nasty_review()))
    for name, data in files.items():
        if name.endswith(".svg"):
            ET.fromstring(data)
        elif name.endswith(".pdf"):
            assert len(PdfReader(io.BytesIO(data)).pages) == 1


def test_dollars_and_backslashes_are_text_and_no_formula() -> None:
    svg = drawn(Picture("t", 300, 50, (Words(5, 20, r"$x^2$ costs 100\$ or \frac{1}"),)), "svg").decode()
    assert r">$x^2$ costs 100\$ or \frac{1}<" in svg
    data = drawn(Picture("t", 300, 50, (Words(5, 20, r"$x^2$ costs 100\$"),)), "pdf")
    assert "$x^2$" in PdfReader(io.BytesIO(data)).pages[0].extract_text()


def test_a_pdf_looks_the_same_with_fonts_that_were_cut_down_to_the_letters_of_all_figures() -> None:
    texts = ["AVATAR office ﬁnds Tö́ns", "שלום العربية", "患者 😀", "", *map(shown, NASTY.values())]
    texts = [text[:60] for text in texts]
    words = [Words(5, 12 + 12 * n, text, bold=bool(n % 2)) for n, text in enumerate(texts)]
    picture = Picture("t", 400, 12 * len(texts) + 20, tuple(words))
    with cut_fonts([picture, Picture("other", 300, 50, (Words(5, 20, "Other letters: xyz"),))]) as cut:
        assert sum(path.stat().st_size for path in cut.values()) < 200_000
        pages = [pypdfium2.PdfDocument(drawn(picture, "pdf", fonts))[0] for fonts in (None, cut)]
    whole, small = (page.render(scale=2).to_numpy() for page in pages)
    assert whole.min() < 100
    assert (whole == small).all()
    assert pages[0].get_textpage().get_text_bounded() == pages[1].get_textpage().get_text_bounded()
    assert not any(path.exists() for path in cut.values())


def test_letters_that_the_font_lacks_stay_in_the_svg_and_are_told_of() -> None:
    codebook = book(1, title="患者参加")
    picture = picture_of(review_of([], codebook), "evidence-map")
    texts = [item.text for item in picture.items if isinstance(item, Words)]
    assert "患者参加 0.0" in drawn(picture, "svg").decode()
    assert any("the SVG file holds it" in text for text in texts)
    assert in_font("患者 a", bold=False) == "□□ a"
    other = picture_of(review_of([], book(1)), "evidence-map")
    assert not any("the SVG file holds it" in item.text for item in other.items if isinstance(item, Words))


def test_invisible_characters_are_left_out() -> None:
    assert shown("a\u202eb\x00 \ufffe\n\tc\ud800 \u00ad") == "ab c"


@given(st.text(max_size=80), st.floats(30, 200))
def test_broken_lines_fit_and_lose_no_letter(text: str, width: float) -> None:
    lines = wrapped(text, width, 8, most=500)
    assert all(width_of(line, 8) <= width + 1e-6 for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown(text).split())


def test_text_that_is_too_long_ends_in_an_ellipsis_on_its_last_line() -> None:
    lines = wrapped("long " * 8000, 100, 8, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert width_of(lines[-1], 8) <= 100


@given(st.integers(0, 10_000_000))
def test_an_axis_has_few_whole_steps(most: int) -> None:
    step = tick_step(most)
    assert step >= 1
    assert -(-most // step) <= 5


@given(st.integers(1, 500), st.integers(0, 500))
def test_more_studies_are_never_shown_lighter(most: int, count: int) -> None:
    def light(colour: str) -> int:
        return sum(int(colour[place : place + 2], 16) for place in (1, 3, 5))

    count = min(count, most)
    assert light(shade(count, most)) <= light(shade(max(count - 1, 0), most))
    assert ink_on(shade(count, most)) in {"#FFFFFF", "#1B1B1B"}
