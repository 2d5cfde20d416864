"""What tests of the command line can ask for: a call in this process, kept runs, copies of the scenarios to spoil."""

from __future__ import annotations

import re
import shutil

import pytest
from copies import PART, WHOLE, night_copy, part_copy, scenario_copy, short

from sim.cli.main import main
from sim.foundations.documents import Document, read_document

PARSED: dict[tuple[str, bytes], Document] = {}
PARSERS = (
    "doctrine.concessions",
    "doctrine.framework",
    "geography.site_plan",
    "scenario.loader",
    "scenario.overview",
    "scenario.problems",
    "scenario.remarks",
    "seats.doctrine_table",
)

__all__ = ["night_copy", "part_copy", "scenario_copy", "short"]


@pytest.fixture
def kforsim(capsys):
    """Call the command line and return exit code, output and error output."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def refused(kforsim):
    """Call with bad input; return the complaints: exit 2, nothing printed as an answer, no traceback, one line each."""

    def call(*arguments: object) -> str:
        code, out, err = kforsim(*arguments)
        assert code == 2, out + err
        assert out == ""
        complaints = [line for line in err.splitlines() if line.startswith("error: ")]
        assert complaints
        assert "Traceback" not in err
        return "\n".join(complaints)

    return call


@pytest.fixture
def parsed_once(monkeypatch):
    """Parse a file that says what another has said only once: parsing is most of what loading a scenario takes."""

    def quick(path, root=None):
        try:
            key = (str(path.relative_to(root)), path.read_bytes())
        except (OSError, ValueError, TypeError):
            return read_document(path, root)
        if key not in PARSED:
            PARSED[key] = read_document(path, root)
        return PARSED[key]

    for module in PARSERS:
        monkeypatch.setattr(f"sim.{module}.read_document", quick)


@pytest.fixture
def warnings(kforsim):
    """Return the warnings about a scenario that is good."""

    def call(path) -> list[str]:
        code, out, err = kforsim("check", path)
        assert (code, err) == (0, ""), out
        assert "problem:" not in out
        return [line.removeprefix("warning: ") for line in out.splitlines() if line.startswith("warning: ")]

    return call


@pytest.fixture
def new_warnings(warnings, scenario_copy):
    """Return the warnings about a copy that the scenario as shipped has not."""
    before = [re.sub(r":\d+:", "::", line) for line in warnings(scenario_copy.folder)]

    def call() -> list[str]:
        return [line for line in warnings(scenario_copy.folder) if re.sub(r":\d+:", "::", line) not in before]

    return call


def _kept(folder, *arguments: str):
    with pytest.raises(SystemExit) as ended:
        main(["run", *arguments, "--out", str(folder)])
    assert not ended.value.code
    return folder


@pytest.fixture(scope="session")
def kept_run(tmp_path_factory):
    """A run of the part as history had it, with a dial turned, that tests may read; ``spoilt_run`` is one they may change."""
    return _kept(tmp_path_factory.mktemp("kept") / "run", PART, "--seed", "3", "--seats", "history", "--set", "roe.explicitness=0.8")


@pytest.fixture(scope="session")
def kept_days(tmp_path_factory):
    """A run of two days at several sites, by automatic seats, that tests may read."""
    return _kept(tmp_path_factory.mktemp("kept") / "days", WHOLE, "--seed", "3", "--day", "may_26", "--day", "may_29")


@pytest.fixture
def spoilt_run(kept_run, tmp_path):
    """A copy of the kept run that a test may change."""
    return shutil.copytree(kept_run, tmp_path / "run")


@pytest.fixture
def spoilt_days(kept_days, tmp_path):
    """A copy of the kept run of two days that a test may change."""
    return shutil.copytree(kept_days, tmp_path / "days")
