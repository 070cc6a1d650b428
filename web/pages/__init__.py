"""The pages, a blueprint a noun; each view parses, calls and presents."""

from __future__ import annotations

from flask import Blueprint

from web.pages import (
    account,
    admin,
    board,
    cascades,
    deputies,
    exports,
    feed,
    health,
    help,
    home,
    imports,
    inbox,
    letters,
    oidc,
    own_sessions,
    reset,
    search,
    second_factor,
    setup,
    steps,
    tokens,
    units,
    why,
)

PAGES: tuple[Blueprint, ...] = (
    account.pages,
    admin.pages,
    board.pages,
    cascades.pages,
    deputies.pages,
    exports.pages,
    feed.pages,
    health.pages,
    help.pages,
    home.pages,
    imports.pages,
    inbox.pages,
    letters.pages,
    oidc.pages,
    own_sessions.pages,
    reset.pages,
    search.pages,
    second_factor.pages,
    setup.pages,
    steps.pages,
    tokens.pages,
    units.pages,
    why.pages,
)
