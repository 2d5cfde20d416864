"""Crowd reasons: why people turned violent, in the recorded factors of the rule that turned them.

Agitation is lasting grievance as far as the force lacks legitimacy, plus anger of the moment; net cost is what a person
expects to pay; threshold is his own. The odds and the draw are those the rule used.
"""

from __future__ import annotations

import numpy as np

from sim.engine.state import Incident
from sim.reports.evidence import Evidence
from sim.reports.words import ROLES, minutes_words, percent, persons, sentence, short
from sim.vocabulary import Level, Role

PEAK_MIN = 10.0
"""Length of the most violent stretch of the day."""

LEAD_MIN = 20.0
"""Minutes before the peak in which those who made it turned violent: with it half an hour."""

NEAR_REACHES = 2.0
"""Reaches of a provocation within which a person counts as near the push."""

COMPARED = (("agitation", "first"), ("expected cost", "second"), ("threshold", "third"))


def person_words(evidence: Evidence, row: np.void) -> str:
    """Return one person's case: factors, chance and draw."""
    step = minutes_words(evidence.step_min).replace("1 minute", "that minute")
    return (
        f"person {short(int(row['entity']))}: agitation {row['first']:.2f}, expected cost {row['second']:.2f}, "
        f"threshold {row['third']:.2f}, chance {percent(float(row['odds']))} in {step}, drew {row['draw']:.3f}"
    )


def roles_words(evidence: Evidence, entities: np.ndarray) -> str:
    """Return what the people named had come for, most frequent first."""
    roles = evidence.people["role"][np.isin(evidence.people["id"], entities)]
    counts = sorted(((int((roles == role).sum()), role) for role in Role), reverse=True)
    return ", ".join(persons(count, *ROLES[role]) for count, role in counts if count)


def first_violence(evidence: Evidence, row: np.void) -> tuple[str, list[str]]:
    """Return the first person who turned violent, told as a lead and the causes."""
    series = evidence.series[evidence.row_at(int(row["tick"]))]
    violent = len(np.unique(evidence.incidents_of(Incident.TURNED_VIOLENT)["entity"]))
    lead = f"The first of {persons(violent)} who turned violent during the day ({_role_of(evidence, int(row['entity']))})."
    anger = f"Mean anger of the {persons(int(series['present']))} present was {series['anger']:.2f}."
    if _is_prepared(evidence, int(row["entity"])):
        told = f"Person {short(int(row['entity']))}, of a prepared group, acted on its leader's order, not by the rule for others."
        return lead, [told, anger]
    margin = float(row["first"] - row["second"] - row["third"])
    where = "above" if margin > 0 else "below"
    rare = "; at such a margin it happens to few, and by chance" if margin <= 0 and row["odds"] < 0.1 else ""
    points = [
        f"{sentence(person_words(evidence, row))} Agitation less cost lay {abs(margin):.2f} {where} the threshold{rare}.",
        anger,
    ]
    return lead, points


def _is_prepared(evidence: Evidence, entity: int) -> bool:
    return bool((evidence.people["role"][evidence.people["id"] == np.uint64(entity)] == Role.PREPARED).any())


def _role_of(evidence: Evidence, entity: int) -> str:
    roles = evidence.people["role"][evidence.people["id"] == np.uint64(entity)]
    return f"1 {ROLES[Role(int(roles[0]))][0]}" if len(roles) else "unknown"


def peak_window(evidence: Evidence) -> tuple[int, int, float] | None:
    """Return the ticks between which most people were violent on average, and how many; None where nobody was."""
    violent = evidence.series["violent"].astype(np.float64)
    if not violent.max(initial=0.0):
        return None
    rows = min(max(round(PEAK_MIN / evidence.step_min), 1), len(violent))
    sums = np.concatenate([[0.0], np.cumsum(violent)])
    means = (sums[rows:] - sums[:-rows]) / rows
    best = int(means.argmax())
    ticks = evidence.series["tick"]
    per_row = int(ticks[1] - ticks[0]) if len(ticks) > 1 else 1
    return int(ticks[best]), int(ticks[best + rows - 1]) + per_row, float(means[best])


