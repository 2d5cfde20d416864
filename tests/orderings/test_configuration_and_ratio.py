"""Ordering: blocked exits and police inside the crowd escalate more than a poor ratio (GAMA protest model 2024, peers B11).

The poor ratio is half the line and half the police who can detain. In every square there is the same push with agents, and
teams go forward. A model in which numbers decide and the shape of the place does not is rejected.
"""

from __future__ import annotations

import numpy as np
from directions.town_square import HUNGARIANS, ITALIANS, MORE_SPECIAL_POLICE, POLICE, SPECIAL_POLICE, paired, square

from sim.engine.state import Post
from sim.vocabulary import OrderKind

SEEDS = range(10)
UNITS = (HUNGARIANS, ITALIANS, SPECIAL_POLICE, MORE_SPECIAL_POLICE)


def as_it_is(day):
    return day


def exits_blocked(day):
    day.site.state.situation["exits_open"] = 0
    return day


def police_inside(day):
    """Put half the special police into the crowd, where vehicles were stuck on 29 May."""
    rows, cells = special_police(day)[::2], day.site.ground.vehicles
    day.site.state.sections["post"][rows] = Post.VEHICLE
    day.site.state.sections["cell"][rows] = cells[np.arange(len(rows)) % len(cells)]
    return day


def both(day):
    return police_inside(exits_blocked(day))


def half_the_force(day):
    day.site.state.sections["on_site"][special_police(day)[::2]] = 0
    return day.keep(len(day.line()) // 2)


def special_police(day):
    sections = day.site.state.sections
    return np.flatnonzero((sections["on_site"] == 1) & (sections["special"] == 1))


def violent_minutes(seed, shape):
    """Return the minutes that 300 people spent violent in two hours, with force in the second."""
    day = shape(square(seed, 300, UNITS, threshold_mean=0.8)).play(60)
    day.order(OrderKind.PUSH).order(OrderKind.USE_AGENTS).order(OrderKind.SEND_DETENTION_TEAMS, POLICE, selectivity=1.0).play(20)
    day.order(OrderKind.HALT_PUSH).order(OrderKind.STOP_AGENTS).play(40)
    return float(day.site.record.series["violent"].sum())


def test_blocked_exits_and_police_inside_the_crowd_each_escalate():
    for shape in (exits_blocked, police_inside):
        assert (
            paired(lambda seed, shape=shape: violent_minutes(seed, shape) - violent_minutes(seed, as_it_is), SEEDS)
            .told(shape.__name__)
            .rises
        )


def test_blocked_exits_and_police_inside_the_crowd_escalate_more_than_half_the_force_does():
    paired(lambda seed: violent_minutes(seed, half_the_force) - violent_minutes(seed, as_it_is), SEEDS).told("half the force")
    more = paired(lambda seed: violent_minutes(seed, both) - violent_minutes(seed, half_the_force), SEEDS)
    assert more.told("both, less half the force").rises
