"""The fields of what programs send, with what is wrong in the reader's language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

# Half characters and controls; PostgreSQL takes no NUL, and nobody reads the others.
_ODD = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_HOLDS_ODD = re.compile(rf"[{_ODD}\ud800-\udfff]")
BIGGEST = 2**31 - 1  # of what a database takes for an id
_WANTED = {
    "required": _l("This is needed."),
    "null": _l("This cannot be null."),
    "validator_failed": _l("This cannot be used."),
}


class Given(Schema):
    """The body of a request, or a part of it; unknown members are told."""

    error_messages = {  # noqa: RUF012 - marshmallow's way
        "unknown": _l("There is no such member."),
        "type": _l("An object is needed here."),
        "unknown_type": _l("An object is needed here."),
    }


class Text(fields.String):
    """A text in NFC without blanks around it."""

    default_error_messages = {  # noqa: RUF012
        **_WANTED,
        "invalid": _l("A text is needed here."),
        "invalid_utf8": _l("A text is needed here."),
        "odd": _l("This text holds characters that nobody can read."),
    }

    def __init__(self, most: int, *, least: int = 0, **given: Any) -> None:
        said = _l("The text is too short or too long.")
        told = {"pattern": f"^[^{_ODD}]*$", **given.pop("metadata", {})}
        bounds = validate.Length(least, most, error=said)
        super().__init__(validate=bounds, metadata=told, **given)

    def _deserialize(self, value: Any, *given: Any, **more: Any) -> str:
        found = str(super()._deserialize(value, *given, **more))
        if _HOLDS_ODD.search(found):
            raise self.make_error("odd")
        return unicodedata.normalize("NFC", found).strip()


class Number(fields.Integer):
    """A whole number that a database takes."""

    default_error_messages = {  # noqa: RUF012
        **_WANTED,
        "invalid": _l("A whole number is needed here."),
        "too_large": _l("A whole number is needed here."),
    }

    def __init__(self, *, least: int = 0, most: int = BIGGEST, **given: Any) -> None:
        said = _l("This number is too small or too large.")
        super().__init__(validate=validate.Range(least, most, error=said), **given)


class Day(fields.Date):
    """A day as year-month-day."""

    default_error_messages = {  # noqa: RUF012
        **_WANTED,
        "invalid": _l("A day is needed here, such as 2026-09-30."),
        "format": _l("A day is needed here, such as 2026-09-30."),
    }


class YesNo(fields.Boolean):
    """True or false."""

    default_error_messages = {**_WANTED, "invalid": _l("true or false is needed here.")}  # noqa: RUF012


class OneOf(Text):
    """One of some words."""

    def __init__(self, words: Iterable[str], **given: Any) -> None:
        super().__init__(100, **given)
        said = _l("This is none of the words that can stand here.")
        self.validators = [validate.OneOf(sorted(map(str, words)), error=said)]
        self.validate = self.validators[0]


class Many(fields.List[Any]):
    """Several of something."""

    default_error_messages = {**_WANTED, "invalid": _l("A list is needed here.")}  # noqa: RUF012

    def __init__(self, of: fields.Field[Any], most: int, **given: Any) -> None:
        said = _l("These are too many.")
        super().__init__(of, validate=validate.Length(0, most, error=said), **given)


class Part(fields.Nested):
    """An object within another."""

    default_error_messages = {**_WANTED, "type": _l("An object is needed here.")}  # noqa: RUF012
