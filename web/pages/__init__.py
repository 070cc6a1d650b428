"""The pages, a blueprint a noun; each view parses, calls and presents."""

from __future__ import annotations

from flask import Blueprint

from web.pages import (
    account,
    admin,
    board,
    cascades,
    deputies,
    help,
    home,
    imports,
    inbox,
    letters,
    own_sessions,
    reset,
    search,
    second_factor,
    setup,
    steps,
    units,
    why,
)

PAGES: tuple[Blueprint, ...] = (
    account.pages,
    admin.pages,
    board.pages,
    cascades.pages,
    deputies.pages,
    help.pages,
    home.pages,
    imports.pages,
    inbox.pages,
    letters.pages,
    own_sessions.pages,
    reset.pages,
    search.pages,
    second_factor.pages,
    setup.pages,
    steps.pages,
    units.pages,
    why.pages,
)
