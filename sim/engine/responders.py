"""Responders: requests, relief and lead between Kosovo Police, EULEX and KFOR, as the engine plays them.

The state machine is ``doctrine/hand_over``; here it meets seats' answers, units and the site. A force that acts unasked
claims the lead: until the two have co-ordinated, two lead.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.doctrine.hand_over import Failure, HandOver, HandOverSituation, Stage, Step, advance, ask, call_off, claim, lead_state, release
from sim.doctrine.hand_over import hand_back as start_back
from sim.doctrine.mandate import ResponderOrder
from sim.doctrine.orders import Order
from sim.doctrine.seat_orders import RESPONDERS, Organisation
from sim.engine.joint_patrols import common_picture
from sim.engine.news import hear
from sim.engine.reserves import arrive_at, free_units, go_back, nearest_free_unit, own_sections, travel_min, units_at
from sim.engine.state import Post
from sim.engine.world import SiteInPlay, UnitPlace, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.vocabulary import Level, Side

CALM_PERSONS = 5
"""Violent persons below which a relief counts as undisturbed."""

AT_DOOR = "take over the door from the police"
"""Effect of the hand-over that replaces the police at the door."""


def request_waiting(world: World, organisation: str, site: SiteInPlay) -> bool:
    """Tell whether an organisation has been asked for support at a site and has not answered."""
    return _waiting(world, organisation, site) is not None


def support_coming(world: World, organisation: str, site: SiteInPlay) -> bool:
    """Tell whether support that an organisation asked for, or sent, is under way to a site."""
    asked = any(
        item.site == site.name
        and not item.over
        and (
            (item.asking == organisation and item.stage is not Stage.HOLDING)
            or (item.asked == organisation and item.stage in (Stage.NOTICE_TO_MOVE, Stage.EN_ROUTE))
        )
        for item in world.standing.hand_overs
    )
    own = {unit.id for unit in world.scenario.framework.command.units_of(organisation)}
    sent = any(name in own and place.bound_for == site.name and place.due_tick >= 0 for name, place in world.standing.units.items())
    return asked or sent


def requested(site: SiteInPlay, world: World, organisation: str) -> bool:
    """Tell whether another responder has asked this one to act at a site, and been understood."""
    return any(
        item.asked == organisation and item.site == site.name and not item.over and item.stage is not Stage.REQUESTED
        for item in world.standing.hand_overs
    )


def request_support(world: World, site: SiteInPlay, order: Order) -> None:
    """Ask the next responder: for support, or, where the own line has been broken through, to take the lead.

    The last in the order asks its own headquarters above the sites, for reserve.
    """
    asking = world.scenario.file.seats[order.seat].organisation
    asked = _next_to_ask(world, asking, site)
    if asked is None:
        world.record.add(world.tick, "movement", site.name, unit="", what="nobody_left_to_ask")
        return
    overrun = asked is not asking and asking in site.lead.leads and not site.state.situation[0]["line_held"]
    wanted = world.tick + world.clock.ticks_in(world.numbers["wanted_within_min"])
    effect = "take over: the line is broken" if overrun else "support at the site"
    begin(world, site, HandOver(_number(world), site.name, asking, asked, effect, wanted, with_lead=overrun))


def _next_to_ask(world: World, asking: Organisation, site: SiteInPlay) -> Organisation | None:
    """Return the next in the mandate's order who has not been asked here yet; the one who failed is passed over."""
    order = world.scenario.framework.mandate.responders.order
    first = (Organisation.KFOR,) if order is ResponderOrder.KFOR_FIRST else ()
    line = [*first, *(item for item in RESPONDERS if item not in first and item is not Organisation.KSF)]
    after = line[line.index(asking) + 1 :] if asking in line else []
    if not after and _somebody_answers(world, asking):
        after = [asking]
    asked = {item.asked for item in world.standing.hand_overs if item.site == site.name and item.asking == asking}
    return next((item for item in after if item not in asked), None)


def answer(world: World, site: SiteInPlay, order: Order, *, accepted: bool) -> None:
    """A seat answers the request that waits for it; one that waits for nobody is passed over."""
    waiting = _waiting(world, str(world.scenario.file.seats[order.seat].organisation), site)
    if waiting is not None:
        world.standing.answers[waiting.number] = "accepted" if accepted else "refused"


def replace_police_at_door(world: World, site: SiteInPlay, _order: Order) -> None:
    """KFOR relieves the police at the door; the lead passes with it."""
    by = world.tick + world.clock.ticks_in(world.numbers["wanted_within_min"])
    asking, asked = Organisation.KOSOVO_POLICE, Organisation.KFOR
    if not any(item.effect == AT_DOOR and item.site == site.name and not item.over for item in world.standing.hand_overs):
        begin(world, site, HandOver(_number(world), site.name, asking, asked, AT_DOOR, by, with_lead=True, stage=Stage.EN_ROUTE))


