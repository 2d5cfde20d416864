"""The lock of a sweep's folder: a range of parts is made by one process at a time, and a dead process holds nothing.

Each process locks the range of bytes in one file that stands for its parts, so shards work beside one another and whatever overlaps
is refused. The system lets a lock go when its process ends, however it ends. Who holds a range stands in a note beside it, which
counts only while the range is locked.

Not covered: file systems that have no locks. There the sweep says so and goes on, and its user must see to it.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sim.api import input_error

LOCK = "lock"
NOT_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
PLAN_PLACE = 2**40
"""Place in the lock's file that stands for the plan: past any part."""


@contextmanager
def held(folder: Path, parts: range, told: str) -> Iterator[bool]:
    """Hold some parts while the block runs, and give whether this file system has locks; InputError with who holds them already.

    Parameters
    ----------
    told
        What this process does, in a few words, for those who are refused.
    """
    note = folder / f".held-{parts.start}-{parts.stop}.json"
    with (folder / LOCK).open("a+b") as file:
        if not (locks := _locked(file, parts.start, max(len(parts), 1))):
            yield False
            return
        if locks == "taken":
            raise input_error(
                folder, f"is being worked on by {_holders(file, folder, parts)}", "let it end, or name another folder with --out"
            )
        note.write_text(json.dumps({"process": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "does": told}), "utf-8")
        try:
            yield True
        finally:
            with suppress(OSError):
                note.unlink()


@contextmanager
def plan_held(folder: Path) -> Iterator[None]:
    """Let shards that start together write the plan one after the other."""
    with (folder / LOCK).open("a+b") as file:
        _locked(file, PLAN_PLACE, 1, wait=True)
        yield


def _holders(file: IO[bytes], folder: Path, parts: range) -> str:
    """Return in words who holds parts that overlap with these; a note whose range can be locked is left from a dead process."""
    found = []
    for note in sorted(folder.glob(".held-*-*.json")):
        first, after = (int(text) for text in note.stem.split("-")[1:3])
        if first >= parts.stop or after <= parts.start or _locked(file, first, max(after - first, 1)) != "taken":
            continue
        with suppress(OSError, ValueError, KeyError):
            told = json.loads(note.read_text("utf-8"))
            found.append(f"process {told['process']} ({told['does']}, since {told['since']})")
    return " and ".join(found) or "another process"


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes], first: int, count: int, wait: bool = False) -> str:
        """Return ``yes`` or ``taken`` for a range of bytes."""
        file.seek(first)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, count)
        except OSError:
            return "taken"
        return "yes"
else:
    import fcntl

    def _locked(file: IO[bytes], first: int, count: int, wait: bool = False) -> str:
        """Return ``yes`` or ``taken`` for a range of bytes, or nothing where the file system has no locks."""
        try:
            fcntl.lockf(file.fileno(), fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), count, first)
        except OSError as error:
            if error.errno in NOT_HERE:
                return ""
            if error.errno in (errno.EACCES, errno.EAGAIN):
                return "taken"
            raise
        return "yes"
