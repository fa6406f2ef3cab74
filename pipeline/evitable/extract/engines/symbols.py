"""The encodings of the symbol fonts that every PDF reader has (PDF 32000-1:2008, annex D.5 and D.6)."""

from __future__ import annotations

_GREEK = (
    "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑",
)
_DINGBATS = (
    "✁✂✃✄☎✆✇✈✉☛☞✌✍✎✏✐✑✒✓✔✕✖✗✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋●❍■❏❐❑❒▲▼◆❖◗❘❙❚❛❜❝❞",
    "❡❢❣❤❥❦❧♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓➔→↔↕➘➙➚➛➜➝➞➟➠➡➢➣➤➥➦➧➨➩➪➫➬➭➮➯",
)
_BULLETS = frozenset({0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D})
"""Codes that WinAnsiEncoding leaves free, which all are the bullet (annex D.2, note 3)."""


def symbol(face: str, code: int) -> str:
    """Give what a code of a symbol font says; empty for other fonts and for codes without a sign.

    Args:
        face: Name of the face, as `Symbol` or `ZapfDingbats`.
        code: One byte.
    """
    rows = _GREEK if face.startswith("Symbol") else _DINGBATS if face.startswith("ZapfDingbats") else ("", "")
    row, place = (rows[0], code - 0x21) if code < 0xA1 else (rows[1], code - 0xA1)
    return row[place] if 0 <= place < len(row) else ""


def free_code(code: int) -> str:
    """Give the bullet for a code that a simple font's encoding leaves free, else U+FFFD."""
    return "•" if code in _BULLETS else "\ufffd"
