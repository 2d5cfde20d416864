"""Between days: who comes again and with what in mind, who stays away, how many more come, what certainty learns."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import first_two_days, quiet_model, zvecan

from sim.engine.between_days import mobilisation
from sim.engine.night_kernels import learn_from_consequences
from sim.engine.state import NEVER, PEOPLE
from sim.foundations.columns import table
from sim.scenario.parameters import shipped_parameters
from sim.vocabulary import Conduct, Grade

NO_EVENTS = {"mobilised_by_hurt": 0.0, "mobilised_by_detentions": 0.0, "licence_mobilises": 0.0}
UNKNOWN, UNPUNISHED, PUNISHED = -1, 0, 1


def after_the_first_day(prepare, seed=5, **values):
    """Return the model on the morning of the second day; *prepare* gets Zvečan just before the first one ends."""
    model = quiet_model(first_two_days(), seed, **values)
    world = model.world
    while world.tick < world.end_tick - 1:
        model.step()
    prepare(world.sites["zvecan"])
    model.step()
    assert world.day.name == "may_29"
    return model


def nothing(site):
    pass


def first_of_the_morning(site, persons):
    """Return the rows of the first people of a wave that comes on both days."""
    wave = next(wave for wave in site.waves if wave.arrival.id == "morning")
    assert wave.end_row - wave.first_row >= persons
    return wave.first_row + np.arange(persons)


def came(site, persons, conduct=Conduct.STANDING):
    """Let people have come, and be so at the day's end; return their rows."""
    rows = first_of_the_morning(site, persons)
    site.state.people["conduct"][rows] = conduct
    site.state.people["cell"][rows] = site.state.people["gate"][rows]
    return rows


def hurt(site, persons):
    site.dealings.hurt = persons


def turnout(model, site="zvecan"):
    return len(model.world.sites[site].state.people)


# --- how many come ------------------------------------------------------------------------------------------------------


def test_the_more_were_hurt_the_day_before_the_more_come_here_and_in_part_elsewhere():
    factors = []
    for persons in (0, 20, 200):
        model = after_the_first_day(lambda site, persons=persons: hurt(site, persons), licence_mobilises=0.0)
        found = mobilisation(model.world, model.world.day)
        factors.append((found["zvecan"], found["north_mitrovica"]))
    (calm, calm_beside), (some, some_beside), (many, many_beside) = factors
    assert calm == calm_beside == 1.0
    assert 1.0 < some_beside < some
    assert some < many
    assert many_beside < many


def test_a_larger_factor_is_a_larger_crowd():
    calm, roused = (after_the_first_day(lambda site, persons=persons: hurt(site, persons)) for persons in (0, 200))
    for site in ("zvecan", "leposavic"):
        assert turnout(roused, site) > turnout(calm, site)


def test_at_mobilised_by_hurt_0_and_mobilised_by_detentions_0_what_happened_brings_nobody():
    def much(site):
        hurt(site, 400)
        came(site, 30, Conduct.DETAINED)

    calm, stirred = (after_the_first_day(prepare, **NO_EVENTS) for prepare in (nothing, much))
    assert set(mobilisation(stirred.world, stirred.world.day).values()) == {1.0}
    assert [turnout(stirred, site) for site in stirred.world.sites] == [turnout(calm, site) for site in calm.world.sites]


def test_detentions_mobilise_by_their_own_size():
    def detained(site):
        came(site, 30, Conduct.DETAINED)

    factors = [
        mobilisation(model.world, model.world.day)["zvecan"]
        for model in (after_the_first_day(detained, **NO_EVENTS | {"mobilised_by_detentions": size}) for size in (0.0, 0.2, 0.8))
    ]
    assert factors[0] == 1.0 < factors[1] < factors[2]


def test_evidence_fades_and_does_not_spread_where_it_is_said_not_to():
    def factor(site="zvecan", **values):
        model = after_the_first_day(lambda place: hurt(place, 40), licence_mobilises=0.0, **values)
        return mobilisation(model.world, model.world.day)[site]

    assert factor(mobilisation_fading_days=3.0) < factor(mobilisation_fading_days=14.0)
    assert factor("leposavic", spread_between_places=0.0) == 1.0
    assert factor("leposavic", spread_between_places=1.0) == factor("zvecan", spread_between_places=1.0)


