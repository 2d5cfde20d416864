"""The story: what happened, in one paragraph taken from the record alone."""

from __future__ import annotations

from collections.abc import Iterator

from sim.engine.pictures import CROWD_PERSONS, VIOLENCE_PERSONS
from sim.reports.evidence import Evidence
from sim.reports.words import listed, minutes_words, persons
from sim.vocabulary import OrderKind


def story(evidence: Evidence) -> str:
    """Return what happened as a paragraph of short sentences."""
    parts = (_gathering, _entry, _talks, _push, _violence, _support, _toll, _ending)
    return " ".join(text for part in parts for text in part(evidence))


def _gathering(evidence: Evidence) -> Iterator[str]:
    present = evidence.series["present"]
    most = int(present.max())
    if most == 0:
        yield "Nobody came to the site."
        return
    peak = evidence.label(int(evidence.series["tick"][present.argmax()]))
    crowded = present >= CROWD_PERSONS
    if crowded.any():
        first = evidence.label(int(evidence.series["tick"][crowded.argmax()]))
        yield f"A crowd stood on the site from {first}; at most {persons(most)} were there ({peak})."
    else:
        yield f"No crowd formed: at most {persons(most)} came ({peak})."
    stuck = evidence.series["vehicles_stuck"]
    if stuck.max() > 0:
        since = evidence.label(int(evidence.series["tick"][(stuck > 0).argmax()]))
        yield f"From {since}, {persons(int(stuck.max()), 'vehicle was', 'vehicles were')} stuck among the people."


def _entry(evidence: Evidence) -> Iterator[str]:
    entered = evidence.done(OrderKind.ENTER_BUILDING)
    if entered:
        yield f"Police forced their way into the building at {evidence.label(entered[0].effect_tick)}."


def _talks(evidence: Evidence) -> Iterator[str]:
    accepted, ultimatum = evidence.done(OrderKind.ACCEPT_TALKS), evidence.done(OrderKind.GIVE_ULTIMATUM)
    if accepted:
        yield f"Talks opened at {evidence.label(accepted[0].effect_tick)}."
    if ultimatum:
        yield f"An ultimatum was given at {evidence.label(ultimatum[0].effect_tick)}."


def _push(evidence: Evidence) -> Iterator[str]:
    pushes = evidence.done(OrderKind.PUSH)
    if not pushes:
        refused = [deed for deed in evidence.deeds if deed.order == OrderKind.PUSH]
        if refused:
            yield f"A push was ordered at {evidence.label(refused[0].tick)} but never took effect."
        else:
            yield "No push was ordered."
        return
    first = pushes[0]
    since, until = evidence.push_spans[0]
    waited = (first.effect_tick - first.tick) * evidence.clock.base_tick_min
    after = f", {minutes_words(waited)} after it was ordered" if waited >= 1 else ""
    lasted = minutes_words((until - since) * evidence.clock.base_tick_min)
    more = f" ({len(evidence.push_spans)} pushes in all)" if len(evidence.push_spans) > 1 else ""
    yield f"The first push began at {evidence.label(since)}{after}, and lasted {lasted}{more}."


def _violence(evidence: Evidence) -> Iterator[str]:
    series, ticks = evidence.series, evidence.violent_ticks
    most = int(series["violent"].max())
    if most == 0:
        yield "Nobody turned violent."
        return
    if not len(ticks):
        yield f"Violence stayed single: never {VIOLENCE_PERSONS:.0f} or more violent people at once (at most {most})."
        return
    peak = evidence.label(int(series["tick"][series["violent"].argmax()]))
    if evidence.push_tick >= 0:
        before = series["violent"][series["tick"] <= evidence.push_tick]
        most_before = int(before.max(initial=0))
        yield (
            f"Before the push at most {persons(most_before, 'person was', 'people were')} violent at once."
            if most_before
            else "Before the push nobody was violent."
        )
    began, ended = evidence.label(int(ticks[0])), evidence.label(int(ticks[-1]))
    yield (
        f"Violence by {VIOLENCE_PERSONS:.0f} or more people first came at {began}, was worst at {peak} "
        f"({persons(most)} at once), and was last seen at {ended}."
    )


def _support(evidence: Evidence) -> Iterator[str]:
    came = [event for event in evidence.events if event["what"] == "support_arrives"]
    if came:
        yield f"Support came at {listed(list(dict.fromkeys(evidence.label(event['tick']) for event in came)))}."
    sent = [entry for entry in evidence.entries_of("movement") if entry["what"] == "no_reserve_left"]
    if sent:
        yield f"At {evidence.label(sent[0]['tick'])} support was wanted and no reserve was left."


def _toll(evidence: Evidence) -> Iterator[str]:
    names = (
        ("kfor_hurt", "KFOR soldier", "KFOR soldiers"),
        ("police_hurt", "police officer", "police officers"),
        ("ksf_hurt", "KSF soldier", "KSF soldiers"),
        ("protesters_hurt", "protester", "protesters"),
    )
    told = [item for item in names if item[0] in evidence.run.manifest["outcomes"]]
    hurt = [persons(evidence.outcome(name), one, many) for name, one, many in told if evidence.outcome(name) > 0]
    killed = int(evidence.outcome("killed"))
    if not hurt:
        yield "Nobody was hurt."
    else:
        people = sum(evidence.outcome(name) for name, *_ in told)
        death = "nobody was killed" if not killed else f"of these {persons(killed)} {'was' if killed == 1 else 'were'} killed"
        yield f"{listed(hurt)} {'was' if people == 1 else 'were'} hurt; {death}."
    if evidence.outcome("detained") > 0:
        yield f"{persons(evidence.outcome('detained'), 'person was', 'people were')} detained."


def _ending(evidence: Evidence) -> Iterator[str]:
    series = evidence.series
    if series["vehicles_stuck"].max() > 0:
        left = int(series["vehicles_stuck"][-1])
        out = [event["tick"] for event in evidence.events if event["what"] == "vehicle_out"]
        yield (
            f"The last vehicle was out at {evidence.label(out[-1])}."
            if out and not left
            else f"At the end {persons(left, 'vehicle was', 'vehicles were')} still stuck."
        )
    if evidence.outcome("line_held") < 0.5:
        yield "The line was broken through to the door."
    elif series["present"].max() > 0:
        yield "Nobody broke through the line to the door."
