"""The leader weighs: from its own picture, what each open choice is worth, and which one it takes. The deterrence ledger.

Every weighing is recorded: the options, what the leader believed, what each was worth, the choice and its draw, and, for each
option that was *not* taken, the reason that bound: the one thing (expected denial, consequence, want of licence, lost
surprise) without which it would have been the better choice. So a run tells why an attack was not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sim.deterrence.armed_choice import (
    chosen,
    getting_away_worth,
    giving_up_worth,
    holding_out_worth,
    launch_worth,
    met_chance,
    reach,
)
from sim.deterrence.beliefs import resolve
from sim.doctrine.seat_orders import Organisation
from sim.engine.operation import FORCES, OPEN_CHOICES, GroupStage, Operation
from sim.engine.world import World
from sim.foundations.arithmetic import exp
from sim.foundations.chance import Purpose, draw, name_key, normal_quantile
from sim.vocabulary import OrderKind, Side


@dataclass(frozen=True)
class Outlook:
    """What the leader believes at one weighing.

    Attributes
    ----------
    fighters
        Own people who can fight.
    forces
        People of the other side that it expects to face in time.
    resolve
        Chance it gives to being answered.
    licence
        How far it thinks itself licensed, 0 to 1.
    surprise
        Share of surprise it thinks it still has.
    closed
        Share of the ways out that it thinks closed to people on foot.
    hours
        Hours held so far.
    overrun
        Share of the ground before the compound that it has lost.
    denial_weight, consequence_weight
        Strengths of both in its weighing.
    """

    fighters: float
    forces: float
    expected_more: float
    resolve: float
    licence: float
    surprise: float
    closed: float
    hours: float
    overrun: float
    denial_weight: float
    consequence_weight: float

    def met(self, fighters: float, balance: float, surprise: float | None = None) -> float:
        """Return the expected chance of being met with so many fighters."""
        kept = self.surprise if surprise is None else surprise
        forces = self.forces + self.expected_more * (1.0 - kept)
        return met_chance(self.resolve, reach(forces, fighters, balance), self.denial_weight)


REMOVED: Mapping[str, Mapping[str, float]] = {
    "expected denial": {"denial_weight": 0.0},
    "expected consequence": {"consequence_weight": 0.0},
    "want of licence": {"licence": 1.0},
    "lost surprise": {"surprise": 1.0},
    "closed ways": {"closed": 0.0},
}
"""What a counterfactual takes away from the outlook to find the reason that bound."""


def worth_of(option: OrderKind, outlook: Outlook, numbers: Mapping[str, float]) -> float:
    """Return what an option is worth to the leader, in full successes."""
    balance, loss, weight = numbers["balance_needed"], numbers["launch_loss"], outlook.consequence_weight
    cost = numbers["launch_cost"]
    stopped = min(outlook.closed * numbers["closed_way_stops"] * outlook.denial_weight, 1.0)
    away = getting_away_worth(stopped, numbers["freedom_worth"], numbers["capture_loss"], weight)
    met = outlook.met(outlook.fighters, balance)
    match option:
        case OrderKind.LAUNCH:
            worth = launch_worth(met, outlook.licence, 1.0, loss, cost, weight)
        case OrderKind.SHRINK:
            half = outlook.met(outlook.fighters / 2.0, balance)
            worth = launch_worth(half, outlook.licence, numbers["shrink_worth"], loss / 2.0, cost / 2.0, weight)
        case OrderKind.DELAY:
            later = outlook.met(outlook.fighters, balance, surprise=1.0)
            worth = launch_worth(later, outlook.licence, numbers["delay_worth"], loss, cost, weight)
        case OrderKind.AMBUSH:
            worth = launch_worth(met, outlook.licence, numbers["ambush_worth"], loss, cost, weight)
        case OrderKind.OCCUPY | OrderKind.HOLD_OUT:
            near = outlook.met(outlook.fighters, balance * numbers["compound_strength"], surprise=1.0)
            near += (1.0 - near) * outlook.overrun
            held = holding_out_worth(near, outlook.hours, numbers["holding_worth"], numbers["holding_patience_h"], loss, weight)
            worth = held + (1.0 - near) * away
        case OrderKind.BARGAIN:
            worth = getting_away_worth(1.0 - numbers["bargain_trust"], numbers["freedom_worth"], numbers["capture_loss"], weight)
        case OrderKind.BREAK_OUT:
            worth = away
        case _:
            worth = giving_up_worth(outlook.licence, numbers["backing_down_cost"])
    return worth


def binding_reason(option: OrderKind, outlook: Outlook, numbers: Mapping[str, float], taken: float) -> str:
    """Return the one thing without which the option would have been worth more than what was taken; else that none is enough."""
    lifts: dict[str, float] = {}
    for reason, change in REMOVED.items():
        without = worth_of(option, replace(outlook, **change), numbers)
        if without > taken:
            lifts[reason] = without
    if worth_of(option, outlook, numbers) >= taken:
        return "the lot fell otherwise"
    return max(lifts, key=lambda reason: lifts[reason]) if lifts else "no single reason: it was worth less in any case"


def outlook_of(world: World, operation: Operation) -> Outlook:
    """Return the leader's own picture: what it sees near, what it expects, what it has learnt; never the truth."""
    numbers = world.numbers
    site = world.sites[operation.site]
    sections = site.state.sections
    there = (sections["on_site"] == 1) & (sections["side"] != Side.EULEX)
    near = float((sections["strength"][there] - sections["serious"][there]).sum())
    share = draw(world.run_key, 0, name_key("leader counts"), Purpose.ARMED_CHOICE_COUNT)
    off = exp(numbers["estimate_error"] * normal_quantile(max(share, 1e-12)))
    known = [operation.evidence[("armed_group", force)] for force in FORCES if force is not Organisation.KSF]
    licences = [
        world.standing.licence[item.id]
        for item in world.scenario.framework.command.governments
        if Organisation.ARMED_GROUP in item.licenses
    ]
    held = operation.happened.get("occupation", world.tick)
    return Outlook(
        fighters=float(operation.fit()),
        forces=near * off,
        expected_more=numbers["expected_responders"],
        resolve=sum(resolve(bank.alpha, bank.beta) for bank in known) / len(known),
        licence=sum(licences) / len(licences) if licences else 1.0,
        surprise=max(1.0 - numbers["surprise_noticed"] * operation.signs, 0.0),
        closed=min(operation.closed_paths * off, 1.0),
        hours=world.minutes_since(held) / 60.0,
        overrun=min(operation.cleared, 1.0),
        denial_weight=numbers["denial_weight"],
        consequence_weight=numbers["consequence_weight"],
    )


