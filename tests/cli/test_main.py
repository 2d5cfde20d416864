"""The front: help, unknown commands, exit codes, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from sim.cli.main import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(kforsim, command):
    code, out, _ = kforsim(command, "--help")
    assert code == 0
    assert f"kforsim {command}" in out


def test_the_help_page_names_every_command(kforsim):
    code, out, _ = kforsim("--help")
    assert code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in out
        assert line in " ".join(out.split())


def test_help_loads_no_command_and_nothing_heavy():
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith('sim.cli.') and name != 'sim.cli.main'], 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[] False"


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("rnu",), ["there is no command 'rnu'", "did you mean 'run'?"]),
        (("run",), ["Missing argument", "SCENARIO"]),
        (("run", "x", "--sed", "1"), ["No such option", "--sed"]),
        (("run", "x", "--seed", "many"), ["--seed", "'many' is not a valid integer"]),
        (("run", "x", "--seed", "1.5"), ["--seed", "'1.5' is not a valid integer"]),
        (("run", "x", "--seats", "nobody"), ["--seats", "'nobody' is not one of"]),
        (("run", "x", "--day"), ["--day", "requires an argument"]),
        (("calibrat",), ["there is no command 'calibrat'", "did you mean 'calibrate'?"]),
        (("check",), ["Missing argument", "PATH"]),
        (("replay", "a", "b"), ["unexpected extra argument"]),
        (("list", "it"), ["unexpected extra argument"]),
    ],
)
def test_misuse_ends_with_2_and_says_what(kforsim, arguments, parts):
    code, out, err = kforsim(*arguments)
    assert (code, out) == (2, "")
    for part in parts:
        assert part in err


def test_no_command_shows_the_help(kforsim):
    code, out, err = kforsim()
    assert code == 2
    assert "Commands" in out + err


def test_an_interruption_ends_with_130(kforsim, monkeypatch, tmp_path):
    def interrupted(*arguments, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.engine.run.play", interrupted)
    code, _, err = kforsim("run", "may_2023_zvecan", "--out", tmp_path / "run")
    assert code == 130
    assert "interrupted" in err
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path):
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from sim.cli.main import main\n"
        f"main(['run', 'may_2023_zvecan', '--out', {str(tmp_path / 'run')!r}])"
    )
    slow = os.environ | {"KFORSIM_INTERPRETED": "1"}
    with subprocess.Popen([sys.executable, "-c", code], env=slow, stderr=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stderr is not None
        said = running.stderr.readline()
        if said.startswith("first run of this version here"):
            said = running.stderr.readline()
        assert "seed 1" in said
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
    assert running.returncode == 130
    assert rest.strip() == "interrupted"
    assert list(tmp_path.iterdir()) == []


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "sim", "--help"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: kforsim")
