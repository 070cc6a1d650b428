"""The start-up check that the four rooms are ours and not another distribution's."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from cascade.errors import CascadeError

ROOMS = ("workflows", "models", "cascade", "web")


class ShadowedError(CascadeError):
    """Another distribution has put a package of the same name before ours."""

    remedy = "Install Cascade in an environment of its own: ./run does that by itself."


def check() -> None:
    """Raise ShadowedError unless all rooms lie in one folder."""
    found = {room: _folder(room) for room in ROOMS}
    home = Path(__file__).resolve().parent.parent
    strangers = {room: folder for room, folder in found.items() if folder != home}
    if strangers:
        raise ShadowedError(
            ", ".join(
                f"{room} comes from {folder}" if folder else f"{room} is not there"
                for room, folder in strangers.items()
            )
        )


def _folder(room: str) -> Path | None:
    spec = find_spec(room)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).resolve().parent
