"""Rules of engagement: which means are permitted, on what trigger, and who releases them.

Three separate things. *Posture* (what the force does) is the order's; *authority* (permitted means) stands here, each with
trigger, holder, delegated, retained or withheld, and delay; *selectivity* (whom it hits) is the order's again, with a
default here. The paper's "more explicit rules of engagement" (1.2) is the dial *explicitness*: the share of foreseeable
triggers delegated beforehand with one agreed reading, so shorter delays and less spread between contingents.

Self-defence is inherent, on the spot, and waits for nobody; contingents differ only in how early they read hostile intent.
National caveats keep a contingent out of an order that the force as a whole may carry out.

Sources: facts 3.4 (the text is not public; "strict rules", restricted area and defensive use described by commanders in
2011; caveats of 2004) and 8. Every delay and every present caveat is an assumption. What explicitness above the scenario's own
brings with it (triggers that are learnt, triggers that bind) is ``doctrine/lever_effects``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from sim.doctrine.mandate import ChangeLevel
from sim.doctrine.seat_orders import AUTHORITY_OF, RESPONDERS, SEAT_ORDERS, Organisation
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import Problem
from sim.foundations.figures import Dial, Sourced, Span, Strict, refuse, twice_problems
from sim.vocabulary import Authority, OrderKind


class Status(StrEnum):
    """How far down an authority has been handed."""

    DELEGATED = "delegated"  # the commander on the spot decides
    RETAINED = "retained"  # the holder decides, when asked
    WITHHELD = "withheld"  # nobody in the chain may


class Purpose(StrEnum):
    """What an act serves; an authority may be given for some purposes only."""

    EXTRACTION = "extraction"  # vehicles are stuck in the crowd
    BREACH = "breach"  # people press against the line
    ATTACK = "attack"  # people strike or throw


class Trigger(Strict):
    """What must be so before an authority opens; a field left out asks for nothing, and all that stand must hold.

    Attributes
    ----------
    needs_warning, warning_within_min
        A loudspeaker warning was given, and not longer ago than this.
    needs_ultimatum, ultimatum_at_least_min
        An ultimatum was given, and at least this long ago.
    needs_talks
        Talks have been opened.
    only_for
        At least one of these purposes is served.
    violent_at_least, crowd_at_least
        Estimated persons.
    """

    needs_warning: bool = False
    warning_within_min: float | None = Field(default=None, gt=0)
    needs_ultimatum: bool = False
    ultimatum_at_least_min: float | None = Field(default=None, ge=0)
    needs_talks: bool = False
    only_for: tuple[Purpose, ...] = ()
    violent_at_least: float | None = Field(default=None, ge=0)
    crowd_at_least: float | None = Field(default=None, ge=0)


class AuthorityRow(Sourced):
    """One permitted means of one force.

    Attributes
    ----------
    orders
        Kinds of order that it opens.
    holder
        Headquarters that releases it when it is retained.
    delay_min
        The holder's own deliberation, on top of the working delays of the chain up to him.
    delegated_from_explicitness
        Explicitness from which a retained authority is delegated beforehand; absent: never.
    lapses_above_constraint
        Political constraint above which a delegation falls back to the holder; absent: never.
    selectivity
        Whom its use hits where the order does not say: 0 everybody in reach, 0.5 the part of a crowd from which violence
        comes, 1 identified violent persons only.
    """

    id: str
    force: Organisation
    authority: Authority
    orders: tuple[OrderKind, ...]
    trigger: Trigger = Trigger()
    holder: str
    status: Status
    delay_min: Span
    delegated_from_explicitness: float | None = Field(default=None, ge=0, le=1)
    lapses_above_constraint: float | None = Field(default=None, ge=0, le=1)
    selectivity: float = Field(ge=0, le=1)
    changed_by: ChangeLevel

    def effective_status(self, explicitness: float, constraint: float) -> Status:
        """Return the status under this explicitness and political constraint; withheld stays withheld."""
        if self.status is Status.WITHHELD:
            return Status.WITHHELD
        if self.lapses_above_constraint is not None and constraint > self.lapses_above_constraint:
            return Status.RETAINED
        clear = self.delegated_from_explicitness is not None and explicitness >= self.delegated_from_explicitness
        return Status.DELEGATED if clear else self.status


NOBODY_HURT: Mapping[str, int] = MappingProxyType({})


class Caveat(Sourced):
    """A national restriction on one contingent.

    Attributes
    ----------
    authority, order
        What it bars: a means, or one kind of order (one of the two).
    held_by
        Capital that made it. It alone can lift it.
    red_card_holder
        Who on the spot invokes it: an office, never a person.
    active
        Whether it holds in this scenario.
    active_after_hurt
        People of the contingent hurt at a site after which its red card is played, where it does not hold from the start.
    binds_self_defence
        Whether it keeps the contingent out even when attacked (means not issued to it, for instance).
    """

    id: str
    contingent: str
    authority: Authority | None = None
    order: OrderKind | None = None
    held_by: str
    red_card_holder: str
    active: bool
    active_after_hurt: int | None = Field(default=None, ge=1)
    binds_self_defence: bool = False

    def in_force(self, hurt: int) -> bool:
        """Tell whether the caveat holds, with so many of the contingent hurt at the site."""
        return self.active or (self.active_after_hurt is not None and hurt >= self.active_after_hurt)

    def bars(self, kind: OrderKind) -> bool:
        """Tell whether an order of this kind falls under the caveat, active or not."""
        return kind is self.order or (self.authority is not None and AUTHORITY_OF.get(kind) is self.authority)


class SelfDefence(Sourced):
    """The inherent right: on the spot, waiting for nobody.

    Attributes
    ----------
    orders
        Kinds of order by which a force that is attacked can defend itself.
    hostile_intent_persons
        Violent persons in view at which a contingent reads hostile intent before it is struck.
    reading
        By contingent: 0 reads intent early (low of the span), 0.5 centrally, 1 late (high of the span).
    """

    clause: str
    orders: tuple[OrderKind, ...]
    hostile_intent_persons: Span
    reading: dict[str, float]

    def reads_intent(self, contingent: str, violent: float, explicitness: float) -> bool:
        """Tell whether *contingent* reads hostile intent; one agreed reading (explicitness 1) removes the spread."""
        span = self.hostile_intent_persons
        place = self.reading.get(contingent, 0.5)
        outer = span.low if place < 0.5 else span.high
        share = abs(place - 0.5) * 2.0 * (1.0 - explicitness)
        return violent >= span.central + (outer - span.central) * share


class Explicitness(Dial):
    """Share of foreseeable triggers delegated beforehand with one agreed reading.

    0: nothing is settled beforehand; every use is asked for, and each contingent reads the rules its own way. 0.5: the
    common cases are settled, the rest is asked for. 1: every foreseeable trigger is written down, drilled and delegated.

    Attributes
    ----------
    delay_saved
        What share of an approval's time a full explicitness saves.
    """

    delay_saved: Span


class RulesOfEngagement(Strict):
    """Authorities, self-defence, caveats and explicitness that hold in one scenario."""

    name: str
    silence_clause: str = Field(description="id cited when no row opens an order that needs an authority")
    explicitness: Explicitness
    authorities: tuple[AuthorityRow, ...]
    self_defence: SelfDefence
    caveats: tuple[Caveat, ...] = ()

    def rows_for(self, kind: OrderKind, force: Organisation) -> tuple[AuthorityRow, ...]:
        """Return the rows of *force* that open orders of *kind*."""
        return tuple(row for row in self.authorities if row.force is force and kind in row.orders)

    def barred(
        self, kind: OrderKind, contingents: Iterable[str], attacked: bool, hurt: Mapping[str, int] = NOBODY_HURT
    ) -> tuple[tuple[str, str], ...]:
        """Return the contingents that a caveat in force keeps out of orders of *kind*, with its id; fewer when *attacked*.

        Parameters
        ----------
        hurt
            People hurt by contingent: a red card that is played after losses is in force from then on.
        """
        found: dict[str, str] = {}
        for name in contingents:
            for caveat in self.caveats:
                holds = caveat.in_force(hurt.get(name, 0)) and (caveat.binds_self_defence or not attacked)
                if holds and caveat.contingent == name and caveat.bars(kind):
                    found.setdefault(name, caveat.id)
        return tuple(found.items())

    def selectivity_defaults(self, force: Organisation | str) -> Mapping[OrderKind, float]:
        """Return, by kind of order, whom it hits where the order does not say."""
        return {kind: row.selectivity for row in self.authorities if row.force == force for kind in row.orders}


def load_rules(path: Path, root: Path | None = None) -> RulesOfEngagement:
    """Return the checked rules in the YAML file at *path*; InputError with file, line and field otherwise."""
    document = read_document(path, root)
    rules = validated(document, RulesOfEngagement)
    refuse(rules_problems(document, rules))
    return rules


def rules_problems(document: Document, rules: RulesOfEngagement) -> list[Problem]:
    """Return what the schema cannot see: ids that stand twice, orders that a seat cannot give, caveats that bar nothing."""
    problems = twice_problems(document, "authorities", [row.id for row in rules.authorities])
    problems += twice_problems(document, "caveats", [row.id for row in rules.caveats])
    for place, row in enumerate(rules.authorities):
        if row.force not in RESPONDERS:
            at = ("authorities", place, "force")
            problems.append(document.problem(at, f"'{row.force}' is bound by no rules of engagement", "name a responder"))
            continue
        for nth, kind in enumerate(row.orders):
            at_order = ("authorities", place, "orders", nth)
            if kind not in SEAT_ORDERS[row.force]:
                problems.append(document.problem(at_order, f"a seat of {row.force} cannot order {kind}", "remove it"))
            elif AUTHORITY_OF.get(kind, row.authority) is not row.authority:
                needed = AUTHORITY_OF[kind]
                problems.append(document.problem(at_order, f"{kind} uses {needed}, not {row.authority}", f"move it to {needed}"))
    for place, caveat in enumerate(rules.caveats):
        if (caveat.authority is None) == (caveat.order is None):
            problems.append(document.problem(("caveats", place), "bars nothing, or two things", "name an authority or an order"))
    for name, value in rules.self_defence.reading.items():
        if not 0.0 <= value <= 1.0:
            problems.append(document.problem(("self_defence", "reading", name), f"{value:g} lies outside 0 to 1", "0 early, 1 late"))
    return problems
