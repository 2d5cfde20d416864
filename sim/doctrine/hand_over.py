"""Hand-over: how the lead at a site passes from one security responder to the next, and back.

The paper calls KFOR the third security responder, behind Kosovo Police and EULEX. In joint drills the police ask first,
then EULEX, then KFOR, with a relief in place; in May 2023 KFOR came on its own assessment. A hand-over has ten steps:
request - received - decided - notice to move - en route - on-site co-ordination - relief in place - lead transferred -
relieved force regenerating - hand-back. Each has a time, an owner and a way to go wrong. At every moment a site has one
lead, none, or two; a force without the lead is *supporting* (at Zvečan KP held the building, KFOR the outer cordon).

The rule for the lead: whoever is relieved leads until the transfer, then supports. Without a common picture both lead
during the relief; a predecessor who leaves before the transfer leaves nobody in the lead (unless the other already acts
as leader). Support leaves the lead with the asker, and ends that of a supporter who had claimed it unasked.

Sources: order of responders facts 3.3 (E1, E2, Z5, Z16); that the relieved leader stays responsible until the relief is
complete: US Army ATP 3-21.8, 5-87. Minutes and chances are assumptions: no hand-over in Kosovo has been timed in public,
and the response times that are known (facts 7) are of whole deployments.

Not modelled: haggling over terms (a seat accepts or refuses the whole); relief by parts; requests that lapse unanswered;
the return of a predecessor who left; rest of the force that came, once it has gone home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from sim.doctrine.seat_orders import Organisation
from sim.foundations.figures import spoken
from sim.foundations.parameter import Concept, Parameter

CONCEPT = Concept(
    "hand_over",
    (
        Parameter("request_decision_min", "min", 0, 1440, "minutes until a request is decided where no seat decides"),
        Parameter("co_ordination_min", "min", 0, 1440, "minutes of co-ordination on the spot with a common picture"),
        Parameter("no_common_picture_factor", "1", 1, 10, "how many times as long co-ordination takes without a common picture"),
        Parameter("relief_in_place_min", "min", 0, 1440, "minutes of a relief in place while the site is calm"),
        Parameter("relief_under_attack_factor", "1", 1, 10, "how many times as long a relief takes while the site is not calm"),
        Parameter("regenerating_min", "min", 0, 4320, "minutes for which a relieved force cannot be used"),
        Parameter("hand_back_min", "min", 0, 1440, "minutes until the force that came has gathered and gone after it gave back"),
        Parameter("wanted_within_min", "min", 0, 1440, "minutes within which support is wanted when it is asked for"),
        Parameter(
            "common_picture_quality",
            "1",
            0,
            1,
            "what two responders share of a site before they meet: 0 nothing, 0.5 reports by liaison, 1 the same map at the same time",
        ),
        Parameter("wrong_desk_chance", "chance", 0, 1, "chance that a request goes to a desk that cannot answer it"),
        Parameter("unclear_request_chance", "chance", 0, 1, "chance that a request must be asked again because it is unclear"),
        Parameter("no_common_picture_chance", "chance", 0, 1, "chance, with nothing shared, that the two see the site differently"),
        Parameter("left_early_chance", "chance", 0, 1, "chance that the relieved force leaves when the relief begins"),
        Parameter(
            "shared_procedures_quality",
            "1",
            0,
            1,
            "how far the responders work by one drill: 0 each by its own book, 0.5 regular joint drills, 1 one form of request, "
            "one map and a hand-over rehearsed to the end by the units that do it",
        ),
        Parameter("shared_procedures_minutes_saved", "share", 0, 1, "share of the minutes that shared procedures of 1 save"),
        Parameter("shared_procedures_failures_saved", "share", 0, 1, "share of the failures that shared procedures of 1 prevent"),
    ),
)


class Stage(StrEnum):
    """The step under way; it lasts until its due tick."""

    REQUESTED = "requested"  # who, effect and by when are on their way to the desk that answers
    RECEIVED = "received"  # the right desk has understood it; a decision is awaited
    DECIDED = "decided"  # accepted: a unit is named
    NOTICE_TO_MOVE = "notice_to_move"
    EN_ROUTE = "en_route"
    ON_SITE_CO_ORDINATION = "on_site_co_ordination"
    RELIEF_IN_PLACE = "relief_in_place"
    LEAD_TRANSFERRED = "lead_transferred"
    REGENERATING = "regenerating"  # the relieved force rests and cannot be used
    HOLDING = "holding"  # the force that came leads, or supports; nothing is due until the hand-back
    HANDED_BACK = "handed_back"  # the force that came gathers and goes
    ENDED = "ended"
    FAILED = "failed"


class Failure(StrEnum):
    """What went wrong, and what it costs."""

    WRONG_DESK = "wrong_desk"  # asked again: the liaison time once more
    UNCLEAR_REQUEST = "unclear_request"  # likewise
    REFUSED_LEAD = "refused_lead"  # ends it: the asker stays in the lead
    REFUSED_SUPPORT = "refused_support"  # ends it
    NO_FORCE_LEFT = "no_force_left"  # ends it: accepted, but no unit is free
    CALLED_OFF = "called_off"  # ends it: taken back, or the unit recalled, before it came
    LATE = "late"  # came after the time that was asked for
    NO_COMMON_PICTURE = "no_common_picture"  # longer co-ordination; both lead during the relief
    LEFT_EARLY = "left_early"  # the predecessor goes before the transfer: nobody leads


FORWARD = tuple(Stage)[: tuple(Stage).index(Stage.HOLDING) + 1]
BACK = (Stage.HOLDING, Stage.ON_SITE_CO_ORDINATION, Stage.RELIEF_IN_PLACE, Stage.LEAD_TRANSFERRED, Stage.HANDED_BACK, Stage.ENDED)
ONLY_WITH_LEAD = (Stage.RELIEF_IN_PLACE, Stage.LEAD_TRANSFERRED, Stage.REGENERATING)
BEFORE_ARRIVAL = FORWARD[: FORWARD.index(Stage.ON_SITE_CO_ORDINATION)]
BEFORE_TRANSFER = FORWARD[: FORWARD.index(Stage.LEAD_TRANSFERRED)]

_RELIEVED_OWNS = (Stage.REQUESTED, Stage.RELIEF_IN_PLACE, Stage.REGENERATING, Stage.HANDED_BACK, Stage.FAILED)
OWNER_OF = MappingProxyType({stage: "relieved" if stage in _RELIEVED_OWNS else "relieving" for stage in Stage})
"""Who must see to it that a step is done; during a relief that is still the predecessor. On the way back the two change places."""


@dataclass
class Lead:
    """Who leads at a site now, who supports, and whose relieved people cannot be used yet."""

    leads: set[Organisation] = field(default_factory=set)
    supporting: set[Organisation] = field(default_factory=set)
    regenerating: set[Organisation] = field(default_factory=set)


def lead_state(lead: Lead) -> Literal["none", "one", "two"]:
    """Tell whether none, one or two (or more) are in the lead."""
    return "none" if not lead.leads else "one" if len(lead.leads) == 1 else "two"


def claim(lead: Lead, organisation: Organisation) -> None:
    """Put a force into the lead, whoever else leads: one that acts unasked makes two until it is co-ordinated."""
    lead.leads.add(organisation)
    lead.supporting.discard(organisation)


def support(lead: Lead, organisation: Organisation) -> None:
    """Let a force support; if it led, it leads no more."""
    lead.leads.discard(organisation)
    lead.supporting.add(organisation)


def release(lead: Lead, organisation: Organisation) -> None:
    """Take a force that leaves out of the lead and out of support."""
    lead.leads.discard(organisation)
    lead.supporting.discard(organisation)


def transfer(lead: Lead, relieved: Organisation, relieving: Organisation) -> None:
    """Give the lead from one to the other: the new one leads, and the old one, if it has not left, supports."""
    if relieved in lead.leads:
        support(lead, relieved)
    claim(lead, relieving)


@dataclass(frozen=True)
class HandOverSituation:
    """What a hand-over needs to know of the world at one tick."""

    numbers: Mapping[str, float]  # value of each parameter of CONCEPT
    ticks_in: Callable[[float], int]  # base ticks that cover so many minutes
    draw: Callable[[Failure], float]  # number in [0, 1) for whether it happens, keyed by the caller to this hand-over and way
    liaison_min: float  # for a request to cross to the other organisation: the mandate's, at this request's share
    notice_min: Callable[[str], float]  # of a unit; 0 for one that is on site already
    travel_min: Callable[[str], float]  # of a unit; likewise
    choose_unit: Callable[[], str]  # a free unit of the organisation that is asked, or nothing
    common_picture_quality: float  # what the two share of the site: 0 nothing, 0.5 reports by liaison, 1 one map at one time
    decision: Literal["", "accepted", "refused"] = ""  # answer of the seat that is asked
    seat_decides: bool = False  # whether that answer is waited for; else accepted after request_decision_min
    predecessor_present: bool = True  # whether the relieved force still has people on site
    calm: bool = True  # whether nobody attacks the site


@dataclass(frozen=True)
class Step:
    """What happened in a hand-over at a tick: a step began, or something went wrong in it."""

    tick: int
    stage: Stage
    owner: Organisation
    note: str
    failure: Failure | None = None


@dataclass
class HandOver:
    """One request between two organisations, from asking to hand-back."""

    number: int
    site: str
    asking: Organisation
    asked: Organisation
    effect: str  # what is wanted, in words
    by_tick: int  # by when it is wanted on site
    with_lead: bool  # whether the lead is to pass; else support is asked for
    unit: str = ""  # the unit that goes; chosen when the request is accepted, unless named before
    stage: Stage = Stage.REQUESTED
    due_tick: int = 0
    back: bool = False  # whether it is on the way back
    common_picture: bool = True  # whether the two saw the site alike when they last co-ordinated
    there_before: bool = False  # whether the organisation that is asked supported, or led, here before its unit came
    failures: list[Failure] = field(default_factory=list)
    history: list[Step] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.stage in (Stage.ENDED, Stage.FAILED)

    @property
    def relieved(self) -> Organisation:
        """Who is relieved (or supported) on the present way."""
        return self.asked if self.back else self.asking

    @property
    def relieving(self) -> Organisation:
        """Who relieves (or supports) on the present way."""
        return self.asking if self.back else self.asked

    def tell(self, tick: int, note: str, failure: Failure | None = None) -> None:
        """Write into the history what happened."""
        owner = self.relieved if OWNER_OF[self.stage] == "relieved" else self.relieving
        self.history.append(Step(tick, self.stage, owner, note, failure))

    def goes_wrong(self, tick: int, failure: Failure) -> None:
        """Write a failure into the history and into the list of failures."""
        self.failures.append(failure)
        self.tell(tick, spoken(failure), failure)


def ask(hand_over: HandOver, tick: int, situation: HandOverSituation) -> None:
    """Send the request: who, what effect, by when."""
    hand_over.due_tick = tick + situation.ticks_in(minutes_of(hand_over, situation))
    hand_over.tell(tick, hand_over.effect)


def advance(hand_over: HandOver, tick: int, situation: HandOverSituation, lead: Lead) -> list[Step]:
    """Carry a hand-over on to *tick*, change the site's *lead* as it goes, and return what happened."""
    told = len(hand_over.history)
    if hand_over.with_lead and hand_over.stage in BEFORE_TRANSFER and not situation.predecessor_present:
        _leave_early(hand_over, tick, lead)
    while _through(hand_over, tick, situation):
        if not _held_up(hand_over, tick, situation):
            _begin_next(hand_over, tick, situation, lead)
    return hand_over.history[told:]


