"""The controlled words of the model, each with its gloss.

Words are the paper's and the field's. Integer enums are stored in columns; string enums stand in files and records.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Ground(IntEnum):
    """What one 5 m cell of a site plan is."""

    STREET = 0  # open, walked and driven
    SQUARE = 1  # open, the place where a crowd assembles
    WALL = 2  # closed
    BUILDING = 3  # closed
    DOOR = 4  # the way into the building, closed to the crowd while it is held
    VEHICLE = 5  # a vehicle that stands in the crowd's way, or is stuck in it
    EXIT = 6  # where people arrive and leave


class Role(IntEnum):
    """What a protester came for."""

    BYSTANDER = 0  # watches; joins late or never
    PARTICIPANT = 1  # came to protest
    HARD_CORE = 2  # ready for violence from the start
    PREPARED = 3  # a group hidden in the crowd; acts on its leader's order, not on the activation rule
    ORGANISER = 4  # leads, talks, keeps order


class Conduct(IntEnum):
    """What a protester is doing."""

    ABSENT = 0  # has not arrived
    ASSEMBLING = 1  # walking to the crowd
    STANDING = 2
    SITTING = 3
    PRESSING = 4  # pushes against a line without blows
    VIOLENT = 5  # throws or strikes
    FLEEING = 6
    GONE = 7  # has left the site
    DETAINED = 8
    INJURED = 9  # hurt so seriously that the day is over
    LEAVING = 10  # walking home


class Side(IntEnum):
    """Who was hurt, who is in the lead; one numbering for all tables."""

    KFOR = 0
    KOSOVO_POLICE = 1
    EULEX = 2
    PROTESTERS = 3
    KSF = 4
    ARMED_GROUP = 5
    CIVILIANS = 6  # who are caught between armed people


class Grade(IntEnum):
    """How badly somebody is hurt."""

    UNHURT = 0
    LIGHT = 1
    SERIOUS = 2
    FATAL = 3


class Means(IntEnum):
    """What hurt somebody, in categories with aggregate effects."""

    THROWN_OBJECT = 0
    INCENDIARY = 1
    DEVICE = 2
    GUNFIRE = 3
    BATON = 4
    AGENT = 5


class Posture(StrEnum):
    """What a force on site is doing."""

    ABSENT = "absent"
    PRESENCE = "presence"
    CORDON = "cordon"
    DIALOGUE = "dialogue"
    ULTIMATUM = "ultimatum"
    DISPERSE = "disperse"
    WITHDRAW = "withdraw"


class Authority(StrEnum):
    """A permitted means, kept apart from posture and from selectivity."""

    SHIELDS_AND_BATONS = "shields_and_batons"
    AGENTS = "agents"
    DETENTION = "detention"
    SEARCH = "search"
    VEHICLE_REMOVAL = "vehicle_removal"
    RESTRICTED_AREA = "restricted_area"
    DEFENSIVE_FIREARMS = "defensive_firearms"


class Task(StrEnum):
    """What a mandate may give a force to do."""

    SEPARATE = "separate"
    DISPERSE = "disperse"
    DETAIN_AND_HAND_OVER = "detain_and_hand_over"
    SEARCH_VEHICLES = "search_vehicles"
    SEARCH_PREMISES = "search_premises"
    SEAL_ROAD_OR_BOUNDARY = "seal_road_or_boundary"
    PROTECT_PROPERTY = "protect_property"
    DECLARE_RESTRICTED_AREA = "declare_restricted_area"


class Level(IntEnum):
    """Nine-level index of force, for display and for perceived level of consequence (facts 8; an assumption, not doctrine)."""

    ABSENT = 0
    PRESENCE = 1
    CORDON = 2
    DIALOGUE_AND_ULTIMATUM = 3
    PUSH = 4
    AGENTS = 5
    DETENTION_TEAMS = 6
    RESTRICTED_AREA = 7
    DEFENSIVE_FIREARMS = 8


class OrderKind(StrEnum):
    """What a seat can order. Each kind's effect is one function in ``engine/orders_carried_out``."""

    TAKE_CORDON = "take_cordon"
    OPEN_TALKS = "open_talks"
    GIVE_ULTIMATUM = "give_ultimatum"
    WARN_BY_LOUDSPEAKER = "warn_by_loudspeaker"
    PUSH = "push"
    HALT_PUSH = "halt_push"
    USE_AGENTS = "use_agents"
    STOP_AGENTS = "stop_agents"
    EXTRACT_VEHICLES = "extract_vehicles"
    SEND_DETENTION_TEAMS = "send_detention_teams"
    RECALL_DETENTION_TEAMS = "recall_detention_teams"
    OPEN_EXIT = "open_exit"
    WAIT = "wait"
    WITHDRAW = "withdraw"
    HOLD_BUILDING = "hold_building"
    HOLD_DOOR_WITH_AGENTS = "hold_door_with_agents"
    GATHER = "gather"
    STAND = "stand"
    SIT_DOWN = "sit_down"
    PRESS = "press"
    ACCEPT_TALKS = "accept_talks"
    REFUSE_TALKS = "refuse_talks"
    CALL_FOR_MORE = "call_for_more"
    PREPARED_GROUP_ACTS = "prepared_group_acts"
    GO_HOME = "go_home"
    # the dilemma without force
    WALK_CREWS_OUT = "walk_crews_out"
    THIN_OUT_SPECIAL_POLICE = "thin_out_special_police"
    REPLACE_POLICE_AT_DOOR = "replace_police_at_door"
    MOVE_MAYOR = "move_mayor"
    DEFER_ENTRY = "defer_entry"
    TELL_KFOR_BEFOREHAND = "tell_kfor_beforehand"
    MEDIATE = "mediate"
    # the entry of 26 May, and barriers and wire of 30 and 31 May
    ORDER_ENTRY = "order_entry"
    ENTER_BUILDING = "enter_building"
    PUT_UP_BARRIERS = "put_up_barriers"
    # hand-over and reserve
    REQUEST_SUPPORT = "request_support"
    ACCEPT_REQUEST = "accept_request"
    REFUSE_REQUEST = "refuse_request"
    HAND_BACK = "hand_back"
    SEND_RESERVE = "send_reserve"
    RECALL_RESERVE = "recall_reserve"
    # governments
    PRESS_FOR_ACTION = "press_for_action"
    URGE_RESTRAINT = "urge_restraint"
    GIVE_LICENCE = "give_licence"
    WITHDRAW_LICENCE = "withdraw_licence"
    RAISE_ARMY_READINESS = "raise_army_readiness"
    LOWER_ARMY_READINESS = "lower_army_readiness"
    WARN_THIRD_PARTY = "warn_third_party"
    ORDER_REINFORCEMENT = "order_reinforcement"
    # police, and who joins them, against an armed group
    SEND_PATROL = "send_patrol"
    ENCIRCLE = "encircle"
    ADVANCE = "advance"
    HOLD_FIRE = "hold_fire"
    SWEEP = "sweep"
    CLOSE_CROSSINGS = "close_crossings"
    NEGOTIATE_EXIT = "negotiate_exit"
    ACCEPT_HELP = "accept_help"
    REFUSE_HELP = "refuse_help"
    SEARCH_VEHICLES = "search_vehicles"
    # KFOR's choices where police lead
    OFFER_OUTER_CORDON = "offer_outer_cordon"
    WATCH_BOUNDARY = "watch_boundary"
    SURVEIL = "surveil"
    EVACUATE_WOUNDED = "evacuate_wounded"
    EXTRACT_PATROL = "extract_patrol"
    PROTECT_OTHER_SITES = "protect_other_sites"
    CALL_BELGRADE = "call_belgrade"
    WARN_UPWARD = "warn_upward"
    SPEAK_PUBLICLY = "speak_publicly"
    MONITOR = "monitor"
    # an armed group's leader
    LAUNCH = "launch"
    SHRINK = "shrink"
    DELAY = "delay"
    ABORT = "abort"
    AMBUSH = "ambush"
    OCCUPY = "occupy"
    HOLD_OUT = "hold_out"
    BARGAIN = "bargain"
    BREAK_OUT = "break_out"


