"""Self-defence: inherent, on the spot, waiting for nobody.

People under attack act at once, whatever mandate, holder or order of responders say; only a caveat that leaves them
without the means keeps them out. Before the first blow contingents differ in one thing: how early they read hostile intent
in violent people who press against the line. One agreed reading (explicit rules) removes the difference.

Sources: facts 3.4 (use in self-defence as described by commanders in 2011; contingents' differing versions in 2004). The
numbers of persons are assumptions. Not modelled: proportionality of the means that are used.
"""

from __future__ import annotations

from sim.doctrine.framework import Framework
from sim.doctrine.orders import Decision, Order
from sim.doctrine.situation import PermissionContext
from sim.foundations.figures import spoken
from sim.vocabulary import OrderKind, Verdict


def barred_words(contingent: str, kind: OrderKind) -> str:
    """Return the sentence that a caveat keeps *contingent* out of an order of *kind*."""
    return f"a caveat keeps {spoken(contingent)} out of '{spoken(kind)}'"


def in_self_defence(order: Order, context: PermissionContext, framework: Framework) -> Decision:
    """Return the grant to people under attack: inherent, at once; only caveats that bind even then keep anybody out."""
    right = framework.rules.self_defence
    out = framework.rules.barred(order.kind, context.contingents, attacked=True)
    told = ("self-defence: the force is under attack and waits for nobody", *(barred_words(name, order.kind) for name, _ in out))
    if out and len(out) == len(set(context.contingents)):
        reason = f"no contingent on site has the means to '{spoken(order.kind)}', not even in self-defence"
        return Decision(Verdict.REFUSED, out[0][1], reasons=(reason, *told[1:]))
    return Decision(Verdict.GRANTED, right.clause, reasons=told, excluded=out)


def early_readers(order: Order, context: PermissionContext, framework: Framework) -> frozenset[str]:
    """Return the contingents that read hostile intent in a crowd that has not struck yet, and have the means."""
    right, explicitness = framework.rules.self_defence, framework.rules.explicitness.value
    if order.kind not in right.orders or not context.line_pressed:
        return frozenset()
    out = {name for name, _ in framework.rules.barred(order.kind, context.contingents, attacked=True)}
    ready = (name for name in context.contingents if right.reads_intent(name, context.violent, explicitness))
    return frozenset(ready) - out


def on_hostile_intent(readers: frozenset[str], context: PermissionContext, framework: Framework) -> Decision:
    """Return the grant to the contingents that read hostile intent; the others stay out until they are struck."""
    clause = framework.rules.self_defence.clause
    out = tuple((name, clause) for name in dict.fromkeys(context.contingents) if name not in readers)
    reading = ", ".join(spoken(name) for name in dict.fromkeys(context.contingents) if name in readers)
    reasons = [f"self-defence: {reading} read hostile intent in {context.violent:g} violent persons against a pressed line"]
    reasons += [f"{spoken(name)} does not read hostile intent yet" for name, _ in out]
    return Decision(Verdict.GRANTED, clause, reasons=tuple(reasons), excluded=out)
