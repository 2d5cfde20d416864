"""Lookout: assets detect what they cover, reports travel, partners are told, and some of it leaks.

Phases 2 and 3 of the order of play, for an operation. An asset that looks again detects again with the same law; it reports a
thing once. Who shares with whom decides who knows when; the draw that detects never depends on it.
"""

from __future__ import annotations

from sim.doctrine.isr import coverage_in, leaks, random_search, seen_in
from sim.doctrine.seat_orders import Organisation
from sim.engine.joint_patrols import deployed_share, latency_share
from sim.engine.operation import GroupStage, Operation, Report
from sim.engine.searches import acts_alone, more_assets, search_after_false_alarm, searched_before
from sim.engine.world import World
from sim.foundations.arithmetic import exp
from sim.foundations.chance import Purpose, draw, name_key, normal_quantile
from sim.geography.theatre import Mode, Theatre
from sim.scenario.armed_schema import Asset, Target
from sim.vocabulary import Sharing

REPORTED = {
    "warning": "warning_reported",
    Target.INFILTRATION: "infiltration_reported",
    Target.ROADBLOCK: "roadblock_reported",
    "attack": "attack_reported",
    "occupation": "occupation_reported",
    Target.BREAKOUT: "breakout_reported",
    "false_alarm": "false_alarm_reported",
}
"""How seats hear of a fact."""

HUMAN_SOURCE = "human source"
"""The asset that a warning before the night is said to come from."""

KSF_HEARS_LATER = 2.0
"""How many times longer than KFOR police take to tell KSF, through the ministries; an assumption (1-4)."""

SEEN_AT = {
    Target.INFILTRATION: (GroupStage.MOVING_IN,),
    Target.ROADBLOCK: (GroupStage.BLOCKING, GroupStage.IN_CONTACT),
    Target.BREAKOUT: (GroupStage.BREAKING_OUT,),
}
"""Stages of the group in which there is something of that kind to be detected."""


def watch(world: World, minutes: float) -> None:
    """Let every asset that is on look out for as long as a decision lasts."""
    operation = world.operation
    if operation is None:
        return
    _source_warns(world, operation)
    for asset in operation.armed.intelligence.assets:
        there = deployed_share(world.numbers, asset)
        if there <= 0.0 or (asset.on_call and asset.id not in operation.assets_called):
            continue
        for target, per_hour in asset.per_hour.items():
            if (asset.id, target) not in operation.detected and operation.stage in SEEN_AT[target]:
                _look(world, operation, asset, target, per_hour * there, minutes)
        if asset.false_alarms:
            _false_alarm(world, operation, asset, minutes)


def _look(world: World, operation: Operation, asset: Asset, target: Target, per_hour: float, minutes: float) -> None:
    where = where_seen(world, operation, target)
    if not where.intersection(asset.watches):
        return
    numbers = world.numbers
    effort = numbers["isr_effort"] if asset.organisation is Organisation.KFOR else 1.0
    dark = asset.night_blind and operation.dark(world.tick)
    rain = bool(world.sites[operation.site].state.situation[0]["rain"])
    seen = seen_in(dark, rain, numbers["isr_dark_factor"], numbers["isr_rain_factor"])
    chance = random_search(coverage_in(per_hour, minutes, effort, seen))
    share = draw(world.run_key, world.tick, name_key("asset", asset.id, target), Purpose.DETECTION)
    if share >= chance:
        return
    operation.detected.add((asset.id, target))
    latency = asset.latency_min.at(draw(world.run_key, 0, name_key("asset", asset.id, target), Purpose.REPORT_LATENCY))
    latency *= latency_share(numbers, asset)
    counted = float(operation.fit())
    world.record.add(
        world.tick, "detection", operation.site, asset=asset.id, of=str(target), odds=round(chance, 5), draw=round(share, 5), dark=dark
    )
    for receiver in (asset.organisation, *asset.partners):
        tell(world, receiver, str(target), latency, asset.id, counted)


def _source_warns(world: World, operation: Operation) -> None:
    """A human source may warn KFOR before anything moves: once, as the run begins."""
    if operation.mark("watch_begins", world.tick):
        if operation.civilians > 0:
            place = operation.armed.group.positions["compound"].place
            world.record.add(world.tick, "civilians", operation.site, what="inside", persons=operation.civilians, place=place)
        share = draw(world.run_key, 0, name_key("source warns"), Purpose.SOURCE_WARNS)
        if share < world.numbers["source_warning_chance"]:
            tell(world, Organisation.KFOR, "warning", 0.0, HUMAN_SOURCE)
        if searched_before(world, operation):
            tell(world, Organisation.KFOR, "infiltration", 0.0, "search", float(operation.fit()))


def _false_alarm(world: World, operation: Operation, asset: Asset, minutes: float) -> None:
    chance = random_search(world.numbers["isr_false_alarms_per_day"] * (1.0 + more_assets(world)) * minutes / 1440.0)
    if draw(world.run_key, world.tick, name_key("asset", asset.id), Purpose.FALSE_ALARM) < chance:
        latency = asset.latency_min.central
        tell(world, asset.organisation, "false_alarm", latency, asset.id, 0.0)
        search_after_false_alarm(world, operation)


