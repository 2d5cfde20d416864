"""Ordering: violence stays with those aggressive at the start, and the bulk converts only when force is indiscriminate.

Stott et al. (2008, peers C2): indiscriminate force unites moderates with hardliners. Lemos et al. (peers B9): violence stays
with the initially aggressive. A model in which anybody is as likely as anybody, or in which selective force rouses like
indiscriminate, is rejected.
"""

from __future__ import annotations

from directions.town_square import HUNGARIANS, ITALIANS, MORE_SPECIAL_POLICE, POLICE, SPECIAL_POLICE, gathered, paired

from sim.vocabulary import OrderKind, Role

SEEDS = range(10)
UNITS = (HUNGARIANS, ITALIANS, SPECIAL_POLICE, MORE_SPECIAL_POLICE)
MUCH_LESS = 0.25
"""Selective force converts at most so much of what indiscriminate force converts."""


def no_force(day):
    return day


def selective_force(day):
    return day.order(OrderKind.PUSH, selectivity=1.0).order(OrderKind.SEND_DETENTION_TEAMS, POLICE, selectivity=1.0)


def indiscriminate_force(day):
    return day.order(OrderKind.PUSH, selectivity=0.0).order(OrderKind.USE_AGENTS, selectivity=0.0)


def roles_of_the_violent(seed, act, **values):
    """Return the roles of those who were ever violent by half an hour after half an hour of force, among 200 people."""
    day = gathered(seed, 200, UNITS, **{"threshold_mean": 0.9, "hard_core_share": 0.12, "theta_spiral": 1, **values})
    act(day).play(30).order(OrderKind.HALT_PUSH).order(OrderKind.STOP_AGENTS).play(30)
    return day.people["role"][day.people["was_violent"] == 1]


def bulk(roles):
    """Return how many of them did not belong to the hard core."""
    return int((roles != Role.HARD_CORE).sum())


def hard_core_share(seed, act):
    """Return the hard core's share of those who were ever violent."""
    roles = roles_of_the_violent(seed, act)
    assert len(roles) > 0
    return 1.0 - bulk(roles) / len(roles)


def converted(seed, act, **values):
    """Return how many more outside the hard core are ever violent than without force."""
    return bulk(roles_of_the_violent(seed, act, **values)) - bulk(roles_of_the_violent(seed, no_force, **values))


def test_without_force_most_of_the_violent_belong_to_the_hard_core_who_are_an_eighth_of_the_crowd():
    assert paired(lambda seed: hard_core_share(seed, no_force) - 0.5, range(20)).told("hard core's share beyond a half").rises


def test_the_hard_cores_share_of_the_violent_is_larger_under_selective_than_under_indiscriminate_force():
    larger = paired(lambda seed: hard_core_share(seed, selective_force) - hard_core_share(seed, indiscriminate_force), SEEDS)
    assert larger.told("hard core's share, selective less indiscriminate").rises


def test_the_bulk_converts_when_force_is_indiscriminate_and_much_less_when_it_is_selective():
    indiscriminate = paired(lambda seed: converted(seed, indiscriminate_force), SEEDS).told("converted by indiscriminate force")
    selective = paired(lambda seed: converted(seed, selective_force), SEEDS).told("converted by selective force")
    assert indiscriminate.rises
    between = paired(lambda place: MUCH_LESS * indiscriminate.differences[place] - selective.differences[place], range(len(SEEDS)))
    assert between.told("a quarter of the first, less the second").rises


def test_at_theta_spiral_0_indiscriminate_force_converts_nobody():
    assert not paired(lambda seed: converted(seed, indiscriminate_force, theta_spiral=0), SEEDS).told("without the spiral").rises