def open_choices(world: World, operation: Operation) -> tuple[OrderKind, ...]:
    """Return what the leader can choose between now."""
    options = OPEN_CHOICES.get(operation.stage, ())
    if operation.stage is GroupStage.BLOCKING:
        if _patrol_is_there(world, operation):
            return (OrderKind.AMBUSH, OrderKind.ABORT)
        dark = operation.dark(world.tick)
        options = (OrderKind.HOLD_OUT, OrderKind.ABORT) if dark else (OrderKind.HOLD_OUT, OrderKind.OCCUPY, OrderKind.ABORT)
    if not operation.exit_open:
        options = tuple(option for option in options if option is not OrderKind.BARGAIN)
    return options


def _patrol_is_there(world: World, operation: Operation) -> bool:
    """Tell whether a patrol has come within reach of the roadblock."""
    arrived = operation.happened.get("patrol_at_block", world.tick)
    return world.minutes_since(arrived) >= world.numbers["patrol_looks_min"] and "patrol_at_block" in operation.happened


def _due(world: World, operation: Operation) -> bool:
    """Tell whether the leader thinks now: a stage has come to its time, something new happened, or the usual time has passed."""
    if operation.stage is GroupStage.PREPARING:
        return world.tick >= operation.leave_tick
    if operation.stage is GroupStage.WAITING:
        return world.tick >= operation.block_tick
    if operation.stage is GroupStage.BLOCKING and _patrol_is_there(world, operation):
        return True
    every = "contact_lasts_min" if operation.stage is GroupStage.IN_CONTACT else "leader_weighs_every_min"
    news = operation.news_tick > operation.weighed_tick and operation.stage is not GroupStage.HOLDING
    return news or world.minutes_since(operation.weighed_tick) >= world.numbers[every]


def weigh(world: World) -> None:
    """Let the leader weigh, where it has something to decide, and enter it into the ledger."""
    operation = world.operation
    if operation is None:
        return
    operation.best = ""
    options = open_choices(world, operation)
    if not options or not _due(world, operation):
        return
    outlook, numbers = outlook_of(world, operation), world.numbers
    worths = tuple(worth_of(option, outlook, numbers) for option in options)
    share = draw(world.run_key, world.tick, name_key("leader", operation.site), Purpose.ARMED_CHOICE)
    given = operation.armed.group.attack_given and not operation.signs and OrderKind.LAUNCH in options
    place = options.index(OrderKind.LAUNCH) if given else chosen(worths, numbers["choice_precision"], share)
    operation.weighed_tick = world.tick
    operation.best = str(options[place])
    rejected = {
        str(option): binding_reason(option, outlook, numbers, worths[place]) for spot, option in enumerate(options) if spot != place
    }
    world.record.add(
        world.tick,
        "ledger",
        operation.site,
        stage=str(operation.stage),
        options={str(option): round(worth, 5) for option, worth in zip(options, worths, strict=True)},
        beliefs={name: round(value, 5) for name, value in asdict(outlook).items()},
        threshold=round(max((worth for spot, worth in enumerate(worths) if spot != place), default=0.0), 5),
        choice=str(options[place]),
        draw=round(share, 5),
        given=given,
        not_taken=rejected,
    )
