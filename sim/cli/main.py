"""The front of ``kforsim``: finds a command by name and loads only that one, so that ``--help`` answers at once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from sim.foundations.errors import InputError, nearest

COMMANDS = {
    "list": ("sim.cli.list_shipped", "Show shipped scenarios, doctrines and site plans."),
    "options": ("sim.cli.options", "Show the policy options, and two of them side by side."),
    "run": ("sim.cli.run", "Play a scenario and keep its record."),
    "replay": ("sim.cli.replay", "Prove a record, or name where it parts."),
    "report": ("sim.cli.report", "Write the after-action report of a run."),
    "check": ("sim.cli.check", "Check scenario files before anybody arrives."),
    "schema": ("sim.cli.schema", "Print the JSON Schema of scenario files, for editors."),
    "accounts": ("analysis.accounts_command", "Set the accounts of disputed facts side by side."),
    "calibrate": ("analysis.calibrate_command", "Rule parameter sets out, or infer a few, by a scenario's patterns."),
    "claims": ("analysis.claims_command", "Put the paper's claims to the model, and say whether each holds."),
    "compare": ("analysis.compare_command", "Rank policy options on the same cases and the same luck."),
    "describe": ("analysis.describe_command", "Write the model card, or the ODD+D description, from the declarations."),
    "orderings": ("analysis.orderings_command", "Say what the model says of findings that it was never tuned to."),
    "sweep": ("analysis.sweep_command", "Play every experiment of a study, on all cores or a cluster."),
    "merge": ("analysis.merge_command", "Merge the parts of a sweep into one table."),
    "robustness": ("analysis.robustness_command", "Order a sweep's levers by several rules, and say where the order flips."),
    "sensitivity": ("analysis.sensitivity_command", "Say what a sweep's outcomes hinge on, and when they fail."),
    "validate": ("analysis.validate_command", "Hold a scenario against its expected patterns."),
    "verify": ("sim.cli.verify", "Run published cases through the project's own rules."),
}
"""Name -> (module that holds ``command``, one line for the help page). A string, so that sim never imports analysis."""

GOOD, NO, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"there is no command '{args[0]}'; {nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kfor-wargame", prog_name="kforsim")
def kforsim() -> None:
    """Play, replay and compare deterrence scenarios for northern Kosovo.

    \b
    kforsim list
    kforsim run may_2023 --seed 7 --out runs/first
    kforsim report runs/first
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit 0 good, 1 the answer is no, 2 bad input, 130 interrupted."""
    try:
        code = kforsim.main(arguments, prog_name="kforsim", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else GOOD)
    except InputError as error:
        for problem in error.problems:
            click.echo(f"error: {problem}", err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