class Verdict(StrEnum):
    """What became of an order."""

    GRANTED = "granted"
    DELAYED = "delayed"
    REFUSED = "refused"


class FighterPhase(IntEnum):
    """What one member of an armed group is doing."""

    PREPARING = 0  # beyond the boundary or hidden; not yet on the move
    MOVING_IN = 1
    BLOCKING = 2  # at the roadblock
    WAITING = 3  # in position round it
    HOLDING = 4  # in the occupied compound
    BREAKING_OUT = 5  # on the way out
    ESCAPED = 6
    ABORTED = 7  # went back before the attack
    CAPTURED = 8
    KILLED = 9


class Sharing(StrEnum):
    """Who receives what an intelligence asset of KFOR's reports."""

    KFOR_ONLY = "kfor_only"
    WITH_POLICE = "with_police"
    WITH_POLICE_AND_KSF = "with_police_and_ksf"


class RatioForm(IntEnum):
    """How the ratio of responders to violent people enters perceived certainty.

    Epstein (2002) prints the raw ratio, which gives no uprising at vision 7; floor and nearest do.
    """

    RAW = 0
    FLOOR = 1
    NEAREST = 2  # halves to the even neighbour, as Python's round


class CertaintyForm(IntEnum):
    """How perceived certainty of consequence turns into deterrence (facts 7: little below about 0.3-0.4)."""

    IDENTITY = 0
    HINGE = 1
    LOGISTIC = 2
