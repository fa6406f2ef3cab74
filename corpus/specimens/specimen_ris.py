"""Write the reference list of the specimen corpus in the RIS format of reference managers."""

from __future__ import annotations

from collections.abc import Sequence

from specimen_text import Specimen

TYPES = {"journal": "JOUR", "manuscript": "JOUR", "report": "RPRT", "slides": "SLIDE", "webpage": "ELEC"}
NOTE = "Specimen record, not a real study"


def write_ris(specimens: Sequence[Specimen]) -> str:
    """The records of the texts that are in the list, in the order given.

    Every other record names its file (L1). Of the rest every other one has no DOI either, so that only its title
    leads to the file; a program that matches records with files meets all three cases.
    """
    listed = [specimen for specimen in specimens if specimen.in_references]
    return "\n".join(_record(specimen, at) for at, specimen in enumerate(listed))


def _record(specimen: Specimen, at: int) -> str:
    first, _, last = specimen.pages.partition("-")
    by_file, by_title = at % 2 == 0, at % 4 == 3
    container = "T2" if TYPES[specimen.layout] in ("RPRT", "SLIDE", "ELEC") else "JO"
    fields = [
        ("TY", TYPES[specimen.layout]),
        *(("AU", author) for author in specimen.authors),
        ("TI", specimen.title),
        ("PY", str(specimen.year)),
        (container, specimen.journal),
        ("VL", specimen.volume),
        ("IS", specimen.issue),
        ("SP", first),
        ("EP", last),
        ("DO", "" if by_title else specimen.doi),
        *(("KW", word) for word in specimen.keywords),
        ("L1", f"{specimen.key}.pdf" if by_file else ""),
        ("N1", NOTE),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in fields if value) + "ER  - \n"
