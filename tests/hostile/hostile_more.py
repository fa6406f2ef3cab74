"""More bad PDFs: encrypted ones, and those that carry papers, forms or scripts. Each gives the same bytes every time.

`hostile_type` has those of letters and fonts, `hostile_pages` those of pages, `hostile_tables` those of objects; `MORE`
names all of them, and `make_hostile.HOSTILE` these together with the first ones.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from unittest import mock

from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from pypdf.generic import ArrayObject, ByteStringObject

from hostile.hostile_pages import (
    PAGE,
    bomb_in_a_picture,
    bomb_of_characters,
    bomb_of_runs,
    crop_beyond_the_page,
    cut_in_a_string,
    filters_fifty_deep,
    inherited_page,
    length_too_long,
    length_too_short,
    lines_at,
    page_cropped,
    page_from_elsewhere,
    page_from_its_end,
    page_in_large_units,
    page_too_large,
    page_turned_backwards,
    page_turned_thrice,
    page_upside_down,
    picture_that_swallows,
    picture_without_end,
    scan_in_part,
    scan_with_cover,
    scan_with_text,
    strings_in_parts,
    text_off_the_page,
    torn_page,
    turned_page,
    words_in_parts,
)
from hostile.hostile_tables import (
    bomb_of_entries,
    bomb_of_objects,
    carriage_returns,
    carried_as_text,
    for_the_web,
    for_the_web_moved,
    for_the_web_truncated,
    garbage_before,
    null_page,
    numbers_of_millions,
    packed_objects,
    same_number_twice,
    same_number_twice_without_table,
    two_tables,
    updated_page,
    updated_page_moved,
)
from hostile.hostile_type import (
    arabic,
    bomb_of_long_letters,
    damaged_cff,
    damaged_font_alone,
    damaged_opentype,
    damaged_truetype,
    damaged_truetype_table,
    damaged_type1,
    font_that_is_no_font,
    glyph_that_draws_itself,
    letter_of_ten_thousand,
    letters_of_two_units,
    letters_without_names,
    map_out_of_step,
    map_that_uses_itself,
    paragraph_of_a_million,
    two_directions,
    vertical_text,
)
from support.pdf_bytes import LINES, good, one_page, prose_content, stream

# Encryption.


def _encrypted(user: str, algorithm: str, permissions: UserAccessPermissions) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good(note=f"encrypted {algorithm} {user}"))))
    writer._ID = ArrayObject([ByteStringObject(b"0123456789abcdef")] * 2)
    writer.generate_file_identifiers = lambda: None
    file = io.BytesIO()
    with mock.patch("secrets.token_bytes", random.Random(256).randbytes):  # pypdf would draw keys at random
        writer.encrypt(user, "owner", algorithm=algorithm, permissions_flag=permissions)
        writer.write(file)
    return file.getvalue()


def aes_256_with_password() -> bytes:
    return _encrypted("secret", "AES-256", UserAccessPermissions.all())


def aes_256_without_password() -> bytes:
    return _encrypted("", "AES-256", UserAccessPermissions.all())


def copying_forbidden() -> bytes:
    """Opens without a password; its owner allows printing and nothing else."""
    return _encrypted("", "AES-128", UserAccessPermissions.PRINT)


# Attachments, forms and scripts.


def _file_attached(number: int, page: bytes, data: bytes, catalog: bytes = b"") -> bytes:
    names = b"%s /Names << /EmbeddedFiles << /Names [(paper.pdf) %d 0 R] >> >>" % (catalog, number)
    return one_page(
        stream(page),
        b"<< /Type /Filespec /F (paper.pdf) /UF (paper.pdf) /EF << /F 7 0 R >> >>",
        stream(data, b"/Type /EmbeddedFile /Subtype /application#2Fpdf", flate=1),
        catalog=names,
    )


def paper_in_a_portfolio() -> bytes:
    """A portfolio: the paper is attached, and the page only says with which program it could be seen."""
    note = lines_at(b"1 0 0 1 72 700", ["Open this collection with a newer program to see the files that are in it."])
    return _file_attached(6, note, good(note="in a portfolio"), b"/Collection << /Type /Collection /View /D >>")


def paper_with_a_paper() -> bytes:
    """A paper to which another paper is attached."""
    return _file_attached(6, prose_content(), good(note="attached to another"))


def form_to_fill_in() -> bytes:
    """A page with prose and a form that has been filled in."""
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Filled in by hand) /Rect [72 100 300 120] "
        b"/DA (/F1 10 Tf 0 g) /AP << /N 7 0 R >> /P 3 0 R >>"
    )
    shown = stream(
        b"BT /F1 10 Tf 2 5 Td (Filled in by hand) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 228 20]"
    )
    return one_page(
        stream(prose_content()),
        field,
        shown,
        page=PAGE + b" /Annots [6 0 R]",
        catalog=b"/AcroForm << /Fields [6 0 R] /DR << /Font << /F1 5 0 R >> >> >>",
    )


def form_made_elsewhere() -> bytes:
    """A form that a program makes from XML when it is opened; the page itself only asks for patience."""
    wait = [
        "Please wait until the form has been made.",
        "If nothing comes, your program cannot show forms of this kind.",
    ]
    prose = " ".join(LINES).encode("ascii")
    return one_page(
        stream(lines_at(b"1 0 0 1 72 700", wait)),
        stream(b"<template><subform><draw><value><text>%s</text></value></draw></subform></template>" % prose),
        catalog=b"/NeedsRendering true /AcroForm << /Fields [] /XFA [(template) 6 0 R] >>",
    )


def scripts_of_a_page() -> bytes:
    """Scripts that run when the page is shown, and when a note on it is touched."""
    script = b"<< /S /JavaScript /JS (while \\(true\\) { app.alert\\('no text of the paper'\\); }) >>"
    note = b"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A %s /AA << /E %s >> >>" % (script, script)
    return one_page(stream(prose_content()), note, page=PAGE + b" /Annots [6 0 R] /AA << /O %s >>" % script)


MORE: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        aes_256_with_password,
        aes_256_without_password,
        copying_forbidden,
        paper_in_a_portfolio,
        paper_with_a_paper,
        form_to_fill_in,
        form_made_elsewhere,
        scripts_of_a_page,
        packed_objects,
        two_tables,
        bomb_of_objects,
        bomb_of_entries,
        numbers_of_millions,
        updated_page,
        updated_page_moved,
        same_number_twice,
        same_number_twice_without_table,
        null_page,
        for_the_web,
        for_the_web_truncated,
        for_the_web_moved,
        garbage_before,
        carriage_returns,
        carried_as_text,
        turned_page,
        page_turned_thrice,
        page_upside_down,
        page_turned_backwards,
        page_in_large_units,
        page_from_elsewhere,
        page_from_its_end,
        page_cropped,
        crop_beyond_the_page,
        text_off_the_page,
        inherited_page,
        scan_with_text,
        scan_with_cover,
        scan_in_part,
        words_in_parts,
        strings_in_parts,
        cut_in_a_string,
        picture_without_end,
        picture_that_swallows,
        filters_fifty_deep,
        torn_page,
        length_too_short,
        length_too_long,
        bomb_of_runs,
        bomb_in_a_picture,
        bomb_of_characters,
        page_too_large,
        vertical_text,
        arabic,
        two_directions,
        letters_of_two_units,
        letters_without_names,
        letter_of_ten_thousand,
        paragraph_of_a_million,
        bomb_of_long_letters,
        map_out_of_step,
        map_that_uses_itself,
        glyph_that_draws_itself,
        damaged_truetype,
        damaged_truetype_table,
        damaged_type1,
        damaged_cff,
        damaged_opentype,
        damaged_font_alone,
        font_that_is_no_font,
    )
}
"""All of them, by name."""
