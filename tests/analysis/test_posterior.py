"""The posterior as a file and a page: what is kept, taken up again, refused and accepted; and the word that has to be earned."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.abc_smc import Sizes
from analysis.calibrate_command import command
from analysis.calibrate_posterior import inferred_from, keep_posterior, posterior_of
from analysis.particle_runs import FIRST_SEED
from analysis.posterior import accept, particle_for_run, read_posterior
from analysis.posterior_page import as_page, earned
from analysis.posterior_question import question_of
from sim.api import InputError

SIZES = Sizes(particles=40, first=120, later=60, runs=240)
TYPED = ("--method", "abc_smc", "--particles", "40", "--first", "120", "--later", "60", "--runs", "240", "--parameters", "alpha,beta")


@pytest.fixture
def played(toy, monkeypatch):
    """The toy scenario where particles are played and the command loads it."""
    toy.write("{name: share, outcome: may_2/north/share,", "{name: share, observed: 0.4, outcome: may_2/north/share,")
    monkeypatch.setattr("analysis.particle_runs.run_many", toy.run_many)
    monkeypatch.setattr("sim.api.load_scenario", lambda _name: toy.scenario)
    return toy


def found_by(toy, parameters=("alpha", "beta"), folder=None, **more):
    return inferred_from(question_of(toy.scenario, parameters, more.pop("others", None), SIZES, 1, **more), folder)


def typed(*arguments):
    return CliRunner().invoke(command, ["toy", *TYPED, *arguments], standalone_mode=False)


def test_what_a_day_tells_is_informed_and_what_nothing_reads_is_prior(played):
    found = found_by(played, ("alpha", "beta", "idle"))
    verdicts = {item.name: item.verdict for item in found.narrowed}
    assert verdicts == {"alpha": "informed", "beta": "informed", "idle": "prior"}
    assert {event for event, _ in found.question.data} == {"may_1", "may_2"}


def test_only_what_was_observed_on_a_day_is_data(played):
    names = [item.name for _, item in question_of(played.scenario, ("alpha",), None, SIZES, 1).data]
    assert names == ["hurt", "share"], "no share of runs, no rise, nothing imposed"


def test_a_band_of_grade_c_is_no_observation(played):
    played.write(
        "kind: share, band: [0.2, 0.6], nature: emergent, source: s, grade: A",
        "kind: share, band: [0.2, 0.6], nature: emergent, source: s, grade: C",
    )
    assert [item.name for _, item in question_of(played.scenario, ("alpha",), None, SIZES, 1).data] == ["hurt"]


def test_every_particle_has_luck_of_its_own_apart_from_all_other_studies(played):
    found_by(played)
    seeds = [case.seed for case in played.played]
    assert len(set(seeds)) == len(seeds) == 240
    assert min(seeds) >= FIRST_SEED


def test_parameters_that_are_not_inferred_vary_from_particle_to_particle(played):
    found_by(played)
    assert len({case.values["planned"] for case in played.played}) == 240


def test_others_come_from_surviving_sets_where_there_are_some_and_the_page_says_that_data_count_twice(played):
    sets = {"provenance": {}, "parameters": ["alpha", "planned"], "sets": [[0.5, 0.11], [0.6, 0.12]], "dummies": []}
    (played.folder / "surviving_sets.json").write_text(json.dumps(sets), "utf-8")
    found = found_by(played)
    assert {case.values["planned"] for case in played.played} == {0.11, 0.12}
    assert len({case.values["alpha"] for case in played.played}) == 240, "what is inferred is never held"
    assert "count twice" in as_page(found)
    assert "count twice" not in as_page(found_by(played, others="prior"))


def test_nothing_is_written_without_out(played):
    before = {path.name for path in played.folder.iterdir()}
    result = typed()
    assert result.return_value == 0
    assert {path.name for path in played.folder.iterdir()} == before
    assert "--out FOLDER keeps it" in result.stderr


def test_out_keeps_posterior_page_and_generations_and_never_a_scenario_s_parameters(played, tmp_path):
    before = {path.name: path.read_bytes() for path in played.folder.iterdir()}
    assert typed("--out", str(tmp_path / "p")).return_value == 0
    assert {path.name for path in (tmp_path / "p").iterdir()} == {"posterior.json", "posterior.md", "generations"}
    assert {path.name: path.read_bytes() for path in played.folder.iterdir()} == before


def test_a_posterior_is_read_as_it_was_written_and_its_particles_are_whole_sets(played, tmp_path):
    found = found_by(played)
    keep_posterior(found, as_page(found), tmp_path)
    kept, made = read_posterior(tmp_path / "posterior.json"), posterior_of(found)
    assert (kept.names, kept.particles, kept.weights, kept.others, kept.other_of) == (
        made.names,
        made.particles,
        made.weights,
        made.others,
        made.other_of,
    )
    assert set(kept.values(0)) == {"alpha", "beta", "idle", "planned"}
    played_sets = [case.values for case in played.played]
    assert all(kept.values(place) in played_sets for place in range(len(kept))), "a particle is what was played"


def test_draws_follow_the_weights_and_the_generator_alone(played):
    posterior = posterior_of(found_by(played))
    draws = posterior.draw(4000, np.random.default_rng(1))
    mean = np.average([row[0] for row in posterior.particles], weights=posterior.weights)
    assert np.mean([values["alpha"] for values in draws]) == pytest.approx(mean, abs=0.005)
    assert draws == posterior.draw(4000, np.random.default_rng(1))


def test_a_calibration_that_was_broken_off_goes_on_where_it_stopped_and_gives_the_same(played, tmp_path, monkeypatch):
    whole, run_many, calls = posterior_of(found_by(played)), played.run_many, []

    def broken(cases, *rest):
        calls.append(len(cases))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return run_many(cases, *rest)

    monkeypatch.setattr("analysis.particle_runs.run_many", broken)
    with pytest.raises(KeyboardInterrupt):
        found_by(played, folder=_with_generations(tmp_path))
    played.played.clear()
    again = posterior_of(found_by(played, folder=tmp_path))
    assert again == whole
    assert len(played.played) == 120, "the first generation is not played again"


def _with_generations(folder):
    (folder / "generations").mkdir()
    return folder


def test_generations_of_another_question_are_refused(played, tmp_path):
    found_by(played, folder=_with_generations(tmp_path))
    with pytest.raises(InputError, match="another question, model or size"):
        found_by(played, ("alpha",), folder=tmp_path)


def test_the_result_does_not_depend_on_the_number_of_workers(played):
    question = question_of(played.scenario, ("alpha",), None, SIZES, 1)
    assert posterior_of(inferred_from(question, workers=1)) == posterior_of(inferred_from(question, workers=4))
    assert played.workers == {1, 4}


def test_the_page_never_calls_a_parameter_calibrated_that_contracts_by_less_than_three_tenths(played):
    found = found_by(played, ("alpha", "idle"))
    told = as_page(found)
    assert earned(found) == {"alpha"}
    assert [line for line in told.splitlines() if "calibrated" in line] == [
        line for line in told.splitlines() if "calibrated to these events" in line
    ]
    assert not any("calibrated" in line for line in told.splitlines() if "`idle`" in line)
    none = replace(found, narrowed=tuple(replace(item, contraction=0.299, error=0.0) for item in found.narrowed))
    assert "calibrated" not in re.sub(r"calibrate ", "", as_page(none)).lower()


def test_a_parameter_whose_known_truths_speak_against_it_is_not_called_calibrated(played):
    found = found_by(played)
    misled = replace(found, ranks=tuple(replace(item, fault="too narrow") for item in found.ranks))
    assert earned(misled) == set()
    assert "calibrated" not in as_page(misled)
    assert "known truths say that its interval is too narrow" in as_page(misled)


def test_what_the_prior_cannot_explain_is_told_before_all_else(played, tmp_path):
    played.write("observed: 15", "observed: 4000")
    result = typed("--out", str(tmp_path / "p"))
    assert "warning: may_1, hurt: what was observed lies outside" in result.stderr
    assert result.stdout.index("What is in doubt") < result.stdout.index("lies outside") < result.stdout.index("What the data say")


def test_a_person_accepts_a_posterior_and_the_first_change_of_it_ends_that(played, tmp_path):
    typed("--out", str(tmp_path))
    path = tmp_path / "posterior.json"
    before = path.read_bytes()
    assert read_posterior(path).standing == "not accepted"
    result = CliRunner().invoke(command, ["accept", str(path), "--by", "the analyst", "--because", "it predicts"], standalone_mode=False)
    assert result.return_value == 0
    assert path.read_bytes() == before
    assert re.fullmatch(r"accepted by the analyst on \d{4}-\d\d-\d\d: it predicts", read_posterior(path).standing)
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    assert read_posterior(path).standing == "not accepted (the file has changed since it was accepted)"


@pytest.mark.parametrize(("by", "because"), [("", "it predicts"), ("the analyst", " ")])
def test_nobody_and_no_reason_accept_nothing(played, tmp_path, by, because):
    typed("--out", str(tmp_path))
    with pytest.raises(InputError, match="is empty"):
        accept(tmp_path / "posterior.json", by, because)


def test_a_run_takes_a_particle_and_says_that_nobody_accepted_it(played, tmp_path):
    typed("--out", str(tmp_path))
    values, said = particle_for_run(tmp_path / "posterior.json", 3)
    assert values == read_posterior(tmp_path / "posterior.json").values(3)
    assert said.endswith("particle 3 of 40: not accepted")
    with pytest.raises(InputError, match="has 40 particles"):
        particle_for_run(tmp_path / "posterior.json", 40)


@pytest.mark.parametrize("text", ["{}", "[]", "no json", '{"format": 2}', '{"format": 1, "particles": [[1]], "others": 3}'])
def test_a_broken_posterior_is_refused(tmp_path, text):
    (tmp_path / "posterior.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"is no posterior.*abc_smc"):
        read_posterior(tmp_path / "posterior.json")


def test_weights_that_do_not_add_up_are_refused(played, tmp_path):
    typed("--out", str(tmp_path))
    path = tmp_path / "posterior.json"
    kept = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**kept, "weights": [0.5] * 40}), "utf-8")
    with pytest.raises(InputError, match="do not add up"):
        read_posterior(path)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--parameters", "alhpa"), "no parameter with a range"),
        (("--parameters", "alpha,alpha"), "twice"),
        (("--first", "60"), "at least twice the particles"),
        (("--others", "surviving_sets"), "there are no surviving sets"),
    ],
)
def test_a_wrong_question_is_refused_before_any_run(played, arguments, what):
    with pytest.raises(InputError, match=what):
        raise typed(*arguments).exception
    assert played.played == []


def test_without_names_what_identifiability_calls_informed_is_inferred(played):
    rows = [("idle", "prior-only", 0.1), ("beta", "weakly", 0.5), ("alpha", "informed", 0.6)]
    table = {"parameters": [{"parameter": name, "verdict": verdict, "contraction": shrunk} for name, verdict, shrunk in rows]}
    (played.folder / "identifiability.json").write_text(json.dumps(table), "utf-8")
    assert question_of(played.scenario, (), None, SIZES, 1).parameters == ("alpha", "beta")


def test_where_identifiability_names_nothing_a_person_has_to(played):
    with pytest.raises(InputError, match="--parameters"):
        question_of(played.scenario, (), None, SIZES, 1)


def test_where_runs_fail_the_reason_is_told(played):
    played.failing_seeds = {FIRST_SEED * 2 + number for number in range(240)}
    with pytest.raises(InputError, match="ValueError: broken"):
        found_by(played)


def test_options_of_one_method_are_refused_with_the_other(played):
    assert "belong to" in str(CliRunner().invoke(command, ["toy", "--out", "x"], standalone_mode=False).exception)
    assert "belong to" in str(typed("--keep").exception)


def test_days_can_be_taken_for_alike_to_see_what_that_does_and_the_page_says_so(played):
    item = SimpleNamespace(**vars(played.scenario.parameters))
    valued = dict(item.valued)
    valued["episode_injury_spread"] = replace(valued["alpha"], value=0.3, low=0.1, high=0.5)
    played.scenario.parameters.valued = valued
    found = found_by(played, event_effects=False)
    assert {case.values["episode_injury_spread"] for case in played.played} == {0.0}
    assert "too narrow, on purpose" in as_page(found)