def hand_back(hand_over: HandOver, tick: int) -> bool:
    """Start the way back, and tell whether it could be: not before the relieved force has regenerated."""
    if hand_over.stage is not Stage.HOLDING or hand_over.back:
        return False
    hand_over.back, hand_over.due_tick = True, tick
    return True


def call_off(hand_over: HandOver, tick: int) -> bool:
    """Take a request back or recall the unit, and tell whether it could be: only before it has come."""
    if hand_over.stage not in BEFORE_ARRIVAL:
        return False
    return _failed(hand_over, tick, Failure.CALLED_OFF)


def chance_of(failure: Failure, situation: HandOverSituation) -> float:
    """Return the chance of a failure that is drawn: shared procedures lower each, a shared picture that of no common one."""
    numbers = situation.numbers
    prevented = numbers["shared_procedures_failures_saved"] * numbers["shared_procedures_quality"]
    unseen = 1.0 - situation.common_picture_quality if failure is Failure.NO_COMMON_PICTURE else 1.0
    return numbers[f"{failure}_chance"] * unseen * (1.0 - prevented)


def minutes_of(hand_over: HandOver, situation: HandOverSituation) -> float:
    """Return the minutes of the present step: shared procedures shorten desk work and co-ordination, not march and rest."""
    numbers = situation.numbers
    minutes = 0.0
    match hand_over.stage:
        case Stage.NOTICE_TO_MOVE:
            return situation.notice_min(hand_over.unit)
        case Stage.EN_ROUTE:
            return situation.travel_min(hand_over.unit)
        case Stage.REGENERATING:
            return numbers["regenerating_min"]
        case Stage.REQUESTED:
            minutes = situation.liaison_min
        case Stage.RECEIVED if not situation.seat_decides:
            minutes = numbers["request_decision_min"]
        case Stage.ON_SITE_CO_ORDINATION:
            minutes = numbers["co_ordination_min"] * (1.0 if hand_over.common_picture else numbers["no_common_picture_factor"])
        case Stage.RELIEF_IN_PLACE:
            minutes = numbers["relief_in_place_min"] * (1.0 if situation.calm else numbers["relief_under_attack_factor"])
        case Stage.HANDED_BACK:
            minutes = numbers["hand_back_min"]
    return minutes * (1.0 - numbers["shared_procedures_minutes_saved"] * numbers["shared_procedures_quality"])


