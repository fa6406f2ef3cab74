"""Words by which a person's name is told from an affiliation, an address or a notice."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    """
    van von der den de del della dello delle degli dei di da do dos das du des d la le las los lo el al ter ten te tot
    't zu zum zur af av bin ibn ben bint abu abd st saint
    """
)
"""Small words that belong to the family name behind them."""
LOWER_ONLY = _words("bin do te tot af av ap zu")
"""Particles that are given names or family names where they begin with a capital."""
PORTUGUESE = _words("de da do dos das e")
"""Particles that stay with the given name where the print sets the family name alone in capitals, as in Brazil."""
CONNECTORS = _words("y e i")
"""Words that join two family names."""
SUFFIXES = _words("jr sr ii iii iv júnior filho neto")
HONORIFICS = _words("dr prof professor mr mrs ms sir dame rev")
DEGREES = re.compile(
    r"^(?:(?:[BM]\.?\s?(?:Sc|A|Ed|Eng|Phil|Mus|Tech|Com)|BScN|B\.?S|M\.?S|MSW|[BM]BA|MBBS|MBCh[Bb]|MB|MPH|MPP|MPA|MHSc?|MHA|MRes"
    r"|LL\.?[BMD]|JD|P[hH]\.?\s?D|D\.?\s?[Pp]hil|Psy\.?D|Pharm\.?D|Ed\.?D|Dr\.?P\.?H|D\.?Sc|Sc\.?D|DNP|DVM|DDS|DMD|MDS|M\.?D|D\.?O|DSW|DBA"
    r"|Dr|Prof|R\.?N|APRN|BSN|MSN|NP|D?PT|OTR?|RD|CPsychol|F?RC[A-Z]\w*|FRACP|FAC[A-Z]|FAAN|FAHA|FRSC?|Esq|CNM|LCSW|MSPH|MSHS|MSCE"
    r"|FACS|FRS|CPH|CHES|CCRP|PMP|PhD\s?\(?c\)?|candidate|student)\.?[\s/]*)+$"
)
"""A piece between commas that is nothing but degrees."""
NOT_IN_NAMES = _words(
    """
    abstract academic academy access accepted acknowledgements acknowledgments administration affairs affiliation affiliations
    agency agenda annual apartado appendix applied article articles arts assembly association associate author authors
    authority available avenue background based beyond building bulletin bureau business by campus care cases cedex center
    centers centre centres check citation citizen citizens city clinic clinical college commission committee community
    company conference congress consortium contact content contents continued copyright corporation correspondence
    corresponding council county crossmark current data departamento department departement dept design development director
    directorate discussion division doctoral doi download draft e-mail economics editor editorial editors education email
    engineering enterprise environment environmental equally escola escuela european evaluation evidence executive facultad
    faculdade faculty fakultät federal federation figure floor for foundation from fund funding gmbh government graduate group
    guide handling health healthcare highlights hospital how in inc including index infirmary information initiative innovation
    institut institute institutes institutet institution institutional instituto international introduction investigators
    invited is issue issues istituto journal keywords laboratory laboratoire laboratório lecturer lessons letter library license
    licence limited local ltd management manuscript material medical medicine meeting member ministry museum national network
    new news number nursing of office official online open opinion organisation organisations organization organizations
    original our outcomes overview pages paper papers parliament participation partnership phd phone planning plc policies
    policy politics polytechnic postal postdoctoral practice preface preprint presentation presented proceedings programme
    program project protocol province psychology public publication publications published publisher publishers publishing
    purpose qualitative quality quantitative rapid received reference references region regional rehabilitation report reports
    reprint republic research researcher review reviewed reviews revised road safety school schools science sciences section
    series service services social societies society sociology specimen staff state statement states statistics strategy
    student students studies study submitted subscribe summary supplement supplementary survey sustainability system
    systematic systems table team technical techniques technologies technology telephone the theory their through title to
    toward towards training transformation trust under unidad union unit united universidad universidade universita
    università universitat universität universitaire université universities university updated urban user users using
    value verified version vice view views visiting volume volumes was were what when where which why with within without
    work workers working workshop world dipartimento fondazione fundación fundação centro abteilung lehrstuhl
    hochschule fachbereich universitet universiteit hogeschool högskola yliopisto uniwersytet univerzita egyetem üniversitesi
    """
)
"""Words that no person is called by; `page`, `short`, `winter` and the like are left out, for people are."""
ORGANISATION = re.compile(
    r"\b(?:universi\w+|üniversi\w+|uniwersytet|college|institut\w*|istituto|departa?ment\w*|dipartimento|dept|school|facult\w+|hospital\w*"
    r"|cent(?:re|er|ro)s?|academy|ministry|council|agency|foundation|laborator\w+|division|polytechnic|politecnico|clinic|association"
    r"|organi[sz]ation|society|network|unit|commission|escola|escuela|école|hochschule|fakultät|högskola|trust|authority|bureau|office"
    r"|observatory|directorate)\b",
    re.IGNORECASE,
)
"""Words that make a line an affiliation, or the name of an organisation."""
PLACES = frozenset(
    place.strip()
    for place in [
        "\n    addis ababa",
        " abu dhabi",
        " ann arbor",
        " belo horizonte",
        " british columbia",
        " buenos aires",
        " cape town",
        " chapel hill",
        " costa rica",
        "\n    czech republic",
        " dar es salaam",
        " den haag",
        " el salvador",
        " great britain",
        " ho chi minh city",
        " hong kong",
        " ivory coast",
        " kuala lumpur",
        "\n    las vegas",
        " los angeles",
        " mexico city",
        " new york",
        " northern ireland",
        " nova scotia",
        " papua new guinea",
        " porto alegre",
        " puerto rico",
        "\n    rhode island",
        " rio de janeiro",
        " salt lake city",
        " san antonio",
        " san diego",
        " san francisco",
        " san josé",
        " santa barbara",
        " santa cruz",
        "\n    são paulo",
        " sao paulo",
        " saudi arabia",
        " sierra leone",
        " south africa",
        " south australia",
        " north carolina",
        " south carolina",
        " north dakota",
        "\n    south dakota",
        " south korea",
        " south sudan",
        " sri lanka",
        " st louis",
        " st andrews",
        " tel aviv",
        " the hague",
        " united kingdom",
        " viet nam",
        "\n    west virginia",
        " western australia",
        " burkina faso",
        " cabo verde",
        " p r china",
        " pr china",
        " people's republic of china",
        " milton keynes",
        "\n    la jolla",
        " santiago de chile",
        " le havre",
        " northern cyprus",
        " equatorial guinea",
        " santo domingo",
        " la paz",
        " palo alto",
        " baton rouge\n    ",
    ]
)
"""Places that look like names of people or like half of one."""
