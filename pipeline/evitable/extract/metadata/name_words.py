"""Words by which a person's name is told from an affiliation, an address or a notice."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split(","))


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
    r"^(?:(?:[BM]\.?\s?(?:Sc|A|Ed|Eng|Phil|Mus|Tech|Com)|BScN|B\.?S|M\.?S|MSW|[BM]BA|MBBS|MBCh[Bb]|MB|MPH|MPP|MPA|MHSc?"
    r"|MHA|MRes|Ms|LL\.?[BMD]|JD|P[hH]\.?\s?D|D\.?\s?[Pp]hil|Psy\.?D|Pharm\.?D|Ed\.?D|Dr\.?P\.?H|D\.?Sc|Sc\.?D|DNP|DVM"
    r"|DDS|DMD|MDS|M\.?D|D\.?O|DSW|DBA|Dr|Prof|R\.?N|APRN|BSN|MSN|NP|D?PT|OTR?|RD|CPsychol|F?RC[A-Z]\w*|FRACP|FAC[A-Z]|FAAN"
    r"|FAHA|FRSC?|Esq|CNM|LCSW|MSPH|MSHS|MSCE|CPH|CHES|CCRP|PMP|candidate|student)\.?[\s/]*)+$"
)
"""A piece between commas that is nothing but degrees."""
NOT_IN_NAMES = _words(
    """
    abstract abteilung academic academy accepted access acknowledgements acknowledgments administration affairs
    affiliation affiliations agency agenda annual apartado appendix applied article articles arts assembly associate
    association author authority authors available avenue background based beyond boulevard building bulletin bureau
    business by calle campus care cases cedex center centers centre centres centro check citation citizen citizens city
    clinic clinical college commission committee community company conference congress consortium contact content
    contents continued copyright corporation correspondence corresponding council county crossmark current data
    departamento departement department dept design development dipartimento director directorate discussion division
    doctoral doi download draft drive e-mail economics editor editorial editors education egyetem email engineering
    enterprise environment environmental equally escola escuela european evaluation evidence executive fachbereich
    faculdade facultad faculty fakultät federal federation figure floor fondazione for foundation from fund fundación
    fundação funding gmbh government graduate group guide handling health healthcare highlights hochschule hogeschool
    hospital how högskola in inc including index infirmary information initiative innovation institut institute
    institutes institutet institution institutional instituto international introduction investigators invited is issue
    issues istituto journal keywords laboratoire laboratory laboratório lecturer lehrstuhl lessons letter library
    licence license limited local ltd management manuscript material medical medicine meeting member ministry museum
    national network new news number nursing of office official online open opinion organisation organisations
    organization organizations original our outcomes overview pages paper papers parliament participation partnership
    phd phone piazza planning plaza plc policies policy politics polytechnic postal postdoctoral practice preface
    preprint presentation presented proceedings program programme project protocol province psychology public
    publication publications published publisher publishers publishing purpose qualitative quality quantitative rapid
    received reference references region regional rehabilitation report reports reprint republic research researcher
    review reviewed reviews revised road rue safety school schools science sciences section series service services
    social societies society sociology specimen square staff state statement states statistics strasse strategy straße
    street student students studies study submitted subscribe summary supplement supplementary survey sustainability
    system systematic systems table team technical techniques technologies technology telephone the their theory
    through title to toward towards training transformation trust under unidad union unit united universidad
    universidade universita universitaire universitat universiteit universitet universities university università
    universität université univerzita uniwersytet updated urban user users using value verified version via vice view
    views visiting volume volumes was were what when where which why with within without work workers working workshop
    world yliopisto üniversitesi
    """
)
"""Words that no person is called by; `page`, `short`, `winter` and the like are left out, for people are."""
ORGANISATION = re.compile(
    r"\b(?:universi\w+|üniversi\w+|uniwersytet|college|institut\w*|istituto|departa?ment\w*|dipartimento|dept|school|facult\w+"
    r"|hospital\w*|cent(?:re|er|ro)s?|academy|ministry|council|agency|foundation|laborator\w+|division|polytechnic|politecnico"
    r"|clinic|association|organi[sz]ation|society|network|unit|commission|escola|escuela|école|hochschule|fakultät|högskola"
    r"|trust|authority|bureau|office|observatory|directorate)\b",
    re.IGNORECASE,
)
"""Words that make a line an affiliation, or the name of an organisation."""
PLACES = _names(
    """
    abu dhabi, addis ababa, algeria, ann arbor, argentina, australia, austria, bangladesh, baton rouge, belgium,
    belo horizonte, bolivia, brasil, brazil, british columbia, buenos aires, burkina faso, cabo verde, cameroon,
    canada, cape town, chapel hill, chile, china, colombia, costa rica, croatia, cuba, cyprus, czech republic,
    czechia, dar es salaam, den haag, denmark, deutschland, ecuador, egypt, el salvador, england, equatorial guinea,
    españa, estonia, ethiopia, finland, france, germany, ghana, great britain, greece, ho chi minh city, hong kong,
    hungary, iceland, india, indonesia, iran, iraq, ireland, israel, italia, italy, ivory coast, japan, kenya, korea,
    kuala lumpur, la jolla, la paz, las vegas, le havre, lebanon, lithuania, los angeles, luxembourg, malawi,
    malaysia, malta, mexico, mexico city, milton keynes, morocco, mozambique, méxico, nepal, netherlands, new york,
    nigeria, north carolina, north dakota, northern cyprus, northern ireland, norway, nova scotia, p r china,
    pakistan, palo alto, papua new guinea, people's republic of china, peru, perú, philippines, poland, porto alegre,
    portugal, pr china, puerto rico, qatar, rhode island, rio de janeiro, romania, russia, rwanda, salt lake city,
    san antonio, san diego, san francisco, san josé, santa barbara, santa cruz, santiago de chile, santo domingo,
    sao paulo, saudi arabia, scotland, senegal, serbia, sierra leone, singapore, slovakia, slovenia, south africa,
    south australia, south carolina, south dakota, south korea, south sudan, spain, sri lanka, st andrews, st louis,
    sudan, sweden, switzerland, syria, são paulo, taiwan, tanzania, tel aviv, thailand, the hague, tunisia, turkey,
    türkiye, u.s.a, uganda, uk, ukraine, united kingdom, uruguay, usa, venezuela, viet nam, vietnam, wales,
    west virginia, western australia, zambia, zimbabwe
    """
)
"""Places that look like names of people, or like half of one."""