def _through(hand_over: HandOver, tick: int, situation: HandOverSituation) -> bool:
    """Tell whether the present step is over: a decision counts when given, and is waited for where a seat decides."""
    if hand_over.over or (hand_over.stage is Stage.HOLDING and not hand_over.back):
        return False
    if hand_over.stage is Stage.RECEIVED and (situation.decision or situation.seat_decides):
        return bool(situation.decision)
    return tick >= hand_over.due_tick


def _held_up(hand_over: HandOver, tick: int, situation: HandOverSituation) -> bool:
    """Tell whether the present step goes wrong at its end, and so is done again or ends the hand-over."""
    if hand_over.stage is Stage.REQUESTED:
        return _asked_again(hand_over, tick, situation)
    if hand_over.stage is Stage.RECEIVED and situation.decision == "refused":
        return _failed(hand_over, tick, Failure.REFUSED_LEAD if hand_over.with_lead else Failure.REFUSED_SUPPORT)
    if hand_over.stage is Stage.DECIDED:
        hand_over.unit = hand_over.unit or situation.choose_unit()
        return not hand_over.unit and _failed(hand_over, tick, Failure.NO_FORCE_LEFT)
    return False


def _asked_again(hand_over: HandOver, tick: int, situation: HandOverSituation) -> bool:
    """Tell whether the request must be asked again: at most once for each reason, the desk first."""
    for failure in (Failure.WRONG_DESK, Failure.UNCLEAR_REQUEST):
        settled = failure in hand_over.failures or Failure.UNCLEAR_REQUEST in hand_over.failures
        if not settled and situation.draw(failure) < chance_of(failure, situation):
            hand_over.due_tick = tick + situation.ticks_in(minutes_of(hand_over, situation))
            hand_over.goes_wrong(tick, failure)
            return True
    return False


