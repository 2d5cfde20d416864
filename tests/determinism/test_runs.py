"""One seed, one record: played twice, replayed from its folder, in another process, and with its rows in another order."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from sim.engine import turn
from sim.engine.model import TheatreModel
from sim.engine.outcomes import outcomes_of
from sim.engine.replay import replay
from sim.engine.run import historical_seats, new_model, play
from sim.engine.run_folder import read_run, save

SEED = 7

ELSEWHERE = f"""
from sim.engine.run import play
from sim.scenario.loader import load_scenario
print(play(load_scenario("may_2023_zvecan"), {SEED}).digest)
"""


def shuffled(model: TheatreModel, order: int) -> TheatreModel:
    """Put the rows of people in another order: waves in reverse, and people at random within their wave."""
    world, random = model.world, np.random.default_rng(order)
    rows, waves = [], []
    for wave in reversed(world.waves):
        first = sum(len(part) for part in rows)
        rows.append(random.permutation(np.arange(wave.first_row, wave.end_row)))
        waves.append(replace(wave, first_row=first, end_row=first + len(rows[-1])))
    world.state.people[:] = world.state.people[np.concatenate(rows)]
    world.waves[:] = waves
    world._rows = None
    return model


def to_the_end(model: TheatreModel) -> TheatreModel:
    while model.world.tick < model.world.clock.ticks:
        model.step()
    return model


def test_the_same_seed_played_twice_gives_the_same_record(zvecan, day):
    again = play(zvecan, SEED)
    assert again.digest == day.digest
    assert again.outcomes == day.outcomes
    assert again.world.state.people.tobytes() == day.world.state.people.tobytes()


def test_another_seed_gives_another_record(zvecan, day):
    assert play(zvecan, SEED + 1).digest != day.digest


def test_another_process_with_other_hashes_gives_the_same_record(day):
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", ELSEWHERE],
        env=os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == [day.digest]


@pytest.mark.parametrize("order", [1, 2])
def test_another_order_of_rows_gives_the_same_record(zvecan, day, order):
    model = shuffled(new_model(zvecan, SEED), order)
    assert model.world.state.people["id"].tolist() != day.world.state.people["id"].tolist()
    world = to_the_end(model).world
    assert world.record.digest() == day.digest
    assert outcomes_of(world) == day.outcomes
    for rows, others in ((world.state.people, day.world.state.people), (world.state.sections, day.world.state.sections)):
        assert rows[np.argsort(rows["id"])].tobytes() == others[np.argsort(others["id"])].tobytes()


def test_the_check_of_row_order_notices_a_draw_keyed_by_row(zvecan, day, monkeypatch):
    """A step that asks for the row number instead of the person's id breaks the equality."""

    def by_row(world, minutes):
        if world.tick == 2000:
            world.state.people["anger"][:40] = 1.0
        move.play(world, minutes)

    move = next(step for step in turn.ORDER_OF_PLAY if step.name == "movement")
    broken = tuple(replace(step, play=by_row) if step is move else step for step in turn.ORDER_OF_PLAY)
    monkeypatch.setattr(turn, "ORDER_OF_PLAY", broken)
    straight = to_the_end(new_model(zvecan, SEED)).world.record.digest()
    assert straight != to_the_end(shuffled(new_model(zvecan, SEED), 1)).world.record.digest()


@pytest.mark.parametrize("seats", ["automatic", "history"])
def test_a_run_replays_from_its_folder_to_the_same_record(zvecan, day, tmp_path, seats):
    finished = day if seats == "automatic" else play(zvecan, SEED, historical_seats(zvecan))
    save(finished, tmp_path / "run", seats)
    found = replay(read_run(tmp_path / "run"))
    assert found.difference == ""
    assert found.identical
    assert found.same_model
    assert found.digest == finished.digest


def test_frames_for_the_map_change_nothing(zvecan, day):
    assert play(zvecan, SEED, frames_every=40).digest == day.digest


def test_a_run_played_in_parts_gives_the_same_record(zvecan, day):
    model = new_model(zvecan, SEED)
    for ticks in (1, 2, 3, 500, 1000):
        model.run_for(ticks)
    assert model.world.tick == 1506
    assert to_the_end(model).world.record.digest() == day.digest
