"""The command line: every command is loaded only when it is called, so that help is quick."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

# name → (where it is, its one line); `serve` lives in the web room, which is above this one.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("cascade.cli.setup:init", "Make an empty register."),
    "units": ("cascade.cli.setup:units", "Import and list the organisation."),
    "users": (
        "cascade.cli.users:users",
        "Let a person in: a password, a link for one, a lost second factor.",
    ),
    "letter": ("cascade.cli.letters:letter", "Read, import, issue, list and show letters."),
    "register": ("cascade.cli.register:register", "Take over a register kept in a spreadsheet."),
    "answer": ("cascade.cli.steps:answer", "Answer an obligation with an issued letter."),
    "act": ("cascade.cli.steps:act", "Make a move on a step or letter."),
    "trace": ("cascade.cli.views:trace", "Follow a cascade down from a letter, or up from a step."),
    "overdue": ("cascade.cli.views:overdue", "What is not done though its due date has passed."),
    "due": ("cascade.cli.due:due", "When a deadline phrase falls due, and why."),
    "graph": ("cascade.cli.views:graph", "Draw a cascade as SVG, PNG, PDF or DOT."),
    "verify": ("cascade.cli.setup:verify", "Check that state, events, counters and files agree."),
    "audit": (
        "cascade.cli.audit:audit",
        "Sign what the history is now; hand it to somebody who can verify it alone.",
    ),
    "backup": ("cascade.cli.upkeep:backup", "Save everything in one file, while people work."),
    "restore": ("cascade.cli.upkeep:restore", "Put a backup where there is nothing yet."),
    "migrate": (
        "cascade.cli.upkeep:migrate",
        "Bring an old register up to date: saved before, verified after.",
    ),
    "config": ("cascade.cli.upkeep:config", "List every setting and what it is now."),
    "doctor": ("cascade.cli.upkeep:doctor", "Look at all the installation needs."),
    "worker": ("cascade.cli.worker:worker", "Do long work: letters to many, sweeps, mail."),
    "serve": ("web.serve:serve", "Start the pages on this machine."),
    "demo": ("cascade.cli.demo:demo", "Build the sample worlds and show the main job."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only to run it."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The commands in the order of the day's work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Load one command."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what each command does, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cascade-register", prog_name="cascade")
def cli() -> None:
    """Trace directives down a hierarchy of public bodies: letters, obligations, tasks.

    Steps and letters are named as the lists show them: S12 is a step, L3 a letter. The register
    lies in CASCADE_HOME (./var unless set); CASCADE_LANG is vi or en; CASCADE_USER is who acts
    when --as is not given.
    """


def main() -> None:
    """Run one command: exit 0, 1 for a refused act, 2 for bad use; never a traceback."""
    from cascade.errors import CascadeError  # after click, so that --help needs no rules

    try:
        if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
            _check_house()
            import_module("cascade.settings").load()
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing more was done.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone; what is left unsaid must not end in a second error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except CascadeError as error:
        _tell(error)
    except Exception as error:
        _tell(_translate(error))


def _check_house() -> None:
    import_module("cascade.house").check()


def _tell(error: Exception) -> None:
    from cascade.config import from_environment
    from cascade.errors import BadInputError, MoveRefusedError

    if isinstance(error, MoveRefusedError):
        error = error.told(from_environment().lang)
    click.echo(f"error: {error}", err=True)
    sys.exit(2 if isinstance(error, BadInputError) else 1)


def _translate(error: Exception) -> Exception:
    if os.environ.get("CASCADE_DEBUG"):
        raise error
    translated: Exception = import_module("cascade.cli.faults").translate(error)
    return translated
