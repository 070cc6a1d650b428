"""The demo: builds the sample worlds from their letters and shows the main job on them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import click

from cascade import graph, picture
from cascade.cli.tree import print_tree
from cascade.cli.views import print_overdue
from cascade.config import Settings, from_environment
from cascade.drawing.render import draw_to_file
from cascade.graph import Cascade
from cascade.sample import world as worlds
from cascade.sample.world import World
from cascade.store import FileStore
from cascade.verify import verify
from models.database import Database
from models.queries import lists
from models.queries.lists import OverdueRow
from workflows.labels import STATES, Lang
from workflows.lateness import days_late


class Shown(NamedTuple):
    """What the demo shows of one world."""

    world: World
    cascade: Cascade
    overdue: list[OverdueRow]
    faults: list[str]


@click.command()
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Of the words shown.")
def demo(lang: Lang | None) -> None:
    """Build the sample worlds from their letter files and show the main job on each.

    Everything shown is computed from the letters and the acts of the story; the worlds are built
    anew each time, in CASCADE_HOME/demo, and replace those of the run before.
    """
    settings = from_environment()
    target = settings.home / "demo"
    target.mkdir(parents=True, exist_ok=True)
    for name in worlds.NAMES:
        click.echo(f"Building {name} …", err=True)
        _show(_build(target, name), target, name, lang or settings.lang)
    click.echo(
        "\nNext: look around in it with\n"
        f"  CASCADE_HOME={target / worlds.NAMES[0]} ./run cascade letter list\n"
        "or see it as a page with\n  ./run serve --demo"
    )


def open_world(settings: Settings, name: str) -> Path:
    """The folder of a built sample world, building it when it is not there."""
    target = settings.home / "demo"
    target.mkdir(parents=True, exist_ok=True)
    if not (target / name / "cascade.db").exists():
        _build(target, name)
    return target / name


def _build(target: Path, name: str) -> Shown:
    """Build beside the old world and swap at the end, so that a stopped build leaves nothing."""
    made = Path(tempfile.mkdtemp(prefix=".building-", dir=target))
    try:
        db = Database(f"sqlite:///{made / 'cascade.db'}")
        store = FileStore(made / "files")
        world = worlds.build(db, store, name)
        with db.read() as conn:
            shown = Shown(
                world,
                graph.down(conn, world.top, world.day),
                lists.overdue(conn, world.day),
                verify(conn, store),
            )
        db.dispose()
        shutil.rmtree(target / name, ignore_errors=True)
        made.rename(target / name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return shown


def _show(shown: Shown, target: Path, name: str, lang: Lang) -> None:
    world, cascade = shown.world, shown.cascade
    below = cascade.below(("letter", world.top))
    click.secho(f"\n{world.title(lang)}, {world.day:%d/%m/%Y}", bold=True)
    click.echo(
        f"{len(world.letters)} letters read and registered. Below the main directive: "
        f"{below.steps} steps, {below.ended} ended, {below.overdue} overdue.\n"
    )
    print_tree(cascade, lang)
    click.secho("\nOverdue, and who must act", bold=True)
    print_overdue(shown.overdue, world.day, lang)
    click.secho("\nWho has not answered the directive", bold=True)
    for step in cascade.missing():
        if step.letter_id == world.top:
            late = f", {days_late(step.due, world.day)} days late" if step.due else ""
            click.echo(f"  S{step.id} {step.unit}: {STATES[step.state].say(lang)}{late}")
    drawing = target / f"{name}.svg"
    draw_to_file(picture.draw(cascade, lang=lang), drawing)
    click.echo(f"\nDrawn: {drawing} ({len(cascade.graph)} nodes)")
    click.echo(
        "Verified: states, events, counters, lines and files agree."
        if not shown.faults
        else "FAULTS:\n  " + "\n  ".join(shown.faults)
    )
