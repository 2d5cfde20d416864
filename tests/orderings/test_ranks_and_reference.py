"""Ordering: ranks and a shared reference steady a line (Posadas & Teknomo 2016, peers B11).

The shared reference is the one distance from the door at which all sections stand and to which all come back. Without it
stands a line of which every other section has fallen back: the sections in front are the same in both. A model in which
sections hold or fall each for itself is rejected.
"""

from __future__ import annotations

from directions.town_square import CROWD, HUNGARIANS, ITALIANS, SECOND_COMPANY, paired, square

from sim.engine.line_kernels import redraw_line
from sim.vocabulary import OrderKind

SEEDS = range(14)
PRESSED = {"onset_per_min": 0.0, "following_per_min": 0.5, "press_weight": 0.8}
"""Everybody presses, nobody throws."""
PLACE, FALLEN_BACK = 6, 3
"""Steps from the door."""


def pressed_line(seed, units, **values):
    """Return a square in which 400 people have pressed for five minutes against a line thirty metres from the door."""
    day = square(seed, 400, units, **{**PRESSED, **values})
    state = day.site.state
    state.sections["rank"][day.line()] = PLACE
    day.order(OrderKind.TAKE_CORDON)
    state.situation["line_target"] = PLACE
    return day.play(15).order(OrderKind.PRESS, CROWD).play(5)


def given_in_front(seed, *, together):
    """Return the steps that every second section gives in a quarter of an hour, with its neighbours beside it or fallen back."""
    day = pressed_line(seed, (HUNGARIANS, ITALIANS))
    state, rows = day.site.state, day.line()
    before = int(state.sections["given"][rows[::2]].sum())
    if not together:
        state.sections["rank"][rows[1::2]] = FALLEN_BACK
        redraw_line(state.sections, day.site.ground.rings, day.site.ground.ring_length, state.line_rank)
    day.play(15)
    return int(state.sections["given"][rows[::2]].sum()) - before


def test_sections_that_keep_one_distance_give_less_ground_than_the_same_sections_out_of_line():
    apart = paired(lambda seed: given_in_front(seed, together=False) - given_in_front(seed, together=True), SEEDS)
    assert apart.told("steps given by the sections in front").rises


def given_by(seed, units):
    return pressed_line(seed, units).play(15).ground_given()


def test_a_second_rank_lowers_the_ground_given():
    spared = paired(lambda seed: given_by(seed, (HUNGARIANS, SECOND_COMPANY)) - given_by(seed, (HUNGARIANS,)), SEEDS)
    assert spared.told("steps given, two ranks less one").falls
