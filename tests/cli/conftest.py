"""What tests of the command line can ask for: a call in this process, a kept run, a copy of the scenario to spoil."""

from __future__ import annotations

import shutil

import pytest
from copies import NAME, scenario_copy

from sim.cli.main import main
from sim.foundations.documents import Document, read_document

PARSED: dict[tuple[str, bytes], Document] = {}

__all__ = ["scenario_copy"]


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

    for module in ("sim.doctrine.framework", "sim.scenario.loader", "sim.seats.doctrine_table"):
        monkeypatch.setattr(f"{module}.read_document", quick)


@pytest.fixture(scope="session")
def kept_run(tmp_path_factory):
    """A run on disk that tests may read; see ``spoilt_run`` for one that they may change."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    with pytest.raises(SystemExit) as ended:
        main(["run", NAME, "--seed", "3", "--set", "roe.explicitness=0.8", "--out", str(folder)])
    assert not ended.value.code
    return folder


@pytest.fixture
def spoilt_run(kept_run, tmp_path):
    """A copy of the kept run that a test may change."""
    return shutil.copytree(kept_run, tmp_path / "run")
