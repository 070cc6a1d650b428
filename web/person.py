"""A person a request is made by, whether at a browser or through a program."""

from __future__ import annotations

from functools import cached_property

from flask import g

from models.queries import accounts
from models.queries.accounts import HeldPost
from models.queries.acting import ActorRow
from workflows.roles import DOER, ISSUER, Role


class Person:
    """Who asks, with the posts held today."""

    def __init__(self, actor: ActorRow) -> None:
        self.actor = actor
        self.name = actor.name

    @cached_property
    def posts(self) -> list[HeldPost]:
        """The posts held today, highest unit first; asked once a request."""
        with g.db.read() as conn:
            return accounts.posts_held(conn, self.actor.id, g.today)

    def units(self, *roles: Role) -> list[HeldPost]:
        """One post for each unit in which the person has one of these roles."""
        wanted = [post for post in self.posts if Role(post.role) in roles]
        return list({post.unit_id: post for post in wanted}.values())

    @property
    def works_in(self) -> list[HeldPost]:
        """The units whose duties the person may do."""
        return self.units(*DOER.roles)

    @property
    def follows_for(self) -> list[HeldPost]:
        """The units for which the person follows what others owe."""
        return self.units(*ISSUER.roles)

    @property
    def is_administrator(self) -> bool:
        """Whether the person keeps accounts and units."""
        return bool(self.units(Role.ADMINISTRATOR))