def _failed(hand_over: HandOver, tick: int, failure: Failure) -> bool:
    hand_over.stage, hand_over.due_tick = Stage.FAILED, max(hand_over.due_tick, tick)
    hand_over.goes_wrong(tick, failure)
    return True


def _begin_next(hand_over: HandOver, tick: int, situation: HandOverSituation, lead: Lead) -> None:
    """Begin the next step of the way: its effect on the lead, what goes wrong at its start, and when it is due."""
    way = [stage for stage in (BACK if hand_over.back else FORWARD) if hand_over.with_lead or stage not in ONLY_WITH_LEAD]
    hand_over.stage = way[way.index(hand_over.stage) + 1]
    hand_over.tell(tick, hand_over.unit)
    match hand_over.stage:
        case Stage.ON_SITE_CO_ORDINATION:
            _meet(hand_over, tick, situation, lead)
        case Stage.RELIEF_IN_PLACE:
            if not hand_over.common_picture:
                claim(lead, hand_over.relieving)
            if situation.draw(Failure.LEFT_EARLY) < chance_of(Failure.LEFT_EARLY, situation):
                _leave_early(hand_over, tick, lead)
        case Stage.LEAD_TRANSFERRED:
            transfer(lead, hand_over.relieved, hand_over.relieving)
        case Stage.REGENERATING:
            lead.regenerating.add(hand_over.relieved)
        case Stage.HOLDING if hand_over.with_lead:
            lead.regenerating.discard(hand_over.relieved)
        case Stage.HOLDING if lead.leads != {hand_over.asked}:
            support(lead, hand_over.asked)
        case Stage.ENDED if not hand_over.there_before:
            lead.supporting.discard(hand_over.asked)
    hand_over.due_tick = tick + situation.ticks_in(minutes_of(hand_over, situation))


def _meet(hand_over: HandOver, tick: int, situation: HandOverSituation, lead: Lead) -> None:
    """Let the two meet on site: whether in time, and whether they see the site alike."""
    if not hand_over.back:
        hand_over.there_before = hand_over.asked in lead.supporting | lead.leads
        if tick > hand_over.by_tick:
            hand_over.goes_wrong(tick, Failure.LATE)
    hand_over.common_picture = situation.draw(Failure.NO_COMMON_PICTURE) >= chance_of(Failure.NO_COMMON_PICTURE, situation)
    if not hand_over.common_picture:
        hand_over.goes_wrong(tick, Failure.NO_COMMON_PICTURE)


def _leave_early(hand_over: HandOver, tick: int, lead: Lead) -> None:
    if hand_over.relieved in lead.leads:
        release(lead, hand_over.relieved)
        hand_over.goes_wrong(tick, Failure.LEFT_EARLY)
