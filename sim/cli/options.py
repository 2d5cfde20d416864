"""``kforsim options``: the paper's options and their rivals: what each changes, needs and costs, and two set side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.scenario.effective import Difference
    from sim.scenario.option import Option
    from sim.scenario.option_schema import OptionChange

EXAMPLES = """\b
kforsim options
kforsim options show 1.2
kforsim options diff baseline 1.1
kforsim options diff 4.2 conclusion --scenario banjska_2023
"""

WIDTH = 100


@click.group("options", invoke_without_command=True, epilog=EXAMPLES)
@click.pass_context
def command(context: click.Context) -> None:
    """List the policy options, show one, or set two mandates side by side.

    An option is a named set of settings on a scenario; it never edits the scenario. An id is that of a shipped option, or a
    path to an option's file of your own.
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def listed(as_json: bool = False) -> None:
    """List the options with the scenarios in which each has a path."""
    from sim.cli.show import aligned
    from sim.scenario.option_schema import WHOLES
    from sim.scenario.options import has_path, load_options

    options = load_options()
    if as_json:
        click.echo(json.dumps([_summary(option) for option in options.values()], ensure_ascii=False))
        return
    rows = [["option", "kind", *(name.removesuffix("_2023") for name in WHOLES), "force-days", "from", "name"]]
    for option in sorted(options.values(), key=_order):
        paths = ["yes" if has_path(option, name) else "no path" for name in WHOLES]
        days = f"{option.cost.force_days_a_month.central:.0f}"
        rows.append([option.id, option.kind, *paths, days, f"{option.in_force_from}", option.name])
    for line in aligned(rows):
        click.echo(line)
    click.echo("\nforce-days: a month, centre of a range; from: in force in a campaign from this day on, at the central lead time")
    click.echo("next: kforsim options show 1.2, kforsim run may_2023_zvecan --option 1.2")


ORDER = ("baseline", "recommendation", "conclusion", "body", "rival", "package", "control")


def _order(option: Option) -> tuple[int, str]:
    return ORDER.index(option.kind), option.id


def _summary(option: Option) -> dict[str, Any]:
    """Return all that there is to say of an option, as plain data."""
    from sim.scenario.option_schema import WHOLES
    from sim.scenario.options import why_no_path

    return {
        "id": option.id,
        "name": option.name,
        "kind": option.kind,
        "block": option.block,
        "paper": option.paper,
        "restates": option.restates,
        "parts": list(option.parts),
        "start": option.start.isoformat(),
        "lead_time_days": option.lead_time_days.model_dump(include={"low", "central", "high"}),
        "in_force_from": option.in_force_from.isoformat(),
        "cost": option.cost.told(),
        "licence_needed": {name: span.model_dump(include={"low", "central", "high"}) for name, span in option.licence_needed.items()},
        "accepted_by": list(option.accepted_by),
        "not_testable": list(option.not_testable),
        "no_path": {name: why for name in WHOLES if (why := why_no_path(option, name))},
        "changes": [lever.change.model_dump(mode="json") | {"option": lever.option, "share": lever.share} for lever in option.levers],
    }