def test_a_crowds_own_government_adds_to_turnout_by_its_licence_and_at_weight_0_not():
    for weight in (0.5, 0.0):
        world = after_the_first_day(nothing, **NO_EVENTS | {"licence_mobilises": weight}).world
        found = []
        for licence in (0.1, 0.5, 0.9):
            world.standing.licence["belgrade"] = licence
            found.append(mobilisation(world, world.day)["zvecan"])
        assert found[1] == 1.0
        assert (found[0] < 1.0 < found[2]) == (weight > 0.0)


def test_a_day_played_alone_takes_what_happened_before_it_from_its_file_and_after_a_day_played_it_does_not():
    alone = quiet_model(zvecan(), licence_mobilises=0.0)
    assert alone.world.day.file.before is not None
    assert mobilisation(alone.world, alone.world.day)["zvecan"] > 1.0
    played = after_the_first_day(nothing, licence_mobilises=0.0)
    assert played.world.day.file.before is not None
    assert mobilisation(played.world, played.world.day)["zvecan"] == 1.0


# --- who comes, and with what in mind -----------------------------------------------------------------------------------


def test_people_who_came_come_again_as_themselves_with_what_the_day_left_them():
    kept = {}

    def remember(site):
        rows = came(site, 40)
        site.state.people["grievance"][rows] = 0.123
        site.state.people["legitimacy_kfor"][rows] = 0.456
        kept["before"] = site.state.people.copy()
        kept["came"] = set(site.state.people["id"][rows].tolist())

    site = after_the_first_day(remember).world.sites["zvecan"]
    people, before = site.state.people, kept["before"]
    both, now, then = np.intersect1d(people["id"], before["id"], return_indices=True)
    assert len(both) > 50
    for name in ("risk_aversion", "gate", "bearing"):
        assert people[name][now].tolist() == before[name][then].tolist()
    again = np.isin(both, [*kept["came"]])
    assert again.sum() == 40
    assert set(people["grievance"][now][again].tolist()) == {0.123}
    assert set(people["legitimacy_kfor"][now][again].tolist()) == {0.456}
    assert people["legitimacy_before"][now][again].tolist() == people["legitimacy_kfor"][now][again].tolist()
    assert not (people["grievance"][now][~again] == 0.123).any()


def test_anger_and_fear_do_not_outlast_the_night():
    def rage(site):
        came(site, 40)
        site.state.people["anger"] = 0.9
        site.state.people["fear"] = 0.9

    people = after_the_first_day(rage).world.sites["zvecan"].state.people
    assert people["anger"].max() == people["fear"].max() == 0.0


def away_after(prepare, **values):
    """Return how many of twenty people who came, to whom something happened, stay away from the second day."""
    kept = {}

    def on_the_first_day(site):
        rows = came(site, 20)
        prepare(site.state.people, rows)
        kept["ids"] = site.state.people["id"][rows].copy()

    site = after_the_first_day(on_the_first_day, **values).world.sites["zvecan"]
    rows = np.isin(site.state.people["id"], kept["ids"])
    away = site.state.people["arrival_tick"][rows] == NEVER
    assert rows.sum() == 20
    assert sorted(site.state.people["id"][rows][away].tolist()) == sorted(site.stay_away.tolist())
    return int(away.sum())


def test_people_handed_over_stay_away_and_people_let_go_come_again():
    def detained(people, rows):
        people["conduct"][rows] = Conduct.DETAINED

    unpunished = {"later_identified_chance": 0.0}
    assert away_after(detained, handed_over_chance=1.0, **unpunished) == 20
    assert away_after(detained, handed_over_chance=0.0, **unpunished) == 0


def test_people_arrested_before_the_second_day_stay_away_and_people_arrested_later_come_again():
    def violent(people, rows):
        people["was_violent"][rows] = 1

    sure = {"later_identified_chance": 1.0, "later_arrested_chance": 1.0}
    assert away_after(violent, arrest_window_days=2.0, **sure) == 20
    assert 0 < away_after(violent, arrest_window_days=10.0, **sure) < 20
    assert away_after(violent, later_identified_chance=0.0) == 0


