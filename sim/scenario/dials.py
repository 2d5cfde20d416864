"""Dials: the settings of mandate and rules of engagement that a user can turn, and where each lives.

The paper's "more explicit rules of engagement" (1.2) and its "political constraints" are one number each in the scenario's
framework, not parameters of a kernel; they are set and recorded like parameters. A dial may be turned anywhere from 0 to 1,
also outside the range in which its scenario thinks the truth lies: that is what an option does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.doctrine.framework import Framework
from sim.doctrine.mandate import PoliticalConstraint
from sim.doctrine.rules_of_engagement import Explicitness
from sim.foundations.figures import Dial

EXPLICITNESS = "rules_of_engagement.explicitness"
CONSTRAINT = "mandate.political_constraint"

SPOKEN: Mapping[str, str] = {EXPLICITNESS: EXPLICITNESS, "roe.explicitness": EXPLICITNESS, CONSTRAINT: CONSTRAINT}
"""As typed -> the dial."""


def _said_of(dial: type[Dial]) -> str:
    """Return what a dial's own page says of it, anchors included."""
    return " ".join((dial.__doc__ or "").partition("Attributes")[0].split())


MEANING: Mapping[str, str] = {EXPLICITNESS: _said_of(Explicitness), CONSTRAINT: _said_of(PoliticalConstraint)}
"""What each dial means at its anchors, for readers."""


def dials_of(framework: Framework) -> dict[str, Dial]:
    """Return every dial of the framework by name."""
    return {EXPLICITNESS: framework.rules.explicitness, CONSTRAINT: framework.mandate.political_constraint}


def dial_complaint(name: str, value: object) -> str:
    """Return what is wrong with *value* for the dial *name*, or an empty string."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{name} must be a number from 0 to 1, not '{value}'"
    if not math.isfinite(value):
        return f"{name} must be a finite number"
    return "" if 0.0 <= value <= 1.0 else f"{name} = {value:.12g} lies outside 0 to 1"


def with_dials(framework: Framework, values: Mapping[str, float]) -> Framework:
    """Return the framework with the named dials turned; their range, source and grade stay. KeyError for an unknown one."""
    turned = {name: dials_of(framework)[name].model_copy(update={"value": value}) for name, value in values.items()}
    rules, mandate = framework.rules, framework.mandate
    if EXPLICITNESS in turned:
        rules = rules.model_copy(update={"explicitness": turned[EXPLICITNESS]})
    if CONSTRAINT in turned:
        mandate = mandate.model_copy(update={"political_constraint": turned[CONSTRAINT]})
    return framework.changed(rules=rules, mandate=mandate) if turned else framework
