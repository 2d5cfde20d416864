"""A copy of the shipped scenario that a test may spoil."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.scenario.shipped import SHIPPED

NAME = "may_2023_zvecan"


@dataclass(frozen=True)
class ScenarioCopy:
    folder: Path

    def edit(self, file: str, old: str, new: str, times: int = 1) -> ScenarioCopy:
        """Replace *old*, which must occur, in one of the files."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} holds no {old!r}"
        path.write_text(text.replace(old, new, times), "utf-8")
        return self

    def line_of(self, file: str, text: str) -> int:
        """Return the line on which *text* first stands."""
        before, found, _ = (self.folder / file).read_text("utf-8").partition(text)
        assert found, f"{file} holds no {text!r}"
        return before.count("\n") + 1

    def write(self, file: str, content: str | bytes) -> ScenarioCopy:
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self


@pytest.fixture
def scenario_copy(tmp_path):
    shutil.copytree(SHIPPED / NAME, tmp_path / "copy")
    return ScenarioCopy(tmp_path / "copy")
