"""The README tells of every command and every setting."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from cascade.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[1]
# CASCADE_DEBUG is told by the message of the fault it is for.
SETTINGS = sorted(
    {
        name
        for path in (ROOT / "cascade").rglob("*.py")
        for name in re.findall(r"""environ[^"]{0,6}"(CASCADE_[A-Z_]+)""", path.read_text("utf-8"))
    }
    - {"CASCADE_DEBUG"}
)


def readme() -> str:
    """The README's text."""
    return (ROOT / "README.md").read_text("utf-8")


def commands() -> list[str]:
    """Every command with its sub-commands, but for those of the page's room, which is above."""
    found = []
    for name, (place, _) in COMMANDS.items():
        found.append(name)
        if place.startswith("cascade."):
            command = cli.get_command(click.Context(cli), name)
            if isinstance(command, click.Group):
                found += [f"{name} {sub}" for sub in command.commands]
    return found


@pytest.mark.parametrize("command", commands())
def test_the_readme_tells_of_the_command(command: str) -> None:
    group, _, sub = command.partition(" ")
    # In a row that begins with one sub-command the others stand without their group.
    tells = rf"`{sub}`|\b{command}\b" if sub else rf"`{command}\b|cascade {command}\b"
    lines = [line for line in readme().splitlines() if re.search(rf"\b{group}\b", line)]
    assert any(re.search(tells, line) for line in lines), f"README.md lacks `cascade {command}`"


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_readme_tells_of_the_setting(setting: str) -> None:
    assert setting in readme()


def test_the_settings_are_those_the_program_reads() -> None:
    assert set(SETTINGS) == {
        "CASCADE_HOME",
        "CASCADE_DATABASE",
        "CASCADE_LANG",
        "CASCADE_USER",
        *("CASCADE_BEFORE", "CASCADE_ROLL", "CASCADE_ROLL_NAMED"),
        "CASCADE_SECRET_KEY",
        "CASCADE_CHECKPOINTS",
        "CASCADE_REQUIRE_TOTP",
        "CASCADE_URL",
        *(f"CASCADE_OIDC_{name}" for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")),
        *("CASCADE_OIDC_SECRET_FILE", "CASCADE_OIDC_NAME"),
        *(f"CASCADE_SMTP_{name}" for name in ("HOST", "FROM", "PORT", "TLS", "USER")),
        *("CASCADE_SMTP_PASSWORD", "CASCADE_SMTP_PASSWORD_FILE", "CASCADE_WEBHOOKS"),
    }


def test_links_in_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", readme())
    assert [link for link in links if not (ROOT / link).exists()] == []
