"""What every export says of the history: the code of its newest checkpoint."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _

from cascade.history import newest_code


def code() -> str:
    """The code itself; empty as long as no checkpoint was taken."""
    return newest_code(g.world.checkpoints) if g.world.checkpoints else ""


def foot() -> str:
    """One line for the foot of an export, likewise."""
    found = code()
    return str(_("History: %(code)s", code=found)) if found else ""
