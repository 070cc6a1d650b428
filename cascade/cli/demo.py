"""The demo: builds the sample worlds from their letters and shows the main job on them."""

from __future__ import annotations

import click

from cascade import graph, picture, words
from cascade.acts import Ref
from cascade.cli.tree import print_tree
from cascade.cli.views import print_overdue
from cascade.config import from_environment
from cascade.drawing.render import draw_to_file
from cascade.sample import place, world
from cascade.sample.place import Place
from cascade.sample.world import World
from cascade.store import FileStore
from cascade.verify import verify
from models.database import Database
from models.queries import lists, register
from workflows.labels import STATES, Lang
from workflows.lateness import days_late


@click.command()
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Of the words shown.")
def demo(lang: Lang | None) -> None:
    """Build the sample worlds from their letter files and show the main job on each.

    Everything shown is computed from the letters and the acts of the story; the worlds are built
    anew each time, in CASCADE_HOME/demo, and replace those of the run before.
    """
    settings = from_environment()
    for name in world.NAMES:
        click.echo(f"Building the sample world {name} …", err=True)
        where = place.of(settings, name)
        _show(place.build(where), where, lang or settings.lang)
    first = place.of(settings, world.NAMES[0]).folder
    click.echo(
        "\nSee it as a page:  ./run serve --demo"
        f"\nLook around in it: CASCADE_HOME={first} ./run cascade letter list"
    )


def _show(shown: World, where: Place, lang: Lang) -> None:
    db = Database(where.database)
    with db.read() as conn:
        cascade = graph.down(conn, shown.top, shown.day)
        overdue = lists.overdue(conn, shown.day)
        joins = [row.id for row in register.listed(conn) if row.answers > 1]
        ways_up = [graph.up(conn, Ref("letter", the_id), shown.day) for the_id in joins]
        faults = verify(conn, FileStore(where.files))
    db.dispose()
    below = cascade.below(("letter", shown.top))
    click.secho(f"\n{shown.title(lang)}, {shown.day:%d/%m/%Y}", bold=True)
    click.echo(
        f"{len(shown.letters)} letters read and registered. Below the main directive: "
        f"{below.steps} steps, {below.ended} ended, {below.overdue} overdue.\n"
    )
    print_tree(cascade, lang)
    click.secho("\nOverdue, and who must act", bold=True)
    print_overdue(overdue, shown.day, lang)
    click.secho("\nWho has not answered the directive", bold=True)
    for step in cascade.missing():
        if step.letter_id == shown.top:
            late = f", {words.late_by(days_late(step.due, shown.day), lang)}" if step.due else ""
            click.echo(f"  S{step.id} {step.unit}: {STATES[step.state].say(lang)}{late}")
    for way_up in ways_up:
        click.secho("\nOne letter that answers two directives, from its sources down", bold=True)
        print_tree(way_up, lang)
    drawing = where.folder.with_suffix(".svg")
    draw_to_file(picture.draw(cascade, lang=lang), drawing)
    click.echo(f"\nDrawn: {drawing} ({len(cascade.graph)} nodes)")
    click.echo(
        "Verified: states, events, counters, lines and files agree."
        if not faults
        else "FAULTS:\n  " + "\n  ".join(faults)
    )
