"""Direction: agents among everybody raise participation, selective detention much less (Stott et al. 2008, peers C2).

What both would do by deterring is left out (``theta_deterrence`` 0): it is the other theory's.
"""

from __future__ import annotations

from directions.town_square import (
    HUNGARIANS,
    MORE_SPECIAL_POLICE,
    NOTHING_ELSE_MOVES_PEOPLE,
    POLICE,
    SPECIAL_POLICE,
    gathered,
    paired,
)

from sim.engine.state import Incident
from sim.vocabulary import OrderKind

SEEDS = range(10)
UNITS = (HUNGARIANS, SPECIAL_POLICE, MORE_SPECIAL_POLICE)
MUCH_LESS = 0.25
"""Selective detention rouses at most so much of what agents rouse."""

ROUSED = {"threshold_mean": 0.7, "theta_deterrence": 0, "agents_provocation": 0.03, "own_detained_provocation": 0.05}
HARMLESS = NOTHING_ELSE_MOVES_PEOPLE | {"agent_injury_per_min": 0.0, "own_detained_provocation": 0.05}


def nothing(day):
    return day


def agents(day):
    return day.order(OrderKind.USE_AGENTS, selectivity=0.0)


def teams(day):
    return day.order(OrderKind.SEND_DETENTION_TEAMS, POLICE, selectivity=1.0)


def newly_violent(seed, act, **values):
    """Return who first turned violent in the hour after twenty minutes of an act, and the square."""
    day = gathered(seed, units=UNITS, **{**ROUSED, **values})
    now, before = day.world.tick, day.turned_violent()
    act(day).play(20).order(OrderKind.STOP_AGENTS).order(OrderKind.RECALL_DETENTION_TEAMS, POLICE).play(40)
    return day.turned_violent(now) - before, day


def more_violent(seed, act, than, **values):
    return len(newly_violent(seed, act, **values)[0]) - len(newly_violent(seed, than, **values)[0])


def test_at_theta_spiral_1_agents_among_everybody_raise_participation_and_selective_detention_much_less():
    by_agents = paired(lambda seed: more_violent(seed, agents, nothing, theta_spiral=1), SEEDS).told("agents on everybody")
    by_teams = paired(lambda seed: more_violent(seed, teams, nothing, theta_spiral=1), SEEDS).told("selective detention")
    between = paired(lambda place: MUCH_LESS * by_agents.differences[place] - by_teams.differences[place], range(len(SEEDS)))
    assert by_agents.rises
    assert between.told("a quarter of the first, less the second").rises


def test_at_theta_spiral_0_agents_raise_nobodys_participation():
    for seed in SEEDS:
        (roused, after), (left, _) = (newly_violent(seed, act, theta_spiral=0, **HARMLESS) for act in (agents, nothing))
        assert len(after.incidents(Incident.AGENT_USED)) > 0
        assert roused == left != set()


def test_at_agents_provocation_0_agents_raise_nobodys_participation():
    for seed in SEEDS:
        roused, left = (newly_violent(seed, act, theta_spiral=1, **HARMLESS, agents_provocation=0.0)[0] for act in (agents, nothing))
        assert roused == left != set()
