"""Nights: what people learn, between two days, from consequences that came or did not come."""

from __future__ import annotations

import numpy as np

from sim.deterrence.learning import certainty_after
from sim.engine.state import Rows
from sim.foundations.rule import kernel
from sim.vocabulary import Conduct


@kernel
def learn_from_consequences(people: Rows, known: Rows, p: Rows) -> None:
    """Certainty moves with one's own case, with cases in one's cluster and, hardly, with strangers' (simultaneous).

    ``known`` holds for each person -1 where there is no case, else whether a consequence is known by the next day (1) or
    the violence went unpunished (0).
    """
    q = p[0]
    clusters = 0
    for i in range(people.shape[0]):
        clusters = max(clusters, people[i]["cluster"] + 1)
    cases, met = np.zeros(clusters, dtype=np.int64), np.zeros(clusters, dtype=np.int64)
    all_cases, all_met = 0, 0
    for i in range(people.shape[0]):
        if known[i] >= 0:
            cases[people[i]["cluster"]] += 1
            met[people[i]["cluster"]] += known[i]
            all_cases += 1
            all_met += known[i]
    if all_cases == 0:
        return
    for i in range(people.shape[0]):
        if people[i]["conduct"] == Conduct.ABSENT:
            continue
        certainty, cluster, own = people[i]["certainty"], people[i]["cluster"], 1 if known[i] >= 0 else 0
        if own:
            certainty = certainty_after(certainty, q["learning_rate"], 1.0, float(known[i]))
        if cases[cluster] > own:
            mates = (met[cluster] - (known[i] if own else 0)) / (cases[cluster] - own)
            certainty = certainty_after(certainty, q["learning_rate"], q["cluster_tie"], mates)
        people[i]["certainty"] = certainty_after(certainty, q["learning_rate"], q["stranger_tie"], all_met / all_cases)
