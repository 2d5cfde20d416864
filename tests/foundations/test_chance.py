"""Draws answer one question each: uniform, independent, the same bits everywhere, and blind to policy."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

import sim
from sim.foundations import chance
from sim.foundations.chance import Purpose, draw, entity_key, mix, moment_key, name_key, normal_quantile, run_key, uniform
from sim.foundations.rule import interpreted, kernel

EVERY_PURPOSE_IS_USED = True
"""Turn on when the model is complete: then a purpose without a call site is left over, and must go."""

SIM = Path(sim.__file__).parent
CHANCE = "sim.foundations.chance"
CHI_SQUARE_99_DEGREES = (55.0, 160.0)  # beyond either end by chance: less than one case in 5,000


@kernel
def _draws(key, ticks, entities, purposes, answers):
    for row in range(answers.size):
        answers[row] = draw(key, ticks[row], entities[row], purposes[row])


@kernel
def _quantiles(shares, answers):
    for row in range(shares.size):
        answers[row] = normal_quantile(shares[row])


@kernel
def _throws(key, answers):
    moment = moment_key(key, 7)
    for row in range(answers.size):
        answers[row] = uniform(entity_key(moment, row), Purpose.THROW)


def _table(key, ticks, entities, purposes):
    answers = np.zeros(len(ticks))
    _draws(key, np.asarray(ticks), np.asarray(entities), np.asarray(purposes), answers)
    return answers


def _chi_square(counts: np.ndarray) -> float:
    expected = counts.sum() / counts.size
    return float(((counts - expected) ** 2 / expected).sum())


def test_the_mixer_gives_the_published_sequence_of_splitmix64():
    step = 0x9E3779B97F4A7C15
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC, 0x1B39896A51A8749B]
    assert [mix(step * turn) for turn in range(5)] == published


def test_compiled_and_interpreted_draws_have_the_same_bits():
    rows = np.arange(10_000)
    ticks = mix_column(rows, 1) % 30_000
    entities = mix_column(rows, 2)
    purposes = np.array([list(Purpose)[row % len(Purpose)] for row in rows])
    for key in (0, 1, run_key("may_2023_zvecan", 7), 2**63 - 1):
        compiled, plain = np.zeros(rows.size), np.zeros(rows.size)
        _draws(key, ticks, entities, purposes, compiled)
        interpreted(_draws)(key, ticks, entities, purposes, plain)
        assert (compiled.view(np.int64) == plain.view(np.int64)).all()


def mix_column(rows: np.ndarray, salt: int) -> np.ndarray:
    """Entity ids as scenarios have them: 63-bit words, and a few small, zero and negative ones."""
    words = np.array([mix(int(row) + salt * 2**40) >> 1 for row in rows], dtype=np.int64)
    words[:6] = [0, 1, 2, -1, -2, 2**62]
    return words


def test_a_purpose_named_in_a_kernel_gives_the_same_bits_as_its_number():
    compiled, plain = np.zeros(100), np.zeros(100)
    _throws(99, compiled)
    interpreted(_throws)(99, plain)
    assert (compiled == plain).all()
    assert compiled[3] == draw(99, 7, 3, int(Purpose.THROW))


def test_draws_lie_from_zero_up_to_but_never_at_one():
    assert float(0xFFFF_FFFF_FFFF_FFFF >> 11) * chance._UNIT < 1.0
    rows = np.arange(10_000)
    answers = _table(5, rows, rows, np.full(rows.size, int(Purpose.ONSET)))
    assert (answers >= 0.0).all()
    assert (answers < 1.0).all()


@pytest.mark.parametrize("varied", ["run", "tick", "entity", "purpose"])
def test_draws_are_uniform_whichever_part_of_the_key_counts_up(varied):
    rows = np.arange(20_000)
    fixed = np.full(rows.size, 3)
    if varied == "run":
        answers = np.array([draw(int(row), 3, 3, int(Purpose.ONSET)) for row in rows])
    else:
        parts = {"tick": fixed, "entity": fixed, "purpose": fixed} | {varied: rows}
        answers = _table(run_key("uniform", 1), parts["tick"], parts["entity"], parts["purpose"])
    counts = np.bincount((answers * 100).astype(int), minlength=100)
    low, high = CHI_SQUARE_99_DEGREES
    assert low < _chi_square(counts) < high


@pytest.mark.parametrize("step", ["run", "tick", "entity", "purpose"])
def test_neighbouring_draws_are_independent(step):
    rows = np.arange(20_000)
    here = {"run": 11, "tick": rows, "entity": rows % 977, "purpose": rows % 40}
    there = here | {step: here[step] + 1}
    first = _table(here["run"], here["tick"], here["entity"], here["purpose"])
    second = _table(there["run"], there["tick"], there["entity"], there["purpose"])
    cells = np.bincount((first * 10).astype(int) * 10 + (second * 10).astype(int), minlength=100)
    low, high = CHI_SQUARE_99_DEGREES
    assert low < _chi_square(cells) < high
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(rows.size)


def test_two_questions_with_swapped_tick_and_entity_have_different_answers():
    pairs = [(tick, entity) for tick in range(60) for entity in range(60) if tick != entity]
    assert all(draw(1, tick, entity, 5) != draw(1, entity, tick, 5) for tick, entity in pairs)


def test_no_two_of_a_million_questions_share_a_draw_word():
    ticks, entities, purposes = (part.ravel() for part in np.meshgrid(np.arange(100), np.arange(250), np.arange(1, 41)))
    answers = _table(run_key("collisions", 1), ticks, entities, purposes)
    assert answers.size == 1_000_000
    assert np.unique(answers).size == answers.size


def test_a_draw_depends_on_its_own_question_only_and_not_on_what_was_asked_before():
    before = draw(4, 100, 12, int(Purpose.THROW))
    for entity in range(50):
        draw(4, 100, entity, int(Purpose.GUNFIRE))
    assert draw(4, 100, 12, int(Purpose.THROW)) == before


def test_the_run_key_comes_from_scenario_and_seed_and_never_from_the_policy():
    assert list(inspect.signature(run_key).parameters) == ["scenario", "seed"]
    keys = {run_key(scenario, seed) for scenario in ("may_2023_zvecan", "banjska_2023") for seed in range(500)}
    assert len(keys) == 1000
    assert run_key("may_2023_zvecan", 7) == name_key("run", "may_2023_zvecan", 7)


def test_the_run_key_never_changes_between_versions():
    assert run_key("may_2023_zvecan", 7) == 5204830928321678482


def test_name_keys_fit_a_signed_column_and_tell_the_parts_apart():
    keys = [name_key("person", place, ordinal) for place in "abc" for ordinal in range(1000)]
    assert len(set(keys)) == len(keys)
    assert all(0 <= key < 2**63 for key in keys)
    assert name_key("ab", "c") != name_key("a", "bc")


def test_the_normal_quantile_is_right_to_its_declared_error():
    exact = NormalDist()
    for share in [1e-12, 1e-6, 0.001, 0.02424, 0.02426, 0.1, 0.3, 0.49, 0.51, 0.7, 0.9, 0.97574, 0.97576, 0.999, 1 - 1e-9]:
        assert normal_quantile(share) == pytest.approx(exact.inv_cdf(share), rel=1.3e-9)
    assert normal_quantile(0.5) == 0.0


def test_compiled_and_interpreted_quantiles_have_the_same_bits():
    shares = np.arange(1, 10_000) / 10_000
    compiled, plain = np.zeros(shares.size), np.zeros(shares.size)
    _quantiles(shares, compiled)
    interpreted(_quantiles)(shares, plain)
    assert (compiled == plain).all()


def _imports_of_purpose(tree: ast.Module) -> list[tuple[str | None, str | None]]:
    """Return the module each import of the name Purpose takes it from, and the name it goes by here."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return [(node.module, alias.asname) for node in imports for alias in node.names if alias.name == "Purpose"]


