"""What the reader of files has to say, in the reader's language: refusals and remarks."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cascade.errors import CascadeError, SecrecyMarkError

_SAVE_AS = _l("Open it in its own program, save it as DOCX or PDF, and give that file.")
# The first that fits; the reader's own words are for commands, in English.
_REFUSED = (
    (
        r"scan|picture|DjVu",
        _l("This is a scan or a picture: it holds no text."),
        _l("Run text recognition (OCR) on it, save the result as PDF or DOCX, and give that file."),
    ),
    (
        r"too large",
        _l("This is too large."),
        _l("Give the letter without its large annexes; those can be attached as evidence."),
    ),
    (
        r"password|locked",
        _l("The file is protected by a password."),
        _l("Open it with its password, save a copy without one, and give that copy."),
    ),
    (r"archive", _l("This is a packed archive."), _l("Unpack it and give the letters one by one.")),
    (
        r"is empty|no text|nothing readable",
        _l("There is no text in it."),
        _l("Check that it is the right file."),
    ),
    (
        r"this is (an?|no) (RTF|old|Excel|slide|OpenDocument|XPS|PostScript|web|drawing|XML|Outlook"
        r"|film|program|binary|PNG)",
        _l("This kind of file is not read."),
        _SAVE_AS,
    ),
    (
        r"font code|UTF-8|not Vietnamese|no language",
        _l("The text is in an old code, not in Unicode."),
        _l("Convert it to Unicode, or print it to a PDF, and give that file."),
    ),
    (
        r"too slow|memory|deeper|no ordinary",
        _l("Reading it takes more than any letter should."),
        _l("Print it to a new PDF, and give that file."),
    ),
    (r"", _l("The file is broken, or is no letter that can be read."), _SAVE_AS),
)
_NOTED = (
    (r"headers and footers left out", _l("Headers and footers were left out.")),
    (r"macros left out", _l("Macros were left out.")),
    (r"hidden text left out", _l("Hidden text was left out.")),
    (r"tracked deletions left out", _l("Tracked deletions were left out.")),
    (r"(embedded objects|inserted files) left out", _l("Inserted files were left out.")),
    (r"page numbers left out", _l("Page numbers were left out.")),
    (r"converted from", _l("It was converted from an old code: check the accents and capitals.")),
    (r"the letter is the attachment", _l("The letter is the mail's attachment.")),
    (r"attachment", _l("An attachment of the mail was not read.")),
    (r"only the first", _l("Only the first pages were read.")),
    (r"damaged|missing", _l("The file is damaged and text may be missing: compare it.")),
)


def refused(error: CascadeError) -> str:
    """Why a letter was not taken, and what to do."""
    if isinstance(error, SecrecyMarkError):
        return str(
            _(
                "The letter bears a secrecy mark and must not be entered here. Keep it in the "
                "register for classified letters; nothing of it was kept."
            )
        )
    for pattern, what, remedy in _REFUSED:
        if re.search(pattern, error.what):
            return f"{what} {remedy}"
    raise AssertionError("the last pattern fits everything")


def noted(notes: tuple[str, ...]) -> list[str]:
    """Remarks on how a file was read, each once."""
    said = (
        next((str(words) for pattern, words in _NOTED if re.search(pattern, note)), "")
        for note in notes
    )
    return [one for one in dict.fromkeys(said) if one]
