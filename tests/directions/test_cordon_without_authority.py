"""Direction: a cordon from which nobody may act does not deter by itself; a force that may and can detain does.

Observation without authority does not protect (Hultman et al. 2013, peers C2): h(cordon) is shipped as 0.
"""

from __future__ import annotations

from directions.town_square import (
    HUNGARIANS,
    ITALIANS,
    MORE_SPECIAL_POLICE,
    NOTHING_ELSE_MOVES_PEOPLE,
    POLICE,
    SPECIAL_POLICE,
    gathered,
    paired,
)

from sim.scenario.parameters import shipped_parameters
from sim.vocabulary import OrderKind

SEEDS = range(10)
UNITS = (HUNGARIANS, ITALIANS, SPECIAL_POLICE, MORE_SPECIAL_POLICE)
ROUSED = NOTHING_ELSE_MOVES_PEOPLE | {"threshold_mean": 0.55, "theta_deterrence": 2}
FEARED = {"level_effect_cordon": 0.05, "force_severity": 0.6, "force_steepness": 3.0}
"""The most that a cordon's threat may be by the declared ranges."""


def hour_after(seed, cordon=True, teams=False, **values):
    """Return who is violent at each minute of an hour before 220 soldiers in a cordon, or after they left; and the detained."""
    day = gathered(seed, units=UNITS, **{**ROUSED, **values})
    if not cordon:
        day.order(OrderKind.WITHDRAW)
    if teams:
        day.order(OrderKind.SEND_DETENTION_TEAMS, POLICE, selectivity=1.0)
    return day.watch(60), day.detained()


def test_a_cordon_is_shipped_without_a_threat_of_its_own():
    assert shipped_parameters().number("level_effect_cordon") == 0.0


def test_at_level_effect_cordon_0_the_same_people_are_violent_at_the_same_minutes_with_and_without_a_cordon():
    for seed in SEEDS:
        with_it, without = (hour_after(seed, cordon, level_effect_cordon=0.0)[0] for cordon in (True, False))
        assert without.any()
        assert (with_it == without).all()


def cordon_changes(seed, **values):
    return int(hour_after(seed, True, **FEARED, **values)[0].sum()) - int(hour_after(seed, False, **FEARED, **values)[0].sum())


def test_at_level_effect_cordon_005_a_cordon_would_deter_and_at_theta_deterrence_0_not_even_then():
    assert paired(cordon_changes, SEEDS).told("a cordon that were feared").falls
    assert paired(lambda seed: cordon_changes(seed, theta_deterrence=0), SEEDS).is_nothing


def detaining_changes(seed, **values):
    """Return how many more minutes those who stayed free were violent where teams detained than where they did not."""
    (deterred, caught), (left, _) = (hour_after(seed, teams=teams, certainty_mean=0.5, **values) for teams in (True, False))
    assert caught.any()
    return int(deterred[:, ~caught].sum()) - int(left[:, ~caught].sum())


def test_at_theta_deterrence_2_a_force_that_may_and_can_detain_deters_and_at_0_it_does_not():
    assert paired(detaining_changes, SEEDS).told("teams that detain").falls
    assert paired(lambda seed: detaining_changes(seed, theta_deterrence=0), SEEDS).is_nothing
