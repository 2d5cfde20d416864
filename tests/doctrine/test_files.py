"""Doctrine files: what ships is sound, and what is wrong is named by file, line and field."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sim.doctrine.command import load_command
from sim.doctrine.framework import load_framework
from sim.doctrine.mandate import ChangeLevel, load_mandate
from sim.doctrine.rules_of_engagement import load_rules
from sim.doctrine.seat_orders import SEAT_ORDERS, Organisation
from sim.foundations.errors import InputError
from sim.foundations.figures import Span
from sim.vocabulary import OrderKind

MAY = Path(__file__).parents[2] / "scenarios" / "may_2023"
FILES = ("mandate.yaml", "rules_of_engagement.yaml", "command.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(MAY / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first *old* in the file and return its line."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def complaints(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_framework(folder, folder)
    return str(caught.value)


def test_the_shipped_files_load_alone_and_together() -> None:
    framework = load_framework(MAY)
    assert framework.mandate == load_mandate(MAY / "mandate.yaml")
    assert framework.rules == load_rules(MAY / "rules_of_engagement.yaml")
    assert framework.command == load_command(MAY / "command.yaml")


def test_fifteen_officers_sit_in_three_vehicles() -> None:
    crews = next(unit for unit in load_command(MAY / "command.yaml").units if unit.id == "kp_vehicle_crews")
    assert (crews.sections, crews.strength) == (3, 15)


def test_a_reserve_is_kept_by_each_responder_and_is_attached_to_nobody() -> None:
    reserve = [unit for unit in load_command(MAY / "command.yaml").units if unit.reserve]
    assert {unit.organisation for unit in reserve} == {"kfor", "kosovo_police", "eulex", "ksf"}
    for unit in reserve:
        assert unit.attached is None
        assert {unit.commander_at(minute) for minute in (0, 720, 1439)} == {unit.parent}


def test_governments_order_only_what_a_government_can_and_each_force_acts_in_somebodys_name() -> None:
    governments = load_command(MAY / "command.yaml").governments
    assert all(set(item.orders) <= SEAT_ORDERS[Organisation.GOVERNMENT] for item in governments)
    assert {"kfor", "kosovo_police", "crowd"} <= {force for item in governments for force in item.licenses}
    assert [item.id for item in governments if OrderKind.ORDER_ENTRY in item.orders] == ["pristina"]


def test_no_chain_crosses_organisations() -> None:
    command = load_command(MAY / "command.yaml")
    for item in command.headquarters:
        chain = command.chain(item.id)
        assert {command.headquarters_of(upper).organisation for upper in chain} == {item.organisation}
        assert len(chain) == len(set(chain))


def test_a_unit_has_one_commander_at_every_minute() -> None:
    command = load_command(MAY / "command.yaml")
    alpini = next(unit for unit in command.units if unit.id == "italian_alpini")
    assert alpini.commander_at(5 * 60) == "rc_west"
    assert alpini.commander_at(5.5 * 60) == "kfor_zvecan"


def test_no_text_names_a_person() -> None:
    titles = re.compile(r"\b(General|Colonel|Major|Captain|Mr|Ms)\.? [A-ZČŠŽĐ]")
    for name in FILES:
        assert not titles.search((MAY / name).read_text("utf-8")), name


def test_only_the_level_that_holds_a_clause_may_change_it() -> None:
    mandate = load_mandate(MAY / "mandate.yaml")
    for clause in mandate.clauses:
        may = [level for level in ChangeLevel if mandate.may_change(level, clause.id)]
        assert may == [clause.changed_by]
    assert not mandate.may_change("kfor_commander", "M-2013")


def test_training_profiles_stay_within_the_scale() -> None:
    command = load_command(MAY / "command.yaml")
    for unit in command.units:
        assert 0.0 <= command.training_of(unit, 0.0) <= command.training_of(unit, 1.0) <= 1.0


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "words"),
    [
        ("command.yaml", "superior: rc_east", "superior: rc_eastt", "superior", "did you mean 'rc_east'?"),
        ("command.yaml", "superior: rc_east", "superior: kp_director", "superior", "nobody commands across chains"),
        ("command.yaml", "superior: rc_east", "superior: kfor_zvecan", "superior", "runs in a circle"),
        ("command.yaml", "parent: ktrbn", "parent: eulex_fpu", "parent", "nobody commands across chains"),
        ("command.yaml", "headquarters: kfor_zvecan", "headquarters: kp_zvecan", "headquarters", "nobody commands across chains"),
        ("command.yaml", "contingent: hungary", "contingent: hungry", "contingent", "did you mean 'hungary'?"),
        ("command.yaml", "sections: 12", "sections: 30", "sections", "300 persons, outside 80 to 150"),
        ("command.yaml", "readiness: standard", "readiness: standart", "readiness", "did you mean 'standard'?"),
        ("command.yaml", '"05:30"', '"75:30"', "from_time", "is not a time of day"),
        ("command.yaml", "reserve: true", "reserve: perhaps", "reserve", "valid boolean"),
        ("command.yaml", "orders: [order_entry,", "orders: [order_entri,", "governments.0.orders.0", "Input should be"),
        ("command.yaml", "addresses: [kosovo_police]", "addresses: [police]", "governments.0.addresses.0", "Input should be"),
        ("command.yaml", "kind: manoeuvre", "kindd: manoeuvre", "kindd", "did you mean 'kind'?"),
        ("command.yaml", "id: rc_west", "id: rc_east", "id", "stands twice"),
        ("mandate.yaml", "silence_clause: M-SILENCE", "silence_clause: M-SILENC", "silence_clause", "did you mean 'M-SILENCE'?"),
        ("mandate.yaml", "clause: M-2013", "clause: M-2012", "clause", "no clause 'M-2012'"),
        ("mandate.yaml", "approval_holder: jfc_naples", "approval_holder: jfc_neaples", "approval_holder", "did you mean 'jfc_naples'?"),
        ("mandate.yaml", "changed_by: nato_council", "changed_by: parliament", "changed_by", "nato_council"),
        ("mandate.yaml", "low: 14, central: 60", "low: 140, central: 60", "days", "low <= central <= high"),
        ("mandate.yaml", "task: disperse", "task: separate", "", "two rows for separate"),
        ("rules_of_engagement.yaml", "holder: kfor_commander", "holder: ktrbn", "holder", "does not hold shields_and_batons"),
        ("rules_of_engagement.yaml", "holder: kfor_commander", "holder: kp_director", "holder", "held in the force's own chain"),
        ("rules_of_engagement.yaml", "orders: [push]", "orders: [sit_down]", "orders", "cannot order sit_down"),
        ("rules_of_engagement.yaml", "orders: [push]", "orders: [use_agents]", "orders", "move it to agents"),
        ("rules_of_engagement.yaml", "held_by: chisinau", "held_by: rome", "held_by", "not the capital of moldova"),
        ("rules_of_engagement.yaml", "moldova: 0.7", "moldova: 1.7", "reading", "outside 0 to 1"),
        ("rules_of_engagement.yaml", "order: push", "orders: push", "orders", "did you mean 'order'?"),
        ("rules_of_engagement.yaml", "needs_warning: true", "needs_warnings: true", "needs_warnings", "did you mean 'needs_warning'?"),
        ("rules_of_engagement.yaml", "  value: 0.3", "  value: 0.9", "explicitness", "outside its own range"),
    ],
)
def test_a_bad_file_is_named_by_file_line_and_field(folder: Path, file: str, old: str, new: str, field: str, words: str) -> None:
    line = edit(folder / file, old, new)
    told = complaints(folder)
    matching = [row for row in told.splitlines() if words in row]
    assert matching, told
    where = re.match(rf"{re.escape(file)}:(\d+):([\w.]+)", matching[0])
    assert where is not None, matching[0]
    assert abs(int(where[1]) - line) <= 8
    assert field in where[2]


def test_every_complaint_is_made_at_once(folder: Path) -> None:
    edit(folder / "command.yaml", "superior: rc_east", "superior: nobody")
    edit(folder / "rules_of_engagement.yaml", "held_by: chisinau", "held_by: rome")
    told = complaints(folder)
    assert "nobody" in told and "capital" in told


def test_a_span_gives_its_ends_its_peak_and_rises() -> None:
    span = Span(low=2.0, central=5.0, high=20.0)
    points = [span.at(share / 50) for share in range(51)]
    assert (points[0], points[-1]) == (2.0, 20.0)
    assert points == sorted(points)
    assert span.at((5.0 - 2.0) / 18.0) == pytest.approx(5.0)
    assert Span(low=3.0, central=3.0, high=3.0).at(0.9) == 3.0
