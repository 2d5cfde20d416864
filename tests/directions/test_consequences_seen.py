"""Direction: consequences that people see lower later violence once they think them certain enough, and hardly before.

Announced force is left out here (``force_severity`` 0): it deters whatever people think of being caught. Counted is the
violence of those who stay free: taking violent people away is not deterrence.
"""

from __future__ import annotations

from directions.town_square import HUNGARIANS, MORE_SPECIAL_POLICE, NOTHING_ELSE_MOVES_PEOPLE, POLICE, SPECIAL_POLICE, gathered, paired

from sim.vocabulary import OrderKind

SEEDS = range(10)
UNITS = (HUNGARIANS, SPECIAL_POLICE, MORE_SPECIAL_POLICE)
TURNING_POINT, PAST, BELOW = 0.3, 0.5, 0.1
EASILY_ROUSED = NOTHING_ELSE_MOVES_PEOPLE | {
    "threshold_mean": 0.55,
    "force_severity": 0.0,
    "certainty_form": "HINGE",
    "certainty_turning_point": TURNING_POINT,
    "certainty_spread": 0.05,
    "detentions_per_team_min": 0.1,
    "detention_binds_min": 5.0,
}


def hour_after(seed, teams, **values):
    """Return who is violent at each minute of the hour after teams went forward (or did not), and who was detained."""
    day = gathered(seed, units=UNITS, **{**EASILY_ROUSED, **values})
    if teams:
        day.order(OrderKind.SEND_DETENTION_TEAMS, POLICE, selectivity=1.0)
    return day.watch(60), day.detained()


def of_the_free(one, other):
    """Return two hours' violence without those who were detained in either."""
    free = ~(one[1] | other[1])
    return one[0][:, free], other[0][:, free]


def teams_change(seed, **values):
    """Return how many more minutes those who stayed free were violent where teams detained than where they did not."""
    seen, unseen = hour_after(seed, True, **values), hour_after(seed, False, **values)
    assert seen[1].any()
    with_teams, without = of_the_free(seen, unseen)
    return int(with_teams.sum()) - int(without.sum())


def test_at_theta_deterrence_1_detentions_lower_later_violence_where_people_think_them_certain_and_hardly_where_they_do_not():
    past = paired(lambda seed: teams_change(seed, theta_deterrence=1, certainty_mean=PAST), SEEDS).told("past the turning point")
    below = paired(lambda seed: teams_change(seed, theta_deterrence=1, certainty_mean=BELOW), SEEDS).told("below it")
    assert past.falls
    assert abs(below.mean) <= 0.1 * abs(past.mean)


def test_at_theta_deterrence_0_detentions_seen_change_nobodys_violence():
    for seed in SEEDS:
        seen, unseen = (hour_after(seed, teams, theta_deterrence=0, certainty_mean=PAST) for teams in (True, False))
        with_teams, without = of_the_free(seen, unseen)
        assert seen[1].any()
        assert without.any()
        assert (with_teams == without).all()


def learning_changes(seed, theta):
    """Return how many more minutes of violence there are where detentions in view teach; teams detain in both."""
    values = {"theta_deterrence": theta, "certainty_mean": TURNING_POINT - 0.05, "stranger_tie": 0.2}
    taught, untaught = (hour_after(seed, True, learning_rate=rate, **values) for rate in (0.8, 0.0))
    with_learning, without = of_the_free(taught, untaught)
    return int(with_learning.sum()) - int(without.sum())


def test_at_learning_rate_08_detentions_in_view_lift_certainty_past_its_turning_point_and_then_lower_violence():
    assert paired(lambda seed: learning_changes(seed, theta=1), SEEDS).told("learning from what is seen").falls


def test_at_theta_deterrence_0_what_is_learnt_changes_nobodys_violence():
    assert paired(lambda seed: learning_changes(seed, theta=0), SEEDS).is_nothing