def claim_lead(world: World, site: SiteInPlay, organisation: str) -> None:
    """A force that acts unasked claims the lead of whoever has it; co-ordination follows on the spot."""
    force = Organisation(organisation)
    others = [item for item in RESPONDERS if item in site.lead.leads and item is not force]
    if force in site.lead.leads or not others:
        claim(site.lead, force)
        return
    claim(site.lead, force)
    effect = "acted unasked"
    hand_over = HandOver(_number(world), site.name, others[0], force, effect, world.tick, with_lead=True, stage=Stage.EN_ROUTE)
    begin(world, site, hand_over)


def hand_back(world: World, site: SiteInPlay, order: Order) -> None:
    """The force that came offers the lead back, or goes, if it may by now."""
    organisation = world.scenario.file.seats[order.seat].organisation
    for item in world.standing.hand_overs:
        if item.site == site.name and item.asked is organisation and not item.over and not start_back(item, world.tick):
            note = "not before the relieved force has regenerated" if item.stage is Stage.REGENERATING else "nothing to give back yet"
            _tell(world, site, item, [Step(world.tick, item.stage, item.asked, note)])


def call_off_support(world: World, site: SiteInPlay, order: Order) -> None:
    """Support of the own organisation that is still on its way turns back."""
    organisation = world.scenario.file.seats[order.seat].organisation
    for item in world.standing.hand_overs:
        if item.site == site.name and item.asked is organisation and not item.over and call_off(item, world.tick):
            place = world.standing.units.get(item.unit)
            if place is not None and place.bound_for == site.name:
                world.standing.units[item.unit] = UnitPlace()
            _tell(world, site, item, item.history[-1:])


def leave(world: World, site: SiteInPlay, organisation: Organisation) -> None:
    """A force that leaves gives up lead and support; what it had taken over or was to take over there ends."""
    release(site.lead, organisation)
    for item in world.standing.hand_overs:
        if item.site == site.name and item.asked is organisation and not item.over and not call_off(item, world.tick):
            item.stage = Stage.ENDED
            _tell(world, site, item, [Step(world.tick, item.stage, organisation, "the force has left")])


def begin(world: World, site: SiteInPlay, hand_over: HandOver) -> None:
    """Enter a hand-over into the book and send its request (one that begins on the spot needs none)."""
    hand_over.due_tick = world.tick
    world.standing.hand_overs.append(hand_over)
    if hand_over.stage is Stage.REQUESTED:
        ask(hand_over, world.tick, _situation(world, site, hand_over))
    _tell(world, site, hand_over, hand_over.history[-1:] or [Step(world.tick, hand_over.stage, hand_over.asked, hand_over.effect)])


def hand_overs_go_on(world: World) -> None:
    """Phase 6: every hand-over that is under way goes on; units move with it."""
    for hand_over in list(world.standing.hand_overs):
        resting = hand_over.stage is Stage.HOLDING and not hand_over.back
        if resting or hand_over.over or hand_over.site not in world.sites:
            continue
        site = world.sites[hand_over.site]
        unit = hand_over.unit
        steps = advance(hand_over, world.tick, _situation(world, site, hand_over), site.lead)
        if hand_over.unit and not unit and world.standing.units[hand_over.unit].free:
            world.standing.units[hand_over.unit] = UnitPlace(bound_for=site.name)
        for step in steps:
            _take_step(world, site, hand_over, step)
        _tell(world, site, hand_over, steps)


def _take_step(world: World, site: SiteInPlay, hand_over: HandOver, step: Step) -> None:
    """Let a step change who is where: the unit arrives, the door changes hands, the unit goes back."""
    place = world.standing.units.get(hand_over.unit)
    if step.failure in (Failure.REFUSED_LEAD, Failure.REFUSED_SUPPORT, Failure.NO_FORCE_LEFT):
        for name, seat in world.scenario.file.seats.items():
            if seat.organisation is hand_over.asking and name in world.seats and site.name in world.sites_of(name):
                world.memory(name, site.name).since["request_refused"] = world.tick
    elif step.failure is not None:
        return
    elif step.stage is Stage.ON_SITE_CO_ORDINATION and not hand_over.back and place is not None and place.site != site.name:
        arrive_at(world, hand_over.unit, site.name, "model")
    elif step.stage is Stage.LEAD_TRANSFERRED and hand_over.effect == AT_DOOR and not hand_over.back:
        _change_door(world, site)
    elif step.stage is Stage.ENDED and place is not None and place.site == site.name:
        go_back(world, hand_over.unit, site)


