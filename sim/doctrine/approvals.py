"""Approvals: how long it takes until those who must be asked have answered.

A request climbs the seat's own chain to the holder; each headquarters on the way takes its working delay once, and the
holder deliberates. A request to another organisation goes through liaison. Political constraint lengthens the whole;
explicit rules shorten it and narrow its spread (one agreed reading): minutes = sum x (1 + constraint x added) x
(1 - explicitness x saved). All of it is assumption (facts 9.6: times of permission are not public).
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.doctrine.command import CommandStructure
from sim.doctrine.framework import Framework
from sim.doctrine.situation import PermissionContext
from sim.foundations.figures import Span

LIAISON = "liaison"
"""The desk between two organisations."""


def constraint_in(context: PermissionContext, framework: Framework) -> float:
    """Return the political constraint that holds: the context's, or else the mandate's."""
    own = context.political_constraint
    return framework.mandate.political_constraint.value if own is None else own


def spread_share(share: float, explicitness: float) -> float:
    """Return *share* drawn towards the middle: full explicitness (1) leaves no spread."""
    return 0.5 + (share - 0.5) * (1.0 - explicitness)


def route(asking: str, holder: str, command: CommandStructure) -> tuple[tuple[str, ...], bool]:
    """Return the headquarters that work on a request from *asking* to *holder*, and whether it crosses organisations.

    Empty when *asking* is the holder or stands above him: nobody asks those below.
    """
    known = {item.id for item in command.headquarters}
    up = command.chain(asking) if asking in known else ()
    down = command.chain(holder)
    if asking in down:
        return (), False
    for step, at in enumerate(up):
        if at in down:
            below = tuple(reversed(down[: down.index(at)]))
            return (*up[1 : step + 1], *below), False
    return (*up[1:], holder), True


def approval_steps(asked: Sequence[tuple[str, Span]], context: PermissionContext, framework: Framework) -> tuple[tuple[str, float], ...]:
    """Return the desks that work until every holder in *asked* has answered, with the minutes of each; none when nobody is asked.

    Parameters
    ----------
    asked
        Holder and his deliberation, one pair an approval. A headquarters on several routes works once; a holder of
        several approvals deliberates once, on the longest.
    """
    command, mandate, explicit = framework.command, framework.mandate, framework.rules.explicitness
    share = spread_share(context.delay_share, explicit.value)
    minutes: dict[str, float] = {}
    deliberating: dict[str, float] = {}
    crosses = False
    for holder, deliberation in asked:
        steps, abroad = route(context.headquarters, holder, command)
        if not steps:
            continue
        crosses = crosses or abroad
        minutes |= {step: command.headquarters_of(step).working_delay_min.at(share) for step in steps}
        deliberating[holder] = max(deliberating.get(holder, 0.0), deliberation.at(share))
    for holder, longest in deliberating.items():
        minutes[holder] = minutes.get(holder, 0.0) + longest
    if crosses:
        minutes = {LIAISON: mandate.liaison_min.at(share), **minutes}
    slower = 1.0 + constraint_in(context, framework) * mandate.political_constraint.delay_added.central
    faster = max(1.0 - explicit.value * explicit.delay_saved.central, 0.0)
    return tuple((desk, taken * slower * faster) for desk, taken in minutes.items())
