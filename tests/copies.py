"""Copies of the shipped scenarios that a test may spoil: the whole of May 2023, its part at Zvečan, and the night at Banjska."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.scenario.shipped import SHIPPED

WHOLE, PART, NIGHT = "may_2023", "may_2023_zvecan", "banjska_2023"
DAYS = ("may_26", "may_29", "may_31")


@dataclass(frozen=True)
class ScenarioCopy:
    folder: Path

    def text(self, file: str) -> str:
        return (self.folder / file).read_text("utf-8")

    def edit(self, file: str, old: str, new: str, times: int = 1) -> ScenarioCopy:
        """Replace *old*, which must occur, in one of the files."""
        text = self.text(file)
        assert old in text, f"{file} holds no {old!r}"
        (self.folder / file).write_text(text.replace(old, new, times), "utf-8")
        return self

    def line_of(self, file: str, text: str) -> int:
        """Return the line on which *text* first stands."""
        before, found, _ = self.text(file).partition(text)
        assert found, f"{file} holds no {text!r}"
        return before.count("\n") + 1

    def write(self, file: str, content: str | bytes) -> ScenarioCopy:
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def until(self, day: str, end: str) -> ScenarioCopy:
        """Let a day end early."""
        date = f"2023-05-{day[-2:]}"
        _, _, rest = self.text(f"{day}.yaml").partition(f'end: "{date} ')
        return self.edit(f"{day}.yaml", f'end: "{date} {rest[:5]}"', f'end: "{date} {end}"')

    def only(self, *days: str) -> ScenarioCopy:
        """Leave only some of the days in the scenario."""
        listed = ", ".join(f"{day}.yaml" for day in DAYS)
        return self.edit("scenario.yaml", f"days: [{listed}]", f"days: [{', '.join(f'{day}.yaml' for day in days)}]")


@pytest.fixture
def scenario_copy(tmp_path):
    """A copy of the whole, in the folder ``copy``."""
    shutil.copytree(SHIPPED / WHOLE, tmp_path / "copy")
    return ScenarioCopy(tmp_path / "copy")


@pytest.fixture
def part_copy(tmp_path):
    """A copy of the part, in the folder ``part``; its whole is the shipped one."""
    shutil.copytree(SHIPPED / PART, tmp_path / "part")
    return ScenarioCopy(tmp_path / "part")


@pytest.fixture
def night_copy(tmp_path):
    """A copy of the night at Banjska, in the folder ``night``."""
    shutil.copytree(SHIPPED / NIGHT, tmp_path / "night")
    return ScenarioCopy(tmp_path / "night")


@pytest.fixture
def short(scenario_copy):
    """The first hour of 29 May at its four sites, as a folder."""
    return scenario_copy.only("may_29").until("may_29", "07:00").folder
