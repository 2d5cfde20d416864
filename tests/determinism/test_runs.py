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
from sim.engine.run import automatic_seats, historical_seats, new_model, play
from sim.engine.run_folder import read_run, save

SEED = 7
ONE_O_CLOCK = 13 * 240
"""Tick of 13:00 on the first day."""

ELSEWHERE = f"""
import sys
from sim.engine.run import play
from sim.scenario.loader import load_scenario
print(play(load_scenario(sys.argv[1]), {SEED}).digest)
"""


class Shuffled(TheatreModel):
    """A model whose rows of people stand in another order: waves in reverse, and people at random within their wave."""

    order = 1

    def _begin_next_day(self):
        super()._begin_next_day()
        random = np.random.default_rng(self.order)
        for site in self.world.sites.values():
            rows, waves = [], []
            for wave in reversed(site.waves):
                first = sum(len(part) for part in rows)
                rows.append(random.permutation(np.arange(wave.first_row, wave.end_row)))
                waves.append(replace(wave, first_row=first, end_row=first + len(rows[-1])))
            site.state.people[:] = site.state.people[np.concatenate(rows)]
            site.waves[:] = waves


def to_the_end(model: TheatreModel) -> TheatreModel:
    while not model.over:
        model.step()
    return model


def shuffled(scenario, order):
    model = type("Order", (Shuffled,), {"order": order})
    return model(scenario, SEED, automatic_seats(scenario))


def people(world):
    """Return the tables of people of every day and site, one after the other."""
    return [played.state.people for played in world.played.values()]


def test_the_run_has_two_days_at_several_sites_and_the_first_is_felt_on_the_second(run):
    assert [*run.world.played] == [
        ("may_26", "zvecan"),
        ("may_26", "leposavic"),
        ("may_29", "zvecan"),
        ("may_29", "leposavic"),
        ("may_29", "north_mitrovica"),
    ]
    assert len(run.world.remembered) > 100
    assert run.outcomes["may_26/hurt"] > 0
    assert run.outcomes["may_29/hurt"] > 0


def test_the_same_seed_played_twice_gives_the_same_record(days, run):
    again = play(days, SEED)
    assert again.digest == run.digest
    assert again.outcomes == run.outcomes
    assert [table.tobytes() for table in people(again.world)] == [table.tobytes() for table in people(run.world)]


def test_another_seed_gives_another_record(days, run):
    assert play(days, SEED + 1).digest != run.digest


def test_another_process_with_other_hashes_gives_the_same_record(days, run):
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", ELSEWHERE, str(days.folder)],
        env=os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == [run.digest]


@pytest.mark.parametrize("order", [1, 2])
def test_another_order_of_rows_gives_the_same_record(days, run, order):
    model = shuffled(days, order)
    first = model.world.sites["zvecan"].state.people["id"].tolist()
    world = to_the_end(model).world
    assert first != people(run.world)[0]["id"].tolist()
    assert sorted(first) == sorted(people(run.world)[0]["id"].tolist())
    assert world.record.digest() == run.digest
    assert outcomes_of(world) == run.outcomes
    for played, other in zip(world.played.values(), run.world.played.values(), strict=True):
        for rows, others in ((played.state.people, other.state.people), (played.state.sections, other.state.sections)):
            assert rows[np.argsort(rows["id"])].tobytes() == others[np.argsort(others["id"])].tobytes()


def test_the_check_of_row_order_notices_a_draw_keyed_by_row(zvecan, monkeypatch):
    """A step that asks for the row number instead of the person's id breaks the equality."""
    one_o_clock = zvecan.clock().tick_at(zvecan.days[0].file.start) + 7 * 240

    def by_row(world, minutes):
        if world.tick == one_o_clock:
            world.sites["zvecan"].state.people["anger"][:40] = 1.0
        move.play(world, minutes)

    move = next(step for step in turn.ORDER_OF_PLAY if step.name == "movement")
    broken = tuple(replace(step, play=by_row) if step is move else step for step in turn.ORDER_OF_PLAY)
    monkeypatch.setattr(turn, "ORDER_OF_PLAY", broken)
    straight = to_the_end(new_model(zvecan, SEED)).world.record.digest()
    assert straight != to_the_end(shuffled(zvecan, 1)).world.record.digest()


@pytest.mark.parametrize("seats", ["automatic", "history"])
def test_a_run_replays_from_its_folder_to_the_same_record(days, run, tmp_path, seats):
    finished = run if seats == "automatic" else play(days, SEED, historical_seats(days))
    save(finished, tmp_path / "run", seats)
    found = replay(read_run(tmp_path / "run"))
    assert found.difference == ""
    assert found.identical
    assert found.same_model
    assert found.digest == finished.digest


def test_frames_for_the_map_change_nothing(days, run):
    with_frames = play(days, SEED, frames_every=40)
    assert with_frames.digest == run.digest
    assert [*with_frames.frames] == [*run.world.played]


def test_a_run_played_in_parts_gives_the_same_record(days, run):
    model = new_model(days, SEED)
    first = model.world.tick
    for ticks in (1, 2, 3, 500, 1000):
        model.run_for(ticks)
    assert model.world.tick == first + 1506
    assert to_the_end(model).world.record.digest() == run.digest
