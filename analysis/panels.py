"""Panels: four stances on the three rival theories, and how their strengths are drawn inside one.

D (deterrence): within and between episodes deterrence is strong and the spiral weak. S (spiral): the reverse. O
(orchestration): what organisers decided beforehand lies in the top third of its range. M: the rest. A case is O before it is
anything else, so that each belongs to one panel. A panel asks only for the strengths that a scenario reads: May reads those
within an episode, Banjska those between episodes. Where a scenario has no number for orchestration but an armed leader
(Banjska: the attack is given), O is the leader who acts on his own timing whatever the force does.

Shares within or over panels are shares of a declared space, never probabilities: nothing says how likely a stance is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

PANELS = ("D", "S", "O", "M")

WORDS = {
    "D": "deterrence: violence without consequence invites more",
    "S": "spiral: force makes the violence it meets",
    "O": "orchestration: it was decided beforehand",
    "M": "the rest",
}

DETERRENCE = ("theta_deterrence", "omega_deterrence")
SPIRAL = ("theta_spiral", "omega_spiral")
ORCHESTRATION = ("planned_chance", "prep_at_start")
STRENGTHS = (*DETERRENCE, *SPIRAL, *ORCHESTRATION)
"""Parameters that tell the panels apart."""

STRONG, WEAK = 1.2, 0.8
"""A theory is strong above the one and weak below the other (strengths run from 0 to 2)."""

COMMITTED = "armed_leader_committed"
"""Doctrine of an armed leader whose weighing changes nothing."""

MOST_TRIES = 10_000

type Ends = Mapping[str, tuple[float, float]]


def ends_of(parameters: Any, reads: Any, halved: bool = False) -> dict[str, tuple[float, float]]:
    """Return the range of each strength that a scenario reads.

    Parameters
    ----------
    parameters, reads
        Of a scenario or a campaign.
    halved
        Whether every range is halved towards its declared value.
    """
    found = {}
    for name in STRENGTHS:
        item = parameters.valued.get(name)
        if item is not None and item.low is not None and item.high is not None and reads(name):
            found[name] = halved_ends(item.low, float(item.value), item.high) if halved else (item.low, item.high)
    return found


def halved_ends(low: float, value: float, high: float) -> tuple[float, float]:
    """Return a range half as wide, each end half way to the declared value."""
    return (low + value) / 2.0, (high + value) / 2.0


def panel_of(values: Mapping[str, float], ends: Ends) -> str:
    """Return the panel of a case by its strengths."""
    planned = [values[name] >= _top_third(ends[name]) for name in ORCHESTRATION if name in ends]
    if planned and all(planned):
        return "O"
    deterrence = [values[name] for name in DETERRENCE if name in ends]
    spiral = [values[name] for name in SPIRAL if name in ends]
    if _all_above(deterrence) and _all_below(spiral):
        return "D"
    return "S" if _all_above(spiral) and _all_below(deterrence) else "M"


def _top_third(ends: tuple[float, float]) -> float:
    return ends[1] - (ends[1] - ends[0]) / 3.0


def _all_above(strengths: Iterable[float]) -> bool:
    found = list(strengths)
    return bool(found) and min(found) > STRONG


def _all_below(strengths: Iterable[float]) -> bool:
    return all(strength < WEAK for strength in strengths)


def drawn_in(panel: str, ends: Ends, rng: np.random.Generator) -> dict[str, float]:
    """Return strengths drawn uniformly inside a panel; a scenario without orchestration draws O from the whole space."""
    has_orchestration = any(name in ends for name in ORCHESTRATION)
    box = {name: _box(panel, name, low, high) for name, (low, high) in ends.items()}
    for _ in range(MOST_TRIES):
        values = {name: float(low + (high - low) * rng.random()) for name, (low, high) in box.items()}
        if panel == "O" and not has_orchestration:
            return values
        if panel_of(values, ends) == panel:
            return values
    raise ValueError(f"no point of panel {panel} was found in {dict(ends)}")


def _box(panel: str, name: str, low: float, high: float) -> tuple[float, float]:
    strong = (panel, name) in {*(("D", name) for name in DETERRENCE), *(("S", name) for name in SPIRAL)}
    weak = (panel, name) in {*(("D", name) for name in SPIRAL), *(("S", name) for name in DETERRENCE)}
    if strong:
        return max(low, STRONG), high
    if weak:
        return low, min(high, WEAK)
    return (_top_third((low, high)), high) if panel == "O" and name in ORCHESTRATION else (low, high)


def settings_in(panel: str, ends: Ends, seats: Mapping[str, Any]) -> dict[str, str]:
    """Return what a panel sets beside numbers: in O, where no number says orchestration, an armed leader who is committed."""
    if panel != "O" or any(name in ends for name in ORCHESTRATION):
        return {}
    return {f"seat.{name}": COMMITTED for name, seat in seats.items() if str(seat.organisation) == "armed_group"}
