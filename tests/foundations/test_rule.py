"""Rules give the same bits both ways, and no old build ever runs in place of an edited rule."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.foundations import rule as rules
from sim.foundations.chance import mix
from sim.foundations.rule import WORD, cache_folder, interpreted, kernel, source_digest, word

SIM = Path(sim.__file__).parent
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")

PROBE_RULE = """
from sim.foundations.rule import rule


@rule
def doubled(x: float) -> float:
    return 2.0 * x
"""
PROBE_KERNEL = """
from sim.adjudication.probe_rule import doubled
from sim.foundations.rule import kernel


@kernel
def total(numbers):
    found = 0.0
    for row in range(numbers.size):
        found = found + doubled(numbers[row])
    return found
"""
PROBE = """
import numpy as np
from sim.engine.probe_kernel import total
print(total(np.arange(4.0)), sum(total.stats.cache_hits.values()), sum(total.stats.cache_misses.values()))
"""
BITS = """
import numpy as np
from sim.foundations.arithmetic import exp, log, power
from sim.foundations.chance import draw, normal_quantile
from sim.foundations.rule import INTERPRETED, kernel

@kernel
def fill(answers):
    for row in range(answers.shape[0]):
        chance = draw(12345, row, row * 7 + 1, 3)
        answers[row, 0] = chance
        answers[row, 1] = exp(20.0 * chance - 10.0)
        answers[row, 2] = log(chance)
        answers[row, 3] = power(chance, 1.7)
        answers[row, 4] = normal_quantile(chance)

