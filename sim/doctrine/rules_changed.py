"""Rules changed: how far mandate and rules of engagement stand off what a scenario's files state, as options have set them.

Counter-effects of explicit rules and of less political constraint are sized by this, so that they are nothing at rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.doctrine.framework import Framework
from sim.doctrine.lever_effects import lowered_below, raised_above
from sim.doctrine.rules_of_engagement import Status


@dataclass(frozen=True)
class RulesChanged:
    """How far mandate and rules, as they are felt, stand off what their files state.

    Attributes
    ----------
    raised
        Explicitness above its file's value: 0 none, 1 complete.
    smallest_trigger
        Violent persons from which the first means opens.
    eased
        Political constraint below its file's value: 0 none, 1 there is none left.
    delegated
        Ids of the rules that were delegated beyond what their file says.
    """

    raised: float
    smallest_trigger: float
    eased: float
    delegated: frozenset[str]


def rules_changed(framework: Framework) -> RulesChanged:
    """Return how far a framework stands off what its files state."""
    given = framework.as_given
    before = {row.id: row.status for row in given.rules.authorities}
    rows = framework.rules.authorities
    triggers = [row.trigger.violent_at_least for row in rows if row.status is not Status.WITHHELD and row.trigger.violent_at_least]
    return RulesChanged(
        raised=raised_above(framework.rules.explicitness.value, given.rules.explicitness.value),
        smallest_trigger=min(triggers, default=0.0),
        eased=lowered_below(framework.mandate.political_constraint.value, given.mandate.political_constraint.value),
        delegated=frozenset(row.id for row in rows if row.status is Status.DELEGATED and before[row.id] is not Status.DELEGATED),
    )
