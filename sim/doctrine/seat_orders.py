"""Seat orders: which kinds of order each organisation's seat can give at all, and what each kind needs.

One place for the table "seat -> order kinds", for the task of the mandate that an order carries out, for the authority
(permitted means) it needs, and for the posture it puts the force in. Posture, authority and selectivity are three separate
things: an order may change the posture and need no authority (a cordon), or need one and leave the posture (agents).

Orders that lower the level of force, and talk, need neither task nor authority: nobody waits for leave to stop.
Not modelled: orders of KSF beyond those of any responder.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sim.vocabulary import Authority, OrderKind, Posture, Task


class Organisation(StrEnum):
    """Whose seat it is. Each has its own chain of command; nobody commands across chains."""

    KFOR = "kfor"
    KOSOVO_POLICE = "kosovo_police"
    EULEX = "eulex"
    KSF = "ksf"
    CROWD = "crowd"
    GOVERNMENT = "government"
    ARMED_GROUP = "armed_group"


NAMES: Mapping[Organisation, str] = MappingProxyType(
    {
        Organisation.KFOR: "KFOR",
        Organisation.KOSOVO_POLICE: "Kosovo Police",
        Organisation.EULEX: "EULEX",
        Organisation.KSF: "KSF",
        Organisation.CROWD: "the crowd",
        Organisation.GOVERNMENT: "a government",
        Organisation.ARMED_GROUP: "the armed group",
    }
)
"""How each organisation is called in a sentence."""

RESPONDERS = (Organisation.KOSOVO_POLICE, Organisation.EULEX, Organisation.KFOR, Organisation.KSF)
"""Organisations that answer to a mandate and to rules of engagement."""

_TALK = frozenset({OrderKind.OPEN_TALKS, OrderKind.GIVE_ULTIMATUM, OrderKind.WARN_BY_LOUDSPEAKER})
_EASE = frozenset(
    {
        OrderKind.HALT_PUSH,
        OrderKind.STOP_AGENTS,
        OrderKind.RECALL_DETENTION_TEAMS,
        OrderKind.OPEN_EXIT,
        OrderKind.WAIT,
        OrderKind.WITHDRAW,
        OrderKind.WALK_CREWS_OUT,
    }
)
_HAND_OVER = frozenset(
    {
        OrderKind.REQUEST_SUPPORT,
        OrderKind.ACCEPT_REQUEST,
        OrderKind.REFUSE_REQUEST,
        OrderKind.HAND_BACK,
        OrderKind.SEND_RESERVE,
        OrderKind.RECALL_RESERVE,
    }
)
_ACT = frozenset(
    {
        OrderKind.TAKE_CORDON,
        OrderKind.PUSH,
        OrderKind.USE_AGENTS,
        OrderKind.EXTRACT_VEHICLES,
        OrderKind.SEND_DETENTION_TEAMS,
        OrderKind.HOLD_BUILDING,
        OrderKind.HOLD_DOOR_WITH_AGENTS,
        OrderKind.PUT_UP_BARRIERS,
    }
)
_RESPONDER = _TALK | _EASE | _HAND_OVER | _ACT
_CROWD = frozenset(
    {
        OrderKind.GATHER,
        OrderKind.STAND,
        OrderKind.SIT_DOWN,
        OrderKind.PRESS,
        OrderKind.ACCEPT_TALKS,
        OrderKind.REFUSE_TALKS,
        OrderKind.CALL_FOR_MORE,
        OrderKind.PREPARED_GROUP_ACTS,
        OrderKind.GO_HOME,
        OrderKind.WAIT,
    }
)

_GOVERNMENT = frozenset(
    {
        OrderKind.ORDER_ENTRY,
        OrderKind.DEFER_ENTRY,
        OrderKind.MOVE_MAYOR,
        OrderKind.MEDIATE,
        OrderKind.PRESS_FOR_ACTION,
        OrderKind.URGE_RESTRAINT,
        OrderKind.GIVE_LICENCE,
        OrderKind.WITHDRAW_LICENCE,
        OrderKind.RAISE_ARMY_READINESS,
        OrderKind.LOWER_ARMY_READINESS,
        OrderKind.WARN_THIRD_PARTY,
        OrderKind.ORDER_REINFORCEMENT,
        OrderKind.WAIT,
    }
)
"""What governments can order between them; which of these one of them can is the scenario's ``command.yaml``."""

_AGAINST_ARMED = frozenset(
    {
        OrderKind.SEND_PATROL,
        OrderKind.ENCIRCLE,
        OrderKind.ADVANCE,
        OrderKind.HOLD_FIRE,
        OrderKind.SWEEP,
        OrderKind.CLOSE_CROSSINGS,
        OrderKind.NEGOTIATE_EXIT,
        OrderKind.SEARCH_VEHICLES,
    }
)
_BESIDE_THE_POLICE = frozenset(
    {
        OrderKind.OFFER_OUTER_CORDON,
        OrderKind.WATCH_BOUNDARY,
        OrderKind.SURVEIL,
        OrderKind.EVACUATE_WOUNDED,
        OrderKind.EXTRACT_PATROL,
        OrderKind.PROTECT_OTHER_SITES,
        OrderKind.CALL_BELGRADE,
        OrderKind.WARN_UPWARD,
        OrderKind.SPEAK_PUBLICLY,
        OrderKind.NEGOTIATE_EXIT,
        OrderKind.SEARCH_VEHICLES,
    }
)
"""What KFOR can choose where police lead against an armed group."""

