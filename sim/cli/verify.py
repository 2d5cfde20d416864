"""``kforsim verify``: published cases, played through the project's own rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sim.foundations.errors import InputError, Problem, input_error, nearest
from sim.vocabulary import RatioForm

if TYPE_CHECKING:
    from sim.verification.epstein import CivilViolence, Course

ROWS = 20
"""Most steps shown of one run; ``--json`` gives all."""

EXAMPLES = """\b
kforsim verify epstein --ratio-form raw
kforsim verify granovetter
"""
EPSTEIN_EXAMPLES = """\b
kforsim verify epstein --ratio-form raw --seeds 10
kforsim verify epstein --ratio-form floor --seeds 10
kforsim verify epstein --legitimacy 0.9 --legitimacy-at 77=0.7
kforsim verify epstein --police-density 0.07 --police-at 50=0.05 --police-at 100=0.02
"""

_OPTION = {"size": "--size", "police_density": "--police-density", "max_jail_term": "--jail-term", "police_vision": "--vision"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES)
def command() -> None:
    """Run published cases through the project's own rules."""


def _number[N: (int, float)](option: str, text: str, read: Callable[[str], N], example: str) -> N:
    try:
        return read(text)
    except ValueError:
        raise input_error(option, f"'{text}' cannot be read", f"write it as in {option} {example}") from None


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not cross:
        raise input_error("--size", f"'{text}' cannot be read", "write it as in --size 40x40")
    return _number("--size", width, int, "40x40"), _number("--size", height, int, "40x40")


def _schedule(option: str, texts: Iterable[str], example: str) -> tuple[tuple[int, float], ...]:
    pairs = []
    for text in texts:
        step, equals, value = text.partition("=")
        if not equals:
            raise input_error(option, f"'{text}' is not STEP=VALUE", f"write it as in {option} {example}")
        pairs.append((_number(option, step, int, example), _number(option, value, float, example)))
    return tuple(pairs)


def _form(name: str) -> RatioForm:
    known = {form.name.lower(): form for form in RatioForm}
    if name.lower() not in known:
        raise input_error("--ratio-form", f"'{name}' is not a form of the ratio", nearest(name.lower(), known))
    return known[name.lower()]


def _as_options(error: InputError) -> InputError:
    """Return the same complaints with the command's options in place of the setting's fields."""
    named = ((_OPTION.get(problem.where, "--" + problem.where.replace("_", "-")), problem) for problem in error.problems)
    return InputError([Problem(option, problem.what, problem.remedy) for option, problem in named])


@command.command(short_help="Epstein's civil violence (2002).", epilog=EPSTEIN_EXAMPLES)
@click.option("--vision", type=int, default=7, show_default=True, help="Radius of the diamond that people look over.")
@click.option("--citizen-vision", type=int, help="The citizens' radius, where it differs from --vision.")
@click.option("--legitimacy", type=float, default=0.82, show_default=True, help="Epstein's L.")
@click.option("--police-density", type=float, default=0.04, show_default=True, help="Share of cells with police.")
@click.option("--citizen-density", type=float, default=0.7, show_default=True, help="Share of cells with citizens.")
@click.option("--jail-term", type=int, default=30, show_default=True, help="Longest jail term, in steps.")
@click.option("--ratio-form", default="nearest", show_default=True, help="Police to actives: raw (as printed), floor, nearest.")
@click.option("--size", default="40x40", show_default=True, help="Cells across and down.")
@click.option("--steps", type=int, default=200, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="First seed.")
@click.option("--seeds", type=int, default=1, show_default=True, help="How many seeds.")
@click.option("--legitimacy-at", multiple=True, metavar="STEP=VALUE", help="Legitimacy from that step on; repeatable.")
@click.option("--police-at", multiple=True, metavar="STEP=DENSITY", help="Police from that step on; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print every step for programs.")
def epstein(seed: int, seeds: int, as_json: bool, **given: Any) -> None:
    """Play Epstein's civil violence (2002, Model I): actives, jailed, outbursts.

    With the ratio of police to actives as printed there is no uprising at vision 7; rounded down or to the nearest there is.
    """
    from sim.verification.epstein import run

    if not 1 <= seeds <= 100_000:
        raise input_error("--seeds", f"{seeds} is out of range", "give a whole number from 1 to 100000")
    setting = _setting(**given)
    try:
        setting.check()
    except InputError as error:
        raise _as_options(error) from None
    courses = {each: run(setting, each) for each in range(seed, seed + seeds)}
    if as_json:
        click.echo(json.dumps(_as_json(setting, courses)))
    elif seeds == 1:
        _show_course(setting, seed, courses[seed])
    else:
        _show_seeds(setting, courses)


