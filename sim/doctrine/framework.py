"""Framework: mandate, rules of engagement and command of one scenario, read together and held against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sim.doctrine.command import CommandStructure, command_problems
from sim.doctrine.lever_effects import felt_change
from sim.doctrine.mandate import Mandate, mandate_problems
from sim.doctrine.rules_of_engagement import AuthorityRow, RulesOfEngagement, rules_problems
from sim.foundations.documents import Document, read_document, validated
from sim.foundations.errors import Problem
from sim.foundations.figures import refuse, unknown_problem


@dataclass(frozen=True)
class Framework:
    """What binds every order of a scenario.

    Attributes
    ----------
    given
        The framework as its files state it, where an option or a user has changed something in this one.
    """

    mandate: Mandate
    rules: RulesOfEngagement
    command: CommandStructure
    given: Framework | None = None

    @property
    def as_given(self) -> Framework:
        """The framework as its files state it."""
        return self.given or self

    def changed(self, *, mandate: Mandate | None = None, rules: RulesOfEngagement | None = None) -> Framework:
        """Return a framework with another mandate or other rules, which knows what was given before."""
        return replace(self, mandate=mandate or self.mandate, rules=rules or self.rules, given=self.as_given)


def felt_framework(framework: Framework, rules_felt: float, freedom_felt: float) -> Framework:
    """Return the framework by which people act: each dial moved from what was given by the share of its change that reaches them."""
    given, explicit, constraint = framework.as_given, framework.rules.explicitness, framework.mandate.political_constraint
    clear = felt_change(given.rules.explicitness.value, explicit.value, rules_felt)
    tight = felt_change(given.mandate.political_constraint.value, constraint.value, freedom_felt)
    if (clear, tight) == (explicit.value, constraint.value):
        return framework
    rules = framework.rules.model_copy(update={"explicitness": explicit.model_copy(update={"value": clear})})
    mandate = framework.mandate.model_copy(update={"political_constraint": constraint.model_copy(update={"value": tight})})
    return framework.changed(rules=rules, mandate=mandate)


def load_framework(folder: Path, root: Path | None = None) -> Framework:
    """Return the checked framework in *folder* (mandate.yaml, rules_of_engagement.yaml, command.yaml).

    InputError with file, line and field for every problem found, also where one file names what another lacks.
    """
    mandate_file = read_document(folder / "mandate.yaml", root)
    rules_file = read_document(folder / "rules_of_engagement.yaml", root)
    command_file = read_document(folder / "command.yaml", root)
    framework = Framework(
        validated(mandate_file, Mandate), validated(rules_file, RulesOfEngagement), validated(command_file, CommandStructure)
    )
    refuse(
        mandate_problems(mandate_file, framework.mandate)
        + rules_problems(rules_file, framework.rules)
        + command_problems(command_file, framework.command)
        + _holder_problems(mandate_file, rules_file, framework)
        + _nation_problems(rules_file, framework)
    )
    return framework


def _holder_problems(mandate_file: Document, rules_file: Document, framework: Framework) -> list[Problem]:
    known = [item.id for item in framework.command.headquarters]
    mandate, problems = framework.mandate, []
    for place, row in enumerate(mandate.tasks):
        if row.approval_holder is not None:
            at = ("tasks", place, "approval_holder")
            problems += unknown_problem(mandate_file, at, "headquarters", row.approval_holder, known)
    problems += unknown_problem(mandate_file, ("ksf", "approval_holder"), "headquarters", mandate.ksf.approval_holder, known)
    for place, authority in enumerate(framework.rules.authorities):
        at = ("authorities", place, "holder")
        problems += unknown_problem(rules_file, at, "headquarters", authority.holder, known)
        if authority.holder in known:
            problems += _not_held(rules_file, at, authority, framework.command)
    return problems


def _not_held(document: Document, at: tuple[str | int, ...], row: AuthorityRow, command: CommandStructure) -> list[Problem]:
    holder = command.headquarters_of(row.holder)
    problems = []
    if row.authority not in holder.authorities:
        what = f"'{holder.id}' does not hold {row.authority}"
        problems.append(document.problem(at, what, "add it to its authorities in command.yaml, or name another holder"))
    if holder.organisation is not row.force:
        what = f"'{holder.id}' is of {holder.organisation}, not of {row.force}"
        problems.append(document.problem(at, what, "an authority is held in the force's own chain"))
    return problems


def _nation_problems(rules_file: Document, framework: Framework) -> list[Problem]:
    nations = {item.id: item.capital for item in framework.command.contingents}
    problems: list[Problem] = []
    for place, caveat in enumerate(framework.rules.caveats):
        at = ("caveats", place)
        problems += unknown_problem(rules_file, (*at, "contingent"), "contingent", caveat.contingent, nations)
        if nations.get(caveat.contingent, caveat.held_by) != caveat.held_by:
            what = f"'{caveat.held_by}' is not the capital of {caveat.contingent}"
            problems.append(rules_file.problem((*at, "held_by"), what, f"write {nations[caveat.contingent]}"))
    for name in framework.rules.self_defence.reading:
        problems += unknown_problem(rules_file, ("self_defence", "reading", name), "contingent", name, nations)
    return problems