def where_seen(world: World, operation: Operation, target: Target) -> set[str]:
    """Return the routes and places at which a target is to be seen now."""
    group, theatre = operation.armed.group, world.scenario.theatre
    block, compound = group.positions["block"], group.positions["compound"]
    if target is Target.ROADBLOCK:
        return {block.place, *group.blocks}
    if target is Target.INFILTRATION:
        return _way(theatre, operation.armed.start, compound.place, operation.armed.mode)
    seen: set[str] = set()
    for cell in operation.cells_out:
        seen |= _way(theatre, compound.place, cell.way.to, cell.way.mode)
    return seen


def _way(theatre: Theatre, start: str, to: str, mode: Mode) -> set[str]:
    journey = theatre.travel(start, to, mode)
    return {*journey.routes, *journey.places}


def tell(world: World, to: Organisation, fact: str, delay_min: float, asset: str, value: float = 0.0) -> None:
    """Send a report on its way; an organisation that has been told the fact before is not told again."""
    operation = world.operation
    if operation is None or operation.knows(to, fact):
        return
    due = world.tick + world.clock.ticks_in(delay_min)
    operation.reports.append(Report(due, to, fact, asset, value, world.tick))


def deliver(world: World) -> None:
    """Let reports that are due arrive: seats hear of them, partners are told, some of it leaks."""
    operation = world.operation
    if operation is None or not operation.reports:
        return
    due = [item for item in operation.reports if item.due_tick <= world.tick]
    for item in due:
        operation.reports.remove(item)
        if item.fact != "false_alarm" and operation.knows(item.to, item.fact):
            continue
        operation.told.setdefault(item.to, {})[item.fact] = world.tick
        if item.value > 0.0:
            operation.estimates[item.to] = (_estimated(world, item), world.tick, item.asset)
        world.record.add(
            world.tick,
            "told",
            operation.site,
            to=str(item.to),
            fact=item.fact,
            asset=item.asset,
            late_min=round(world.minutes_since(item.happened_tick), 2),
        )
        hear_of(world, item.to, REPORTED[item.fact])
        if item.to is Organisation.ARMED_GROUP:
            operation.signs += 1
            operation.news_tick = world.tick
        else:
            _pass_on(world, operation, item)


def _estimated(world: World, item: Report) -> float:
    """Return the number of armed people that a report gives, with its error."""
    share = draw(world.run_key, 0, name_key("armed estimate", item.to, item.fact), Purpose.ARMED_ESTIMATE)
    factor = exp(world.numbers["estimate_error"] * normal_quantile(max(share, 1e-12)))
    return float(max(round(item.value * factor), 1))


def hear_of(world: World, organisation: Organisation, event: str) -> None:
    """Let every seat of an organisation learn of an event at the operation's site."""
    operation = world.operation
    if operation is None:
        return
    for name, seat in world.scenario.file.seats.items():
        if seat.organisation is organisation and name in world.seats:
            world.memory(name, operation.site).since[event] = world.tick


def _seen_by_kfor(operation: Operation, asset: str) -> bool:
    """Tell whether a report comes from one of KFOR's assets: police pass that on to KSF only where KFOR shares with KSF."""
    assets = {item.id: item.organisation for item in operation.armed.intelligence.assets}
    return asset == HUMAN_SOURCE or assets.get(asset) is Organisation.KFOR


def _pass_on(world: World, operation: Operation, item: Report) -> None:
    """Tell partners as sharing says; each partner who is told may let it leak."""
    numbers, sharing = world.numbers, operation.armed.intelligence.sharing
    partners: list[tuple[Organisation, float]] = []
    if item.to is Organisation.KFOR and sharing is not Sharing.KFOR_ONLY:
        partners.append((Organisation.KOSOVO_POLICE, numbers["share_delay_police_min"]))
        if sharing is Sharing.WITH_POLICE_AND_KSF:
            partners.append((Organisation.KSF, numbers["share_delay_ksf_min"]))
    if item.to is Organisation.KOSOVO_POLICE:
        soon = numbers["police_tell_min"]
        partners += [(Organisation.KFOR, soon), (Organisation.EULEX, soon), (Organisation.GOVERNMENT, soon)]
        if sharing is Sharing.WITH_POLICE_AND_KSF or not _seen_by_kfor(operation, item.asset):
            partners.append((Organisation.KSF, KSF_HEARS_LATER * soon))
    if item.to is Organisation.KSF:
        partners.append((Organisation.KOSOVO_POLICE, numbers["share_delay_ksf_min"]))
    news = [(to, delay) for to, delay in partners if not operation.knows(to, item.fact)]
    for to, delay in news:
        tell(world, to, item.fact, delay, item.asset, item.value)
        acts_alone(world, operation, to)
    shared = sum(to in (Organisation.KOSOVO_POLICE, Organisation.KSF) for to, _ in news) if item.to is Organisation.KFOR else 0
    chance = leaks(numbers["leak_chance"], shared)
    if shared and draw(world.run_key, 0, name_key("leak", item.fact), Purpose.LEAK) < chance:
        world.record.add(world.tick, "leak", operation.site, fact=item.fact, odds=round(chance, 4))
        tell(world, Organisation.ARMED_GROUP, item.fact, numbers["leak_delay_min"], "leak")