def compare_peak(evidence: Evidence, begin: int, end: int) -> tuple[list[str], tuple[str, ...], list[tuple[str, ...]]]:
    """Return why the people of the peak turned violent, against those who did so earlier: sentences, and a table of medians."""
    turned = _own_choice(evidence)
    since = begin - evidence.clock.ticks_in(LEAD_MIN)
    peak = turned[(turned["tick"] >= since) & (turned["tick"] < end)]
    before = turned[turned["tick"] < (min(since, evidence.push_tick) if evidence.push_tick >= 0 else since)]
    if not len(peak):
        return ["Those who were violent then had turned violent more than half an hour earlier, or acted on order."], (), []
    groups = [(f"{evidence.label(since)} to {evidence.label(end)}", peak)]
    if len(before):
        groups.append(("before the push" if evidence.push_tick >= 0 else "earlier in the day", before))
    header = ("median", *(f"{words} ({len(rows)} times)" for words, rows in groups))
    rows = [(name, *(f"{np.median(found[column]):.2f}" for _, found in groups)) for name, column in COMPARED]
    rows.append(("chance of turning violent, a minute", *(percent(float(np.median(found["odds"]))) for _, found in groups)))
    many = persons(len(np.unique(peak["entity"])))
    points = [f"In the half hour up to the end of it {many} turned violent of their own: {roles_words(evidence, peak['entity'])}."]
    points += _difference(peak, before)
    points += _near_push(evidence, peak)
    middle = peak[np.argsort(peak["odds"], kind="stable")[len(peak) // 2]]
    points.append(f"One of them, with the median chance: {person_words(evidence, middle)}.")
    return points, header, rows


def _own_choice(evidence: Evidence) -> np.ndarray:
    """Return who turned violent by the rule; those of a prepared group act on order, with a threshold that says nothing."""
    turned = evidence.incidents_of(Incident.TURNED_VIOLENT)
    prepared = evidence.people["id"][evidence.people["role"] == Role.PREPARED]
    kept: np.ndarray = turned[~np.isin(turned["entity"], prepared)]
    return kept


def _difference(peak: np.ndarray, before: np.ndarray) -> list[str]:
    """Say which factor moved most between those of the peak and those before."""
    if not len(before):
        return ["Nobody had turned violent before that, so there is nothing to compare with."]
    moved = [(float(np.median(peak[column]) - np.median(before[column])), name) for name, column in COMPARED]
    size, name = max(moved, key=lambda pair: abs(pair[0]))
    if abs(size) < 0.02:
        same = "Agitation, expected cost and threshold were about the same as for those who had turned violent before"
        return [f"{same}: more people were near their threshold."]
    return [f"What differed most from those before was {name}: {abs(size):.2f} {'higher' if size > 0 else 'lower'} in the median."]


def _near_push(evidence: Evidence, peak: np.ndarray) -> list[str]:
    """Return how many of the peak's people turned violent near a line that pushed, where the map's frames tell it."""
    frames = evidence.frames
    after = peak[peak["tick"] >= evidence.push_tick] if evidence.push_tick >= 0 else peak[:0]
    if frames is None or not len(after):
        return []
    plan = evidence.plan
    columns, reach = plan.ground.shape[1], NEAR_REACHES * evidence.number("provocation_reach_m")
    near = 0
    for row in after:
        frame = frames.at_or_after(int(row["tick"]))
        line = frames.section_cells[frame][(frames.section_levels[frame] >= Level.PUSH) & (frames.section_cells[frame] >= 0)]
        if len(line) and row["cell"] >= 0:
            down, across = line // columns - row["cell"] // columns, line % columns - row["cell"] % columns
            near += bool((np.sqrt(down**2 + across**2).min() * plan.cell_m) <= reach)
    what = f"within {reach:.0f} m of sections that pushed, used agents or detained (two reaches of a provocation)"
    return [f"{percent(near / len(after))} of them stood {what}."]
