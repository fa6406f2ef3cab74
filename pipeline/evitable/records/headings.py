"""What headings say: the kind of their section, their depth, and whether what stands under them is ever coded."""

from __future__ import annotations

import re

from evitable.records.document import SectionKind

_NUMBER = re.compile(
    r"^(?:[Ss]ection\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,4}(?=[.):])|[IVX]{2,4}(?=\s)|[A-H](?=[.):]))[.):]?\s+(?=\S)"
)
_REFERENCES = re.compile(
    r"^(list of )?(references|bibliography|works cited|literature cited|cited literature|sources|references and notes|"
    r"referencias( bibliográficas)?|referências( bibliográficas)?|références|bibliografía|bibliografia|bibliographie|literatur(verzeichnis)?|riferimenti bibliografici)( cited)?$"
)
_BACK = re.compile(
    r"^(acknowledge?ments?|funding( statement| information)?|financial support|(declarations? of )?(conflicts?|competing) (of )?interests?.*"
    r"|disclosure( statement)?|authors?['’]? contributions?|data availability.*|availability of data.*|about the authors?|notes on contributors?"
    r"|related pages|colabora(dores|ção).*|contribu(ção|ições|ción|ciones|tions).*|agradec(imientos|imentos)|financia(miento|mento)|conflictos? de inter.*|conflitos? de inter.*|list of abbreviations|acm reference format|share this.*|publisher.?s note|author details)$"
)
_LATE = re.compile(
    r"^(contributors?|ethic(s|al) (approval|statement|declaration|clearance)s?\b.*|consent (for|to) .*|supplementary.*|supporting information|biograph.*|appendix.*|abbreviations|orcid.*"
    r"|how to cite.*|cookies?.*|copyright.*|open access|rights and permissions|notes|endnotes|contact( us)?)$"
)
_KINDS: tuple[tuple[SectionKind, str], ...] = (
    ("abstract", r"^(abstract|summary|executive summary|synopsis|key points|highlights|resum(o|en)|résumé|zusammenfassung)\b"),
    ("introduction", r"\bintrodu[cç]|^(motivation|overview|aims?|purpose|objectives?|why )"),
    ("methods", r"\bmethod|\bm[eé]tod|\bméthod|\bmaterials?\b|\bdata( collection| and|$)|research design|study design|\bsample\b|\bcase selection|\bprocedures?\b|\bmeasures\b|analytic"),
    ("findings", r"\bfinding|\bresults?\b|\bresultad|\brésultat|^case stud|what we (found|saw|learn)|what (worked|happened|changed)|\blessons\b|perspectives of|outcomes?$|\bevidence\b"),
    ("discussion", r"\bdiscuss(ion|ão|ione)|\bdiscusi[oó]n|limitations|implications"),
    ("conclusion", r"\bconclu|\bconsidera[cç](ões|iones) fina|recommendation|concluding|way forward|next steps|outlook"),
    ("background", r"\bbackground|\bcontexto\b|\b(marco|quadro|referencial) te[oó]rico|\bcadre théorique|literature|\btheor|conceptual|framework|state of the art|previous (research|work)|related work|\bcontext\b|\bsetting\b|what is\b|definition"),
)  # fmt: skip
_KEYWORDS = re.compile(r"^(key\s?-?words|keywords|jel codes?|index terms)\b", re.IGNORECASE)
_PLAIN = re.compile(
    r"^(abstract|summary|introduction|background|literature review|theory|methods?|methodology|materials and methods|data|results|findings|"
    r"introducción|introdução|metodología|metodologia|métodos|méthodes|resultados|résultats|discusión|discussão|conclusiones|conclusões|resumen|resumo|résumé|"
    r"results and discussion|discussion|conclusions?|discussion and conclusions?|recommendations|limitations|implications|keywords|references|bibliography)$"
)
_SPACED = re.compile(r"([^\W\d_] ){3,}[^\W\d_]")
_RUN_IN = re.compile(r"^(abstract|summary)\s*[:.—–-]\s*(?=\S)", re.IGNORECASE)


def bare_heading(text: str) -> str:
    """Give a heading without its number, on one line, in lower case; letters set apart are put together."""
    line = " ".join(text.split())
    if _SPACED.fullmatch(line):
        line = line.replace(" ", "")
    return _NUMBER.sub("", line).strip(" .:").lower()


def numbered_depth(text: str) -> int:
    """Give the depth that a heading's number says: 1 for `2`, 2 for `2.1`; 0 for a heading without number."""
    match = _NUMBER.match(text)
    return 0 if match is None else match["number"].count(".") + 1


def is_references(text: str) -> bool:
    """Tell whether the heading opens a list of references."""
    return bool(_REFERENCES.match(bare_heading(text)))


def is_back_matter(text: str, *, late: bool = True) -> bool:
    """Tell whether what stands under the heading is never coded: acknowledgements, funding, appendices.

    Args:
        text: The heading.
        late: Whether it stands in the second half of the paper; before, `Ethics` or `Notes` may head a part of the methods.
    """
    bare = bare_heading(text)
    return bool(_BACK.match(bare) or (late and _LATE.match(bare)))


def is_plain_name(text: str) -> bool:
    """Tell whether the line is nothing but a section's usual name, as `Background` or `2. Methods`."""
    return text[:1].isupper() or text[:1].isdigit() if _PLAIN.match(bare_heading(text)) else False


def is_keywords(text: str) -> bool:
    """Tell whether the paragraph lists key words."""
    return bool(_KEYWORDS.match(text))


def is_run_in_abstract(text: str) -> bool:
    """Tell whether the paragraph opens with `Abstract:` on the same line."""
    return bool(_RUN_IN.match(text))


def heading_kind(text: str) -> SectionKind | None:
    """Give the kind of section that a heading names, or None where it says nothing of that sort."""
    bare = bare_heading(text)
    if is_references(text):
        return "references"
    for kind, pattern in _KINDS:
        if re.search(pattern, bare):
            return kind
    return None
