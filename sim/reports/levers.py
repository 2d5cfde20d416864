"""Levers: what stood in the way in this run, who could have decided otherwise, and a run with the same people that tries it.

One run cannot tell what would have changed it. Each line names something that the record shows, and a command that changes
that one thing and keeps seed and scenario: what differs then is due to it (draws are keyed by person and question).
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.doctrine.concessions import CONCESSIONS
from sim.reports.clauses import changed_by
from sim.reports.deeds import Deed
from sim.reports.evidence import Evidence, RunEvidence
from sim.reports.first_news import VIOLENCE, learnt, truths
from sim.reports.lever import Lever, command_with, lowest, typed_name
from sim.reports.operation_evidence import operations_of
from sim.reports.operation_levers import operation_levers
from sim.reports.whereabouts import legs_of
from sim.reports.words import listed, minutes_words, number_words, order_words, persons
from sim.vocabulary import OrderKind

MOST_NAMED = 5
"""Ways to ease the dilemma that are named one by one."""


def levers(run: RunEvidence) -> list[Lever]:
    """Return what could be tried, in the order in which it bears on this run; nothing for a run without violence and refusal."""
    crowds = any(item.crowded for item in run.site_days)
    parts = (_waiting, _refused, _late_news, _late_support, _two_leads, _eased, _no_consequence, _theories)
    without = (_waiting, _refused, _two_leads)
    found = [lever for part in (parts if crowds else without) for lever in part(run)]
    return [*found, *(lever for op in operations_of(run) for lever in operation_levers(op))]


def _held(run: RunEvidence, verdict: str) -> list[tuple[Evidence, Deed]]:
    return [(item, deed) for item in run.site_days for deed in item.deeds if deed.verdict == verdict]


def _told(pairs: list[tuple[Evidence, Deed]]) -> str:
    kinds = dict.fromkeys(f"'{order_words(deed.order)}' of {item.seat(deed.seat)} ({deed.clause})" for item, deed in pairs)
    return listed(list(kinds)[:MOST_NAMED]) + (" and others" if len(kinds) > MOST_NAMED else "")


def _changers(pairs: list[tuple[Evidence, Deed]]) -> str:
    return listed(list(dict.fromkeys(words for item, deed in pairs if (words := changed_by(item, deed.clause)))))


def _waiting(run: RunEvidence) -> Iterator[Lever]:
    pairs = _held(run, "delayed")
    if not pairs:
        return
    minutes = sum(deed.delay_min for _, deed in pairs)
    queued = sum(deed.queued_min for _, deed in pairs)
    queue = f", {minutes_words(queued)} of it on desks that were busy with other requests" if queued >= 0.5 else ""
    found = f"{persons(len(pairs), 'order', 'orders')} waited for approval, {minutes_words(minutes)} in all{queue}: {_told(pairs)}."
    settings = {"roe.explicitness": "1", "mandate.political_constraint": "0"}
    trial = "Let foreseeable triggers be delegated beforehand with one agreed reading, and no government hold requests up."
    yield Lever("Orders waited for approval", found, _changers(pairs), trial, command_with(run, "try_delegated", **settings))


def _refused(run: RunEvidence) -> Iterator[Lever]:
    pairs = _held(run, "refused")
    if not pairs:
        return
    found = f"{persons(len(pairs), 'order was', 'orders were')} refused: {_told(pairs)}."
    trial = (
        "Copy the scenario's folder, change the clause (in mandate.yaml or rules_of_engagement.yaml), keep the name in "
        "scenario.yaml, and run the copy with the same seed."
    )
    yield Lever("Orders were refused", found, _changers(pairs), trial)


def _late_news(run: RunEvidence) -> Iterator[Lever]:
    late: list[tuple[float, str]] = []
    seats = run.run.scenario.file.seats
    for _, items in run.days:
        for item in items:
            truth = truths(item, [other for other in items if other is not item])
            for seat, news in learnt(item, truth).items():
                if seats[seat].organisation == "kfor" and news[VIOLENCE].truth >= 0 and news[VIOLENCE].told >= 0:
                    minutes = (news[VIOLENCE].told - news[VIOLENCE].truth) * run.clock.base_tick_min
                    late.append((minutes, f"{item.seat(seat)} ({item.title})"))
    if not late or max(late)[0] <= 0:
        return
    minutes, who = max(late)
    found = f"The longest that violence went on before a seat of KFOR was told of it: {minutes_words(minutes)}, {who}."
    names = ("report_delay_min", "upward_report_delay_min")
    settings = {typed_name(name): number_words(lowest(run, name)) for name in names}
    trial = "Let reports travel as fast as their range allows."
    yield Lever(
        "News came late",
        found,
        "those who report, and the headquarters that share",
        trial,
        command_with(run, "try_fast_reports", **settings),
    )


def _late_support(run: RunEvidence) -> Iterator[Lever]:
    none_left = [entry for entry in run.entries_of("movement") if entry["what"] == "no_reserve_left"]
    told, units = [], []
    for day, items in run.days:
        by_site = {item.site: item for item in items}
        for leg in legs_of(run, day):
            item = by_site.get(leg.site)
            if leg.doing != "out" or item is None or not len(item.violent_ticks):
                continue
            after = (leg.until - int(item.violent_ticks[0])) * run.clock.base_tick_min
            if after > 0:
                units.append(leg.unit.id)
                told.append(f"{leg.unit.name} reached {item.place} {minutes_words(after)} after violence began ({item.date})")
    if not told and not none_left:
        return
    empty = [f"{persons(len(none_left), 'time', 'times')} a reserve was asked for and none was left"] if none_left else []
    found = f"{listed([*told[:MOST_NAMED], *empty])}."
    trial = (
        f"Copy the scenario's folder and place {listed(list(dict.fromkeys(units))) or 'a reserve unit'} at the site from the morning "
        "(deployments in the day's file): then it cannot answer elsewhere."
    )
    yield Lever("Support came late", found, "KFOR commander, before the day begins", trial)


def _two_leads(run: RunEvidence) -> Iterator[Lever]:
    two = sum(float(item.kept.facts["lead_minutes"]["two"]) for item in run.site_days)
    none = sum(float(item.kept.facts["lead_minutes"]["none"]) for item in run.site_days)
    if not two and not none:
        return
    told = [f"{who} led for {minutes_words(minutes)}" for who, minutes in (("two", two), ("nobody", none)) if minutes]
    found = f"{' and '.join(told)}, all sites together.".capitalize()
    trial = "Let the responders work by one drill: one form of request, one map, a hand-over rehearsed to the end."
    settings = {"hand_over.shared_procedures_quality": "1", "hand_over.common_picture_quality": "1"}
    yield Lever(
        "The lead was unclear", found, "KFOR, Kosovo Police and EULEX together", trial, command_with(run, "try_one_drill", **settings)
    )


def _eased(run: RunEvidence) -> Iterator[Lever]:
    hurt = [item for item in run.site_days if item.outcome("hurt") > 0]
    if not hurt:
        return
    worst = run.worst
    ordered = {deed.order for deed in worst.deeds}
    never = [order_words(kind) for kind in sorted(CONCESSIONS) if kind not in ordered and _open(worst, kind)]
    done = [order_words(kind) for kind in sorted(CONCESSIONS) if kind in ordered]
    if not never:
        return
    found = f"At {worst.place} on {worst.date} nobody ordered: {listed(never)}."
    found += f" Ordered there: {listed(done)}." if done else ""
    trial = (
        "Give a seat a doctrine table with a row for it, or play the seat; each way has its price for both communities (concessions.yaml)."
    )
    yield Lever("Ways without force were left", found, "governments, Kosovo Police and KFOR, each for its own", trial)


def _open(evidence: Evidence, kind: OrderKind) -> bool:
    """Tell whether a way was open on that day: some need an entry that is ordered, one needs vehicles that are stuck."""
    if kind in (OrderKind.DEFER_ENTRY, OrderKind.TELL_KFOR_BEFOREHAND):
        return any(deed.order in (OrderKind.ORDER_ENTRY, OrderKind.ENTER_BUILDING) for deed in evidence.deeds)
    return kind is not OrderKind.WALK_CREWS_OUT or bool(evidence.series["vehicles_stuck"].max())


def _no_consequence(run: RunEvidence) -> Iterator[Lever]:
    violent = run.manifest["outcomes"].get("ever_violent", 0.0)
    share = run.manifest["outcomes"].get("violent_facing_consequence", 0.0)
    if violent < 1 or share >= 1:
        return
    found = f"Of {persons(violent)} who were violent, {share:.0%} were detained that day or arrested within 30 days."
    settings = {"arrest.later_identified_chance": "1", "arrest.later_arrested_chance": "1"}
    trial = "Let everybody who was violent be identified and arrested afterwards: what people then expect counts on later days only."
    yield Lever("Few met a consequence", found, "police and prosecution", trial, command_with(run, "try_consequence", **settings))


def _theories(run: RunEvidence) -> Iterator[Lever]:
    if not any(len(item.violent_ticks) for item in run.site_days):
        return
    found = (
        "How much of this violence force made, want of consequence allowed, or a prepared group planned is what the three theories dispute."
    )
    trial = "Switch off one theory at a time (here: the spiral) and compare; then perceived_cost.theta_deterrence and crowd.planned_chance."
    yield Lever(
        "The answer may hang on the theory",
        found,
        "nobody: this is about the model",
        trial,
        command_with(run, "try_no_spiral", **{"grievance.theta_spiral": "0"}),
    )