@command.command("show")
@click.argument("option_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def shown(option_id: str, as_json: bool) -> None:
    """Show one option: the paper's sentence restated, what it changes and by which chain, what it needs and costs."""
    from sim.scenario.options import options_named

    (option,) = options_named(option_id)
    if as_json:
        click.echo(json.dumps(_summary(option), ensure_ascii=False))
        return
    paper = f", paper {option.paper}" if option.paper else ""
    click.echo(f"{option.id}: {option.name} ({option.kind}{paper})")
    _wrapped("", option.restates)
    if option.parts:
        click.echo(f"  made of     {', '.join(option.parts)}")
    if option.share < 1:
        budget = option.file.equal_budget
        click.echo(f"  at budget   levers that take force-days go {option.share:.0%} of their way, so that they take those of {budget}")
    for lever in option.levers:
        _show_change(lever.change, lever.option if lever.option != option.id else "", lever.share)
    _show_price(option)
    _show_limits(option)


def _show_change(change: OptionChange, part: str, share: float) -> None:
    bounds = f" (argued {change.low:g} to {change.high:g})" if change.low is not None else ""
    scaled = f", {share:.0%} of the way there" if share < 1 and change.force_days_a_month is not None else ""
    places = ", ".join(change.where) + (f", at {change.site}" if change.site else "")
    click.echo(f"\n  {change.setting} = {change.to}{bounds}{scaled}{f'   [{part}]' if part else ''}")
    click.echo(f"    path      {places}")
    _wrapped("    moves     ", change.chain.state)
    _wrapped("    read by   ", change.chain.rule)
    _wrapped("    outcome   ", change.chain.outcome)
    _wrapped("    counter   ", change.counter_effect)
    if change.cut:
        click.echo(f"    cut by    {', '.join(f'{name}={text}' for name, text in change.cut.items())}")
    _wrapped("    source    ", f"{change.source} ({change.grade})")


def _show_price(option: Option) -> None:
    click.echo()
    for name, text in price_lines(option):
        _wrapped(f"  {name:<12}", text)


def price_lines(option: Option) -> Iterator[tuple[str, str]]:
    """Give what an option costs and needs, a line each: force-days, licence, lead time, who accepts."""
    cost = option.cost
    yield "force-days", f"{_range(cost.force_days_a_month)} a month"
    spent = "; ".join(f"{name} {_range(span)}" for name, span in cost.licence_points.items())
    yield "licence", f"spends {spent} hundredths" if spent else "spends none"
    needed = "; ".join(f"{name} {_range(span)}" for name, span in option.licence_needed.items())
    yield "", f"needs {needed} (0 to 1)" if needed else "needs none beforehand"
    yield "lead time", f"{_range(option.lead_time_days)} days from {option.start}: in force from {option.in_force_from}"
    yield "accepted by", "; ".join(option.accepted_by) or "nobody need agree"


def _show_limits(option: Option) -> None:
    from sim.scenario.option_schema import WHOLES
    from sim.scenario.options import why_no_path

    for name in WHOLES:
        if why := why_no_path(option, name):
            _wrapped("  no path     ", f"{name}: {why}")
    for line in option.not_testable:
        _wrapped("  not tested  ", line)


@command.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--scenario", default="may_2023", show_default=True, help="Scenario in which the two are compared.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def compared(one: str, other: str, scenario: str, as_json: bool) -> None:
    """Set two mandates side by side: every clause, authority, dial, doctrine, asset and number that differs, and the price."""
    from sim.api import configured, load
    from sim.scenario.effective import differences
    from sim.scenario.options import options_named, settings_of, why_no_path

    loaded = load(scenario)
    (left,), (right,) = options_named(one), options_named(other)
    found = differences(*(configured(loaded, settings_of(option, loaded)) for option in (left, right)))
    prices = list(zip(price_lines(left), price_lines(right), strict=True))
    reasons = {option.id: why_no_path(option, loaded) for option in (left, right)}
    if as_json:
        lines = [{"group": item.group, "item": item.item, left.id: item.one, right.id: item.other} for item in found]
        options = {option.id: {"cost": option.cost.told(), "accepted_by": list(option.accepted_by)} for option in (left, right)}
        no_path = {name: why for name, why in reasons.items() if why}
        told = {"scenario": scenario, "differences": lines, "options": options, "no_path": no_path}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    _print_side_by_side(loaded.file.title, left, right, found)
    for (name, mine), (_, its) in prices:
        _print_pair(name, mine, its)
    for name, why in reasons.items():
        if why:
            click.echo()
            _wrapped("", f"{name}: no path here ({why})")


def _print_side_by_side(title: str, left: Option, right: Option, found: list[Difference]) -> None:
    click.echo(f"{title}: {left.id} ({left.name}) beside {right.id} ({right.name})\n")
    _print_pair("", left.id, right.id)
    if not found:
        click.echo("nothing that holds in this scenario differs")
    group = ""
    for item in found:
        if item.group != group:
            group = item.group
            click.echo(f"\n{group}")
        _print_pair(item.item, item.one, item.other)
    click.echo("\nprice")


NAME, CELL = 44, 42


def _print_pair(name: str, mine: str, its: str) -> None:
    """Print a line of three columns, each folded where it is too long."""
    import textwrap
    from itertools import zip_longest

    cells = [textwrap.wrap(text, width) for text, width in ((name, NAME - 2), (mine, CELL - 2), (its, CELL - 2))]
    for first, second, third in zip_longest(*cells, fillvalue=""):
        click.echo(f"  {first:<{NAME}}{second:<{CELL}}{third}".rstrip())


def _range(span: Any) -> str:
    return f"{span.central:.4g}" if span.low == span.high else f"{span.central:.4g} ({span.low:.4g} to {span.high:.4g})"


def _wrapped(head: str, text: str) -> None:
    """Print a text folded behind its head."""
    import textwrap

    click.echo(textwrap.fill(text, WIDTH, initial_indent=head or "  ", subsequent_indent=" " * (len(head) or 2)))
