"""The pages, a blueprint a noun; each view parses, calls and presents."""

from __future__ import annotations

from flask import Blueprint

from web.pages import (
    account,
    admin,
    board,
    cascades,
    help,
    home,
    imports,
    inbox,
    letters,
    search,
    setup,
    steps,
    units,
)

PAGES: tuple[Blueprint, ...] = (
    account.pages,
    admin.pages,
    board.pages,
    cascades.pages,
    help.pages,
    home.pages,
    imports.pages,
    inbox.pages,
    letters.pages,
    search.pages,
    setup.pages,
    steps.pages,
    units.pages,
)
