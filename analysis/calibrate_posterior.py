"""Calibration by ABC-SMC: a handful of a scenario's parameters inferred from what was observed, with every check beside it.

The question is set first (:mod:`analysis.posterior_question`), then particles are played (:mod:`analysis.particle_runs`), then
the posterior is checked: prior predictive, contraction, each event left out, simulation-based calibration. All checks read runs
that are made anyway, so none can be left off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.abc_smc import Pool, Sampled, infer
from analysis.calibration_checks import LeftOut, Narrowed, Ranks, effective, leave_one_out, narrowed, predicted, simulation_based
from analysis.identifiability import LEAST_SURVIVORS
from analysis.particle_runs import FOLDER, OtherParameters, Runs
from analysis.played import Progress
from analysis.posterior import FILE, NOT_ACCEPTED, Posterior, as_text, write_whole
from analysis.posterior_question import Question
from analysis.prior_predictive import PriorPredictive, prior_predictive
from sim.api import input_error

PAGE = "posterior.md"


@dataclass(frozen=True)
class Inferred:
    """What a calibration by ABC-SMC found, with its checks."""

    question: Question
    sampled: Sampled
    others: OtherParameters
    failures: tuple[str, ...]
    before: tuple[PriorPredictive, ...]
    narrowed: tuple[Narrowed, ...]
    after: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    ranks: tuple[Ranks, ...]

    @property
    def effective(self) -> float:
        """How many equally weighted particles tell as much."""
        return effective(self.sampled.weights)

    @property
    def enough(self) -> bool:
        """Whether there are particles enough for anything to be said."""
        return self.effective >= LEAST_SURVIVORS


def inferred_from(
    question: Question,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
) -> Inferred:
    """Return the posterior of a question with its checks; InputError where too few runs succeed.

    Parameters
    ----------
    folder
        Where generations are kept; what it holds already is not played again.
    tell
        Told what the prior predictive check warns of, as soon as the prior's runs are made.
    """

    def look(pool: Pool) -> None:
        for item in prior_predictive(pool, question.observed):
            if tell and item.warning:
                tell(item.warning)

    runs = Runs(question, folder, workers, progress)
    sampled = infer(question.prior, runs, question.observed, question.sizes, question.seed, look)
    if len(sampled.rows) < question.sizes.particles:
        what = Counter(runs.failures).most_common(1)[0][0] if runs.failures else "kept generations hold the reasons"
        raise input_error(question.scenario.name, f"too many runs failed for a posterior: {what}", "mend that first")
    everything = np.ones(len(question.data), dtype=bool)
    return Inferred(
        question,
        sampled,
        runs.others,
        tuple(runs.failures),
        prior_predictive(sampled.pool, sampled.observed),
        narrowed(sampled),
        tuple(predicted(sampled, "", sampled.rows, sampled.weights, everything)),
        leave_one_out(sampled),
        simulation_based(sampled, question.seed),
    )


def posterior_of(found: Inferred) -> Posterior:
    """Return what was found as a posterior that can be kept."""
    sampled, others = found.sampled, found.others
    used = sorted({int(others.row_of[row]) for row in sampled.rows})
    provenance = {
        **found.question.told(),
        "method": "abc_smc",
        "seeds": "one run a particle, on a seed of its own",
        "generations": [asdict(item) for item in sampled.generations],
        "stopped": sampled.stopped,
        "runs": len(sampled.pool.scores),
        "failed_runs": sum(item.failed for item in sampled.generations),
        "tolerance": sampled.generations[-1].tolerance,
        "effective_particles": round(found.effective, 2),
    }
    checks: dict[str, Any] = {
        "prior_predictive": [{**asdict(item), "outside": item.outside} for item in found.before],
        "posterior_predictive": [asdict(item) for item in found.after],
        "left_out": [asdict(item) for item in found.left_out],
        "simulation_based": [{**asdict(item), "fails": item.fails} for item in found.ranks],
    }
    return Posterior(
        provenance,
        found.question.parameters,
        tuple(tuple(map(float, row)) for row in sampled.values),
        tuple(map(float, sampled.weights)),
        others.names,
        tuple(tuple(map(float, others.rows[row])) for row in used),
        tuple(used.index(int(others.row_of[row])) for row in sampled.rows),
        tuple({**asdict(item), "verdict": item.verdict} for item in found.narrowed),
        checks,
        standing=NOT_ACCEPTED,
    )


def free_folder(folder: Path) -> Path:
    """Make the folder of a posterior; InputError where one is kept in it already, or where it cannot be made."""
    if (folder / FILE).exists():
        raise input_error(folder / FILE, "is kept already", "name another folder, or remove it")
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise input_error(folder, f"cannot be made ({error.strerror})", "name another folder") from None
    return folder


def keep_posterior(found: Inferred, page: str, folder: Path) -> list[Path]:
    """Write the page, then the posterior: where the posterior is, all is."""
    return [write_whole(folder / PAGE, page), write_whole(folder / FILE, as_text(posterior_of(found)))]