ARMED_CHOICES = (
    OrderKind.LAUNCH,
    OrderKind.SHRINK,
    OrderKind.DELAY,
    OrderKind.ABORT,
    OrderKind.AMBUSH,
    OrderKind.OCCUPY,
    OrderKind.HOLD_OUT,
    OrderKind.BARGAIN,
    OrderKind.BREAK_OUT,
)
"""What an armed group's leader chooses between."""

SEAT_ORDERS: Mapping[Organisation, frozenset[OrderKind]] = MappingProxyType(
    {
        Organisation.KFOR: _RESPONDER | _BESIDE_THE_POLICE | {OrderKind.REPLACE_POLICE_AT_DOOR, OrderKind.MEDIATE},
        Organisation.KOSOVO_POLICE: _RESPONDER
        | _AGAINST_ARMED
        | {OrderKind.ACCEPT_HELP, OrderKind.REFUSE_HELP}
        | {OrderKind.ENTER_BUILDING, OrderKind.THIN_OUT_SPECIAL_POLICE, OrderKind.TELL_KFOR_BEFOREHAND},
        Organisation.EULEX: _RESPONDER | {OrderKind.MEDIATE, OrderKind.MONITOR},
        Organisation.KSF: _RESPONDER | {OrderKind.ENCIRCLE, OrderKind.ADVANCE, OrderKind.WATCH_BOUNDARY, OrderKind.SURVEIL},
        Organisation.CROWD: _CROWD,
        Organisation.GOVERNMENT: _GOVERNMENT,
        Organisation.ARMED_GROUP: frozenset({*ARMED_CHOICES, OrderKind.WAIT}),
    }
)
"""What a seat can order at all. Whether a responder *may* is the mandate's and the rules' business."""

TASK_OF: Mapping[OrderKind, Task] = MappingProxyType(
    {
        OrderKind.TAKE_CORDON: Task.SEPARATE,
        OrderKind.EXTRACT_VEHICLES: Task.SEPARATE,
        OrderKind.PUSH: Task.DISPERSE,
        OrderKind.USE_AGENTS: Task.DISPERSE,
        OrderKind.SEND_DETENTION_TEAMS: Task.DETAIN_AND_HAND_OVER,
        OrderKind.HOLD_BUILDING: Task.PROTECT_PROPERTY,
        OrderKind.HOLD_DOOR_WITH_AGENTS: Task.PROTECT_PROPERTY,
        OrderKind.ENTER_BUILDING: Task.PROTECT_PROPERTY,
        OrderKind.REPLACE_POLICE_AT_DOOR: Task.PROTECT_PROPERTY,
        OrderKind.PUT_UP_BARRIERS: Task.SEPARATE,
        OrderKind.SEND_PATROL: Task.PROTECT_PROPERTY,
        OrderKind.ENCIRCLE: Task.SEAL_ROAD_OR_BOUNDARY,
        OrderKind.ADVANCE: Task.DETAIN_AND_HAND_OVER,
        OrderKind.SWEEP: Task.SEARCH_PREMISES,
        OrderKind.CLOSE_CROSSINGS: Task.SEAL_ROAD_OR_BOUNDARY,
        OrderKind.WATCH_BOUNDARY: Task.SEAL_ROAD_OR_BOUNDARY,
        OrderKind.SEARCH_VEHICLES: Task.SEARCH_VEHICLES,
        OrderKind.EXTRACT_PATROL: Task.SEPARATE,
        OrderKind.PROTECT_OTHER_SITES: Task.PROTECT_PROPERTY,
    }
)
"""The task of the mandate that an order carries out; orders not listed need none."""

AUTHORITY_OF: Mapping[OrderKind, Authority] = MappingProxyType(
    {
        OrderKind.PUSH: Authority.SHIELDS_AND_BATONS,
        OrderKind.USE_AGENTS: Authority.AGENTS,
        OrderKind.HOLD_DOOR_WITH_AGENTS: Authority.AGENTS,
        OrderKind.EXTRACT_VEHICLES: Authority.VEHICLE_REMOVAL,
        OrderKind.SEND_DETENTION_TEAMS: Authority.DETENTION,
        OrderKind.ADVANCE: Authority.DEFENSIVE_FIREARMS,
        OrderKind.EXTRACT_PATROL: Authority.DEFENSIVE_FIREARMS,
        OrderKind.SWEEP: Authority.SEARCH,
        OrderKind.SEARCH_VEHICLES: Authority.SEARCH,
    }
)
"""The permitted means that an order uses; orders not listed use none."""

POSTURE_OF: Mapping[OrderKind, Posture] = MappingProxyType(
    {
        OrderKind.TAKE_CORDON: Posture.CORDON,
        OrderKind.HOLD_BUILDING: Posture.CORDON,
        OrderKind.OPEN_TALKS: Posture.DIALOGUE,
        OrderKind.GIVE_ULTIMATUM: Posture.ULTIMATUM,
        OrderKind.PUSH: Posture.DISPERSE,
        OrderKind.HALT_PUSH: Posture.CORDON,
        OrderKind.WITHDRAW: Posture.WITHDRAW,
    }
)
"""The posture that an order puts the force in; orders not listed leave it as it is."""
