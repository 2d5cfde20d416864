"""Situation: what a request for permission says about the moment, and which parts of a trigger it does not meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.doctrine.rules_of_engagement import Purpose, Trigger
from sim.doctrine.seat_orders import Organisation
from sim.vocabulary import Authority, OrderKind


@dataclass(frozen=True)
class PermissionContext:
    """The moment at which an order is judged, as the ordering side knows it.

    Attributes
    ----------
    organisation, headquarters, government
        Whose seat it is, and the id of the headquarters or government it stands for (empty where it stands for none).
    minutes_since
        By order kind or event name: minutes since the seat last gave the order, or since the event.
    crowd, violent
        Estimated persons.
    vehicles_stuck
        Vehicles blocked in the crowd.
    line_pressed
        Whether people press against the own line.
    under_attack
        Whether the own people are being struck, thrown at or shot at now.
    requested
        Whether the responder before this one has asked for it.
    granted
        Authorities whose release has already taken effect for this seat.
    contingents
        Contingents on site, for caveats; empty where the force has none.
    hurt_by_contingent
        People hurt at the site by contingent, for red cards that are played after losses.
    area
        Area of the site, as the mandate's rows name it.
    political_constraint
        Overrides the mandate's dial, in [0, 1]; None takes the mandate's.
    delay_share
        The caller's keyed draw in [0, 1): how far between low and high each delay lies.
    """

    organisation: Organisation | str
    headquarters: str = ""
    government: str = ""
    minutes_since: Mapping[str, float] = field(default_factory=dict)
    crowd: float = 0.0
    violent: float = 0.0
    vehicles_stuck: int = 0
    line_pressed: bool = False
    under_attack: bool = False
    requested: bool = False
    granted: frozenset[Authority] = frozenset()
    contingents: tuple[str, ...] = ()
    hurt_by_contingent: Mapping[str, int] = field(default_factory=dict)
    area: str = "north"
    political_constraint: float | None = None
    delay_share: float = 0.5

    def purposes(self) -> frozenset[Purpose]:
        """Return the purposes that an act would serve at this moment."""
        served = {
            Purpose.EXTRACTION: self.vehicles_stuck > 0,
            Purpose.BREACH: self.line_pressed,
            Purpose.ATTACK: self.under_attack,
        }
        return frozenset(purpose for purpose, now in served.items() if now)


def missing(trigger: Trigger, context: PermissionContext) -> tuple[str, ...]:
    """Return what the *trigger* still lacks, each as 'only ...: ...'; empty when it is met."""
    lacks = [*_words_lacking(trigger, context.minutes_since)]
    if trigger.only_for and not context.purposes() & set(trigger.only_for):
        wanted = " or ".join(_PURPOSE_WORDS[purpose] for purpose in trigger.only_for)
        lacks.append(f"only {wanted}: nothing of the kind is reported")
    if trigger.violent_at_least is not None and context.violent < trigger.violent_at_least:
        lacks.append(f"only against {trigger.violent_at_least:g} violent persons or more: {context.violent:g} are reported")
    if trigger.crowd_at_least is not None and context.crowd < trigger.crowd_at_least:
        lacks.append(f"only before a crowd of {trigger.crowd_at_least:g} or more: {context.crowd:g} are reported")
    return tuple(lacks)


_PURPOSE_WORDS = {
    Purpose.EXTRACTION: "to extract stuck vehicles",
    Purpose.BREACH: "against a breach of the line",
    Purpose.ATTACK: "against an attack under way",
}


def _words_lacking(trigger: Trigger, since: Mapping[str, float]) -> list[str]:
    """Return what is lacking of talks, ultimatum and warning."""
    lacks = []
    if trigger.needs_talks and OrderKind.OPEN_TALKS not in since:
        lacks.append("only after talks: none have been opened")
    if trigger.needs_ultimatum:
        wait, given = trigger.ultimatum_at_least_min or 0.0, since.get(OrderKind.GIVE_ULTIMATUM)
        if given is None:
            lacks.append("only after an ultimatum: none has been given")
        elif given < wait:
            lacks.append(f"only {wait:g} minutes after the ultimatum: it was given {given:g} minutes ago")
    if trigger.needs_warning:
        given = since.get(OrderKind.WARN_BY_LOUDSPEAKER)
        if given is None:
            lacks.append("only after a warning: no loudspeaker warning has been given")
        elif trigger.warning_within_min is not None and given > trigger.warning_within_min:
            limit = trigger.warning_within_min
            lacks.append(f"only within {limit:g} minutes of a warning: the last was given {given:g} minutes ago")
    return lacks