def _change_door(world: World, site: SiteInPlay) -> None:
    """Police leave the door; sections of the second line, or else of the line's middle, take it."""
    sections = site.state.sections
    police = (sections["side"] == Side.KOSOVO_POLICE) & (sections["post"] == Post.DOOR)
    needed = int((police & (sections["on_site"] == 1)).sum())
    sections["on_site"][police] = 0
    kfor = own_sections(site, "kfor")
    spare = [*np.flatnonzero(kfor & (sections["post"] == Post.SECOND_LINE)), *np.flatnonzero(kfor & (sections["post"] == Post.LINE))]
    for row in spare[:needed]:
        sections["post"][row] = site.assigned_post[row] = Post.DOOR
        sections["level"][row] = Level.PRESENCE
        sections["cell"][row] = site.plan.cell_of(site.file.door)
    hear(world, "concession_made", site.name)


def count_lead(site: SiteInPlay, minutes: float) -> None:
    """Add to the minutes with one, no or two organisations in the lead."""
    site.dealings.lead_minutes[str(lead_state(site.lead))] += minutes


def _situation(world: World, site: SiteInPlay, hand_over: HandOver) -> HandOverSituation:
    same = [item.number for item in world.standing.hand_overs if (item.site, item.asking, item.asked) == _between(hand_over)]
    nth = same.index(hand_over.number) if hand_over.number in same else len(same)

    def share(name: str) -> float:
        entity = name_key("hand-over", world.day.name, *_between(hand_over), nth, hand_over.back, name)
        return draw(world.run_key, 0, entity, Purpose.HAND_OVER)

    units = {unit.id: unit for unit in world.scenario.framework.command.units}

    def away(unit: str) -> bool:
        return bool(unit) and world.standing.units[unit].site != site.name

    return HandOverSituation(
        numbers=world.numbers,
        ticks_in=world.clock.ticks_in,
        draw=share,
        liaison_min=world.scenario.framework.mandate.liaison_min.at(share("liaison")),
        notice_min=lambda unit: units[unit].notice_to_move_min.at(share("notice")) if away(unit) else 0.0,
        travel_min=lambda unit: travel_min(world, units[unit], site, share("travel")) if away(unit) else 0.0,
        choose_unit=partial(_unit_for, world, site, hand_over),
        common_picture_quality=common_picture(world.numbers),
        decision=world.standing.answers.get(hand_over.number, ""),
        seat_decides=_somebody_answers(world, hand_over.asked),
        predecessor_present=bool(own_sections(site, str(hand_over.relieved)).any()),
        calm=site.dealings.violent < CALM_PERSONS,
    )


def _between(hand_over: HandOver) -> tuple[str, Organisation, Organisation]:
    """Return where and between whom: what a hand-over's draws are keyed by, with its place among those alike."""
    return hand_over.site, hand_over.asking, hand_over.asked


def _unit_for(world: World, site: SiteInPlay, hand_over: HandOver) -> str:
    """Return who answers: a free reserve of the asked, or whom it has on site; nobody while these are being restored."""
    if hand_over.asked in site.lead.regenerating:
        return ""
    unit = nearest_free_unit(world, str(hand_over.asked), site) if free_units(world, str(hand_over.asked)) else None
    if unit is not None:
        return unit.id
    there = units_at(world, str(hand_over.asked), site)
    return there[0].id if there else ""


def _somebody_answers(world: World, organisation: Organisation) -> bool:
    """Tell whether a seat above the sites answers for an organisation; else its desk accepts after a time."""
    seats = world.scenario.file.seats
    return any(name in world.seats and seat.organisation is organisation and seat.site is None for name, seat in seats.items())


def _waiting(world: World, organisation: str, site: SiteInPlay) -> HandOver | None:
    """Return the request at a site that an organisation has understood and not answered."""
    for item in world.standing.hand_overs:
        unanswered = item.stage is Stage.RECEIVED and item.number not in world.standing.answers
        if item.asked == organisation and item.site == site.name and unanswered:
            return item
    return None


def _number(world: World) -> int:
    world.standing.requests += 1
    return world.standing.requests


def _tell(world: World, site: SiteInPlay, hand_over: HandOver, steps: list[Step]) -> None:
    for step in steps:
        world.record.add(
            world.tick,
            "hand_over",
            site.name,
            hand_over=hand_over.number,
            asking=str(hand_over.asking),
            asked=str(hand_over.asked),
            with_lead=hand_over.with_lead,
            stage=str(step.stage),
            owner=str(step.owner),
            note=step.note,
            failure=str(step.failure or ""),
            unit=hand_over.unit,
            leads=sorted(str(item) for item in site.lead.leads),
        )
