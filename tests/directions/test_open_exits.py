"""Direction: ways out that stay open lower the violence of frightened people (direction from the GAMA model 2024, peers B11)."""

from __future__ import annotations

from directions.town_square import HUNGARIANS, ITALIANS, SPECIAL_POLICE, gathered, paired

from sim.vocabulary import OrderKind

SEEDS = range(10)
ROUSED = {"threshold_mean": 0.8}


def violent_minutes(seed, exits_open, **values):
    """Return the minutes that people spent violent from the start of a push with agents on, and who turned violent."""
    day = gathered(seed, units=(HUNGARIANS, ITALIANS, SPECIAL_POLICE), **{**ROUSED, **values})
    day.site.state.situation["exits_open"] = int(exits_open)
    now = day.world.tick
    day.order(OrderKind.PUSH).order(OrderKind.USE_AGENTS).play(20)
    day.order(OrderKind.STOP_AGENTS).order(OrderKind.HALT_PUSH).play(30)
    series = day.site.record.series
    return float(series["violent"][series["tick"] >= now].sum()), day.turned_violent(now)


def opening_changes(seed, **values):
    return violent_minutes(seed, True, **values)[0] - violent_minutes(seed, False, **values)[0]


def test_at_blocked_exit_anger_002_open_exits_lower_violence():
    assert paired(lambda seed: opening_changes(seed, blocked_exit_anger=0.02), SEEDS).told("violent person-minutes").falls


def test_at_blocked_exit_anger_0_open_exits_change_nobodys_violence():
    for seed in SEEDS:
        opened, shut = (violent_minutes(seed, exits_open, blocked_exit_anger=0.0) for exits_open in (True, False))
        assert opened == shut
        assert opened[1]