def test_the_seriously_hurt_stay_away_and_the_lightly_hurt_come_again():
    for grade, away in ((Grade.SERIOUS, 20), (Grade.LIGHT, 0), (Grade.UNHURT, 0)):

        def injured(people, rows, grade=grade):
            people["grade"][rows] = grade

        assert away_after(injured) == away


# --- what certainty learns ----------------------------------------------------------------------------------------------


def learnt(known, clusters, conduct=Conduct.STANDING, **values):
    """Return the certainty of hand-made people, one half before the night, after it."""
    people = table(PEOPLE, len(known))
    people["cluster"] = clusters
    people["conduct"] = conduct
    people["certainty"] = 0.5
    parameters = shipped_parameters().with_values({"learning_rate": 0.4, "cluster_tie": 0.5, "stranger_tie": 0.02} | values).record()
    learn_from_consequences(people, np.array(known, dtype=np.int8), parameters)
    return people["certainty"].tolist()


def test_violence_that_went_unpunished_lowers_certainty_by_tie_one_selfs_most_strangers_least():
    own, mate, stranger = learnt([UNPUNISHED, UNKNOWN, UNKNOWN], [0, 0, 1])
    assert own < mate < stranger < 0.5
    assert own == pytest.approx(0.5 * 0.6 * (1.0 - 0.4 * 0.02))
    assert mate == pytest.approx(0.5 * 0.8 * (1.0 - 0.4 * 0.02))
    assert stranger == pytest.approx(0.5 * (1.0 - 0.4 * 0.02))


def test_arrests_raise_certainty_by_tie():
    own, mate, stranger = learnt([PUNISHED, UNKNOWN, UNKNOWN], [0, 0, 1])
    assert 0.5 < stranger < mate < own


def test_a_cluster_is_told_by_the_share_of_its_cases_that_met_a_consequence_ones_own_left_out():
    alone = learnt([UNPUNISHED], [0])[0]
    beside = learnt([UNPUNISHED, PUNISHED], [0, 0], stranger_tie=0.0)[0]
    assert beside == pytest.approx(0.5 * 0.6 + 0.4 * 0.5 * (1.0 - 0.5 * 0.6))
    assert beside > alone
    mixed, all_met = (learnt([UNKNOWN, PUNISHED, other], [0, 0, 0])[0] for other in (UNPUNISHED, PUNISHED))
    assert mixed == pytest.approx(0.5)
    assert all_met > mixed


def test_where_there_is_no_case_or_at_learning_rate_0_nobody_learns():
    assert learnt([UNKNOWN] * 3, [0, 0, 1]) == [0.5] * 3
    assert learnt([PUNISHED, UNPUNISHED, UNKNOWN], [0, 0, 1], learning_rate=0.0) == [0.5] * 3


def test_who_was_not_there_learns_nothing():
    assert learnt([UNPUNISHED, UNKNOWN], [0, 0], conduct=Conduct.ABSENT) == [0.5, 0.5]


def certainty_on_the_second_day(**values):
    """Return mean certainty, on the second day, of people in clusters of whom some were violent on the first."""
    kept = {}

    def some_violent(site):
        rows = came(site, 40)
        site.state.people["was_violent"][rows[::4]] = 1
        site.state.people["certainty"][rows] = 0.5
        kept["ids"] = site.state.people["id"][rows].copy()

    people = after_the_first_day(some_violent, **values).world.sites["zvecan"].state.people
    return float(people["certainty"][np.isin(people["id"], kept["ids"])].mean())


def test_in_a_run_certainty_falls_after_unpunished_violence_rises_after_arrests_and_at_learning_rate_0_stays():
    sure = {"later_identified_chance": 1.0, "later_arrested_chance": 1.0, "arrest_window_days": 1.0}
    assert certainty_on_the_second_day(later_identified_chance=0.0) < 0.5
    assert certainty_on_the_second_day(**sure) > 0.5
    assert certainty_on_the_second_day(**sure, learning_rate=0.0) == pytest.approx(0.5)