def _setting(*, vision: int, citizen_vision: int | None, jail_term: int, ratio_form: str, size: str, **given: Any) -> CivilViolence:
    from sim.verification.epstein import CivilViolence

    width, height = _size(size)
    given["legitimacy_at"] = _schedule("--legitimacy-at", given["legitimacy_at"], "77=0.7")
    given["police_at"] = _schedule("--police-at", given["police_at"], "50=0.02")
    setting = CivilViolence(width, height, max_jail_term=jail_term, ratio_form=_form(ratio_form), **given)
    return replace(setting, police_vision=vision, citizen_vision=vision if citizen_vision is None else citizen_vision)


def _as_json(setting: CivilViolence, courses: dict[int, Course]) -> dict[str, Any]:
    from dataclasses import asdict

    runs = [
        {
            "seed": seed,
            "peak_active": course.peak_active,
            "mean_active": course.mean_active,
            "mean_jailed": course.mean_jailed,
            "outbursts": [asdict(outburst) for outburst in course.outbursts],
            "history": {name: course.history[name].tolist() for name in course.history.dtype.names or ()},
        }
        for seed, course in courses.items()
    ]
    return {"setting": asdict(setting) | {"ratio_form": setting.ratio_form.name.lower()}, "runs": runs}


def _headline(setting: CivilViolence) -> str:
    return (
        f"Epstein's civil violence, Model I: {setting.width}x{setting.height}, {setting.steps} steps, vision "
        f"{setting.police_vision} (citizens {setting.citizen_vision}), ratio {setting.ratio_form.name.lower()}"
    )


def _show_course(setting: CivilViolence, seed: int, course: Course) -> None:
    from sim.verification.epstein import CALM_ACTIVES

    click.echo(f"{_headline(setting)}, seed {seed}\n\n  step  actives   jailed    quiet   police")
    stride = -(-setting.steps // ROWS)
    for step in sorted({*range(0, setting.steps + 1, stride), setting.steps}):
        row = course.history[step]
        click.echo(f"{step:6d}" + "".join(f"{row[name]:9d}" for name in ("actives", "jailed", "quiet", "police")))
    click.echo(f"\npeak {course.peak_active} actives; {course.mean_jailed:.1f} jailed on average")
    click.echo(f"outbursts (more than {CALM_ACTIVES} actives): {len(course.outbursts) or 'none'}")
    for outburst in course.outbursts:
        click.echo(f"  from step {outburst.start}: {outburst.steps} steps, peak {outburst.peak_active}")


def _show_seeds(setting: CivilViolence, courses: dict[int, Course]) -> None:
    from statistics import median

    rows = [(course.peak_active, course.mean_active, course.mean_jailed, len(course.outbursts)) for course in courses.values()]
    click.echo(f"{_headline(setting)}\n\n    seed  peak active  mean active  mean jailed  outbursts")
    for name, row in [*zip(map(str, courses), rows, strict=True), ("median", tuple(map(median, zip(*rows, strict=True))))]:
        click.echo(f"{name:>8}{row[0]:13.0f}{row[1]:13.1f}{row[2]:13.1f}{row[3]:11.0f}")
    risen = sum(row[3] > 0 for row in rows)
    click.echo(f"\nuprising (an outburst or more) in {risen} of {len(rows)} runs")


@command.command(short_help="Granovetter's thresholds (1978).", epilog="\b\nkforsim verify granovetter --contagion 0.0001")
@click.option("--contagion", type=float, default=0.001, show_default=True, help="Contagion per minute; the limit wants it small.")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def granovetter(contagion: float, as_json: bool) -> int:
    """Play Granovetter's thresholds (1978); exit 1 if the published numbers are not met."""
    from sim.verification.granovetter import EVERY_THRESHOLD, ONE_REPLACED, riot

    try:
        cases = [
            ("thresholds 0, 1, 2 ... 99", 100, riot(EVERY_THRESHOLD, contagion)),
            ("the 1 replaced by a 2", 1, riot(ONE_REPLACED, contagion)),
        ]
    except InputError as error:
        raise InputError([replace(problem, where="--contagion") for problem in error.problems]) from None
    met = all(counts[-1] == published for _, published, counts in cases)
    if as_json:
        rows = [{"case": name, "published": published, "violent": counts} for name, published, counts in cases]
        click.echo(json.dumps({"contagion_per_min": contagion, "met": met, "cases": rows}))
    else:
        click.echo("crowd                       published  here  rounds")
        for name, published, counts in cases:
            click.echo(f"{name:<28}{published:9d}{counts[-1]:6d}{len(counts) - 1:8d}")
        click.echo("met" if met else "not met: outside the limit; contagion below about 0.005 is needed")
    return 0 if met else 1
