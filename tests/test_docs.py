"""The README tells of every command and every setting."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from cascade.cli import COMMANDS, cli
from cascade.settings import SETTINGS, Setting

ROOT = Path(__file__).resolve().parents[1]


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
def test_the_guide_to_running_it_tells_of_the_setting(setting: Setting) -> None:
    row = f"| `{setting.name}` | {setting.what} | {setting.unless or '–'} |"
    assert row in (ROOT / "docs" / "deploy.md").read_text("utf-8")


def test_links_in_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", readme())
    assert [link for link in links if not (ROOT / link).exists()] == []
