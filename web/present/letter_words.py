"""What the fields of a letter and its citations are called, and how sure a value is."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from workflows.kinds import CitationRole

FIELDS = {
    "kind": _l("Kind"),
    "number": _l("Number"),
    "symbol": _l("Symbol"),
    "date": _l("Date"),
    "issuer": _l("Issued by"),
    "subject": _l("Subject"),
    "place": _l("Place"),
    "urgency": _l("Urgency"),
    "signer_capacity": _l("Signed as"),
    "signer": _l("Signed by"),
}
CITES = {
    CitationRole.IMPLEMENTS: _l("implements"),
    CitationRole.BASIS: _l("is based on"),
    CitationRole.CONTINUES: _l("continues"),
    CitationRole.AMENDS: _l("amends"),
    CitationRole.SUPERSEDES: _l("replaces"),
    CitationRole.WITHDRAWS: _l("withdraws"),
    CitationRole.REMINDS: _l("reminds of"),
    CitationRole.MENTIONS: _l("mentions"),
}
CITED_BY = {
    CitationRole.IMPLEMENTS: _l("implements this"),
    CitationRole.BASIS: _l("is based on this"),
    CitationRole.CONTINUES: _l("continues this"),
    CitationRole.AMENDS: _l("amends this"),
    CitationRole.SUPERSEDES: _l("replaces this"),
    CitationRole.WITHDRAWS: _l("withdraws this"),
    CitationRole.REMINDS: _l("reminds of this"),
    CitationRole.MENTIONS: _l("mentions this"),
}
SURE, FAIR = 0.9, 0.7


def sure(confidence: float) -> str:
    """How sure the reader is, in words and figures."""
    percent = round(confidence * 100)
    if confidence >= SURE:
        return str(_("sure, %(percent)s%%", percent=percent))
    if confidence >= FAIR:
        return str(_("fairly sure, %(percent)s%%", percent=percent))
    return str(_("not sure, %(percent)s%%", percent=percent))