def _purposes_named(node: ast.AST, ways: set[str]) -> list[str]:
    return [inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute) and ast.unparse(inner.value) in ways]


def call_sites(source: str) -> Counter[str]:
    """Count where each purpose is asked for: a constant that stands for a purpose counts each time it is read."""
    tree = ast.parse(source)
    own = any(module == CHANCE for module, _ in _imports_of_purpose(tree))
    ways = {"chance.Purpose", "Purpose"} if own else {"chance.Purpose"}
    sites: Counter[str] = Counter()
    standing: dict[str, str] = {}
    for node in tree.body:
        named = _purposes_named(node, ways)
        if isinstance(node, ast.Assign | ast.AnnAssign) and len(named) == 1:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            assert isinstance(target, ast.Name), "give a purpose one plain name"
            standing[target.id] = named[0]
        else:
            sites.update(named)
    reads = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    for name, purpose in standing.items():
        sites[purpose] += reads[name]
    return sites


def test_call_sites_are_counted_through_constants_too():
    constant = "from sim.foundations.chance import Purpose\n_A = int(Purpose.THROW)\n"
    source = constant + "def f(k):\n    return draw(k, _A) + draw(k, _A) + draw(k, Purpose.ROLE)\n"
    assert call_sites(source) == {"THROW": 2, "ROLE": 1}
    assert call_sites("f(chance.Purpose.THROW)\n") == {"THROW": 1}
    assert call_sites("from sim.elsewhere import Purpose\nf(Purpose.THROW)\n") == {}


def _sources() -> dict[Path, str]:
    paths = set(SIM.rglob("*.py")) - {SIM / "foundations" / "chance.py"}
    return {path: path.read_text("utf-8") for path in sorted(paths)}


def _draws_chances(tree: ast.Module) -> bool:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return bool(names & {"draw", "uniform"})


def test_each_purpose_has_at_most_one_call_site():
    where: dict[str, list[str]] = {}
    for path, source in _sources().items():
        for purpose, times in call_sites(source).items():
            where.setdefault(purpose, []).extend([path.relative_to(SIM).as_posix()] * times)
    assert {purpose: files for purpose, files in where.items() if len(files) > 1} == {}
    assert set(where) <= set(Purpose.__members__)
    if EVERY_PURPOSE_IS_USED:
        assert set(Purpose.__members__) - set(where) == set()


def test_purposes_go_by_their_own_name_and_are_never_passed_on_by_another_module():
    trees = {".".join(path.relative_to(SIM.parent).with_suffix("").parts): ast.parse(source) for path, source in _sources().items()}
    holders = {CHANCE} | {name for name, tree in trees.items() if any(taken[0] == CHANCE for taken in _imports_of_purpose(tree))}
    for name, tree in trees.items():
        for module, alias in _imports_of_purpose(tree):
            assert module not in holders or (module == CHANCE and alias is None), f"{name} renames Purpose or takes it from {module}"


def test_a_draw_names_its_purpose_and_never_computes_it():
    for path, source in _sources().items():
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call | ast.Subscript) and _draws_chances(tree):
                taken = node.func if isinstance(node, ast.Call) else node.value
                assert getattr(taken, "id", "") != "Purpose", f"{path} computes a purpose instead of naming it"


def test_no_two_purposes_share_a_number():
    assert len({int(purpose) for purpose in Purpose.__members__.values()}) == len(Purpose.__members__)