answers = np.zeros((500, 5))
fill(answers)
print(INTERPRETED, hasattr(fill, "stats"), hasattr(fill, "py_func"), answers.tobytes().hex())
"""


@kernel
def _mixed(numbers, words):
    for row in range(numbers.size):
        words[row] = mix(numbers[row])


def _python(code: str, folder: Path, cache: Path, **environment: str) -> list[str]:
    places = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), str(cache))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KFORSIM_", "NUMBA_"))}
    script = folder / "probe.py"
    script.write_text(code, "utf-8")
    found = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        env=inherited | places | {"PYTHONPATH": str(folder)} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.split()


@pytest.fixture
def copied(tmp_path):
    """Copy the package's foundations beside a probe: one rule, and in another file a kernel that calls it."""
    package = tmp_path / "copy" / "sim"
    package.mkdir(parents=True)
    for name in ("__init__.py", "vocabulary.py"):
        shutil.copy(SIM / name, package)
    shutil.copytree(SIM / "foundations", package / "foundations", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("adjudication", "engine"):
        (package / folder).mkdir()
        (package / folder / "__init__.py").touch()
    (package / "adjudication" / "probe_rule.py").write_text(PROBE_RULE)
    (package / "engine" / "probe_kernel.py").write_text(PROBE_KERNEL)
    return package


def test_a_word_is_the_number_modulo_two_to_the_64():
    assert word(0) == 0
    assert word(-1) == WORD
    assert word(2**64) == 0
    assert word(2**64 + 5) == 5
    assert word(True) == 1


def test_mix_starts_the_published_sequence_of_splitmix64():
    assert mix(0) == 0xE220A8397B1DCDAF
    assert mix(0x9E3779B97F4A7C15) == 0x6E789E6AA1B965F4


def test_mix_is_one_to_one_and_moves_half_the_bits():
    words = [mix(number) for number in range(10_000)]
    assert len(set(words)) == len(words)
    moved = [(mix(number) ^ mix(number ^ (1 << bit))).bit_count() for number in range(20) for bit in range(64)]
    assert 31 < sum(moved) / len(moved) < 33
    assert min(moved) > 10


def test_words_have_the_same_bits_compiled_for_signed_and_unsigned_numbers():
    signed = np.array([0, 1, -1, 2**63 - 1, -(2**63), 12345], dtype=np.int64)
    unsigned = signed.astype(np.uint64)
    for numbers in (signed, unsigned):
        words = np.zeros(numbers.size, dtype=np.uint64)
        _mixed(numbers, words)
        assert [int(found) for found in words] == [mix(int(number)) for number in signed]


def test_interpreted_kernels_are_the_plain_function():
    plain = interpreted(_mixed)
    assert type(plain).__name__ == "function"
    assert interpreted(plain) is plain


def test_a_rule_edited_in_another_file_moves_the_result_and_its_old_build_is_kept(copied, tmp_path):
    folder, cache = copied.parent, tmp_path / "cache"
    edited = copied / "adjudication" / "probe_rule.py"
    assert _python(PROBE, folder, cache) == ["12.0", "0", "1"]
    assert _python(PROBE, folder, cache) == ["12.0", "1", "0"]
    edited.write_text(PROBE_RULE.replace("2.0", "3.0"))
    assert _python(PROBE, folder, cache) == ["18.0", "0", "1"]
    edited.write_text(PROBE_RULE)
    assert _python(PROBE, folder, cache) == ["12.0", "1", "0"]


def test_the_interpreted_switch_turns_compiling_off_and_keeps_every_bit(copied, tmp_path):
    folder = copied.parent
    compiled = _python(BITS, folder, tmp_path / "cache")
    plain = _python(BITS, folder, tmp_path / "cache", KFORSIM_INTERPRETED="1")
    assert compiled[:3] == ["False", "True", "True"]
    assert plain[:3] == ["True", "False", "True"]
    assert compiled[3] == plain[3]
    assert _python(BITS, folder, tmp_path / "cache", KFORSIM_INTERPRETED="0")[0] == "False"


def test_the_digest_sees_every_compiled_source_and_nothing_else(copied):
    first = source_digest(copied)
    assert source_digest(copied) == first
    for name in ("vocabulary.py", "foundations/chance.py", "adjudication/probe_rule.py", "engine/probe_kernel.py"):
        path = copied / name
        before = path.read_text("utf-8")
        path.write_text(before + "# edited\n", "utf-8")
        assert source_digest(copied) != first, name
        path.write_text(before, "utf-8")
    (copied / "engine" / "added.py").touch()
    assert source_digest(copied) != first
    (copied / "engine" / "added.py").unlink()
    (copied / "elsewhere.py").touch()
    assert source_digest(copied) == first


def test_the_digest_changes_with_the_versions_that_shape_compiled_code(copied, monkeypatch):
    first = source_digest(copied)
    monkeypatch.setattr(rules.numba, "__version__", "0.0.0")
    second = source_digest(copied)
    monkeypatch.setattr(rules.platform, "machine", lambda: "another")
    assert len({first, second, source_digest(copied)}) == 3


@POSIX
def test_the_cache_folder_is_private_and_named_by_the_digest(copied, tmp_path):
    base = tmp_path / "base"
    folder = cache_folder(copied, base)
    assert folder == base / "kforsim" / source_digest(copied)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert cache_folder(copied, base) == folder


def _is_private_and_temporary(folder: Path | None, base: Path) -> bool:
    assert folder is not None
    mode = stat.S_IMODE(folder.stat().st_mode)
    return mode == 0o700 and folder.stat().st_uid == os.getuid() and not folder.resolve().is_relative_to(base.resolve())


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(rules.tempfile, "tempdir", str(folder))
    monkeypatch.setattr(rules.atexit, "register", lambda *_, **__: None)
    return folder


@POSIX
def test_a_base_that_cannot_be_written_gives_a_private_temporary_folder(copied, tmp_path, temporary):
    base = tmp_path / "base"
    base.write_text("a file stands where the folder should be")
    assert _is_private_and_temporary(cache_folder(copied, base), base)


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_base_without_permission_gives_a_private_temporary_folder(copied, tmp_path, temporary):
    base = tmp_path / "base"
    base.mkdir(mode=0o500)
    assert _is_private_and_temporary(cache_folder(copied, base), base)


@POSIX
@pytest.mark.parametrize("level", ["kforsim", "build"])
def test_a_cache_folder_that_others_can_write_is_not_used(copied, tmp_path, temporary, level):
    base = tmp_path / "base"
    folder = cache_folder(copied, base)
    (folder if level == "build" else folder.parent).chmod(0o777)
    assert _is_private_and_temporary(cache_folder(copied, base), base)


@POSIX
def test_a_cache_folder_owned_by_another_is_not_used(copied, tmp_path, temporary, monkeypatch):
    base = tmp_path / "base"
    cache_folder(copied, base)
    me = os.getuid()
    monkeypatch.setattr(rules.os, "getuid", lambda: me + 1)
    folder = cache_folder(copied, base)
    monkeypatch.undo()
    assert _is_private_and_temporary(folder, base)


@POSIX
@pytest.mark.parametrize("level", ["kforsim", "build"])
def test_a_cache_folder_that_is_a_link_is_not_used(copied, tmp_path, temporary, level):
    base, elsewhere = tmp_path / "base", tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    link = base / "kforsim" / (source_digest(copied) if level == "build" else "")
    link.parent.mkdir(parents=True, mode=0o700)
    link.parent.chmod(0o700)
    link.symlink_to(elsewhere)
    folder = cache_folder(copied, base)
    assert _is_private_and_temporary(folder, base)
    assert not folder.resolve().is_relative_to(elsewhere.resolve())


def test_without_any_private_folder_nothing_is_cached(copied, tmp_path, monkeypatch):
    def refuse(**_):
        raise OSError("no room")

    base = tmp_path / "base"
    base.write_text("a file")
    monkeypatch.setattr(rules.tempfile, "mkdtemp", refuse)
    assert cache_folder(copied, base) is None


def test_old_builds_are_pruned_and_the_newest_few_are_kept(copied, tmp_path):
    base = tmp_path / "base"
    builds = base / "kforsim"
    builds.mkdir(parents=True, mode=0o700)
    for age in range(20):
        old = builds / f"build-{age:02d}"
        old.mkdir()
        os.utime(old, (1_600_000_000 - age, 1_600_000_000 - age))
    folder = cache_folder(copied, base)
    kept = sorted(path.name for path in builds.iterdir())
    assert kept == sorted([folder.name, *(f"build-{age:02d}" for age in range(rules.KEPT_BUILDS - 1))])
