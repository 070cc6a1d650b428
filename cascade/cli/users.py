"""Commands on accounts: the way in for whoever cannot sign in."""

from __future__ import annotations

import sys

import click

from cascade import administration, resets, second_factor
from cascade.administration import By
from cascade.cli.common import Register, open_register
from cascade.clock import now
from cascade.errors import BadInputError, NotFoundError
from models.queries import administration as administration_query
from models.queries.administration import UserRow


@click.group()
def users() -> None:
    """Accounts of people; everything else about them is on the administration pages."""


@users.command("password")
@click.argument("login")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input.")
def give_password(login: str, from_stdin: bool) -> None:
    """Give a person a first or another password; whoever is signed in as that person is not.

    For whoever runs the server, when nobody can sign in to do it on the pages. It is on record.
    """
    register = open_register()
    user = _user(register, login)
    password = _asked(from_stdin)
    administration.give_password(register.db, user.id, password, By(None, now()))
    click.echo(f"{user.name} ({login}) can sign in with the new password.")


@users.command("reset")
@click.argument("login")
def make_link(login: str) -> None:
    """Make a link by which a person sets a password, the first or another, without your knowing it.

    It is good once and for a day; links made before are void. It is on record.
    """
    register = open_register()
    user = _user(register, login)
    token = resets.make(register.db, user.id, By(None, now()))
    click.echo(f"{user.name} ({login}) sets a password at this address of the register, once:")
    click.echo(f"/reset/{token}")


@users.command("remove-second-factor")
@click.argument("login")
def remove_second_factor(login: str) -> None:
    """Take away a second factor that is lost; the password alone signs in then. It is on record."""
    register = open_register()
    user = _user(register, login)
    second_factor.remove_lost(register.db, user.id, By(None, now()))
    click.echo(f"{user.name} ({login}) signs in with the password alone now.")


def _user(register: Register, login: str) -> UserRow:
    with register.db.read() as conn:
        user = administration_query.user_by_login(conn, login)
    if user is None:
        raise NotFoundError(
            f"there is no user {login!r}",
            remedy="Import people with: cascade units import people.csv",
        )
    return user


def _asked(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInputError(
            "nobody is there to type the password",
            remedy="Add --stdin and send it on standard input.",
        )
    typed: str = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    return typed
