"""Reading what was typed: every problem is collected at its field, and the typed text is kept."""

from __future__ import annotations

import unicodedata
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cascade.corrections import read_day

LONGEST = 20_000  # characters of any one field


class Form:
    """A form as typed; `problems` holds what is wrong, by field."""

    def __init__(self, typed: MultiDict[str, str]) -> None:
        self.typed = typed
        self.problems: dict[str, str] = {}

    def text(self, name: str, missing: str = "") -> str:
        """A text in NFC without blanks around it; with `missing`, it is needed.

        Nobody types a NUL; it comes along from a file, and PostgreSQL keeps no text with one.
        """
        found = unicodedata.normalize("NFC", self.typed.get(name, "").replace("\0", "")).strip()
        if len(found) > LONGEST:
            self.problems[name] = _("This is too long: at most %(most)s characters.", most=LONGEST)
        if not found and missing:
            self.problems[name] = missing
        return found

    def day(self, name: str, missing: str = "") -> date | None:
        """A day typed as dd/mm/yyyy or yyyy-mm-dd; None if nothing was typed."""
        found = self.text(name, missing)
        if not found:
            return None
        day = read_day(found)
        if day is None:
            self.problems[name] = _(
                "“%(typed)s” is not a day. Write it as day/month/year, such as 27/3/2026.",
                typed=found,
            )
        return day

    def number(self, name: str) -> int | None:
        """A whole number, as hidden fields and choices carry it; None for anything else."""
        found = self.typed.get(name, "")
        return int(found) if found.isascii() and found.isdigit() and len(found) < 16 else None
