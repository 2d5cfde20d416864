"""Moments at Zvečan and variations of its framework, for the tests of permissions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.doctrine.framework import Framework
from sim.doctrine.orders import Order
from sim.doctrine.permissions import PermissionContext
from sim.vocabulary import OrderKind

MAY = Path(__file__).parents[2] / "scenarios" / "may_2023"
WARNED = {"open_talks": 400.0, "give_ultimatum": 170.0, "warn_by_loudspeaker": 5.0}
ALL = ("hungary", "italy", "moldova", "poland")


def kfor(**changes: object) -> PermissionContext:
    return replace(PermissionContext("kfor", "kfor_zvecan", crowd=500, contingents=ALL), **changes)


def police(**changes: object) -> PermissionContext:
    return replace(PermissionContext("kosovo_police", "kp_zvecan", crowd=500), **changes)


def government(name: str) -> PermissionContext:
    return PermissionContext("government", government=name)


def order(kind: OrderKind, selectivity: float = 0.0) -> Order:
    return Order("seat", kind, selectivity)


def with_rules(framework: Framework, **changes: object) -> Framework:
    return replace(framework, rules=framework.rules.model_copy(update=changes))


def with_mandate(framework: Framework, **changes: object) -> Framework:
    return replace(framework, mandate=framework.mandate.model_copy(update=changes))


def with_row(framework: Framework, row_id: str, **changes: object) -> Framework:
    rows = (row.model_copy(update=changes) if row.id == row_id else row for row in framework.rules.authorities)
    return with_rules(framework, authorities=tuple(rows))


def with_caveats(framework: Framework, *bars: tuple[str, bool], kind: OrderKind = OrderKind.PUSH) -> Framework:
    model = framework.rules.caveats[0]
    caveats = tuple(
        model.model_copy(
            update={"id": f"C-{name}", "contingent": name, "order": kind, "authority": None, "active": True, "binds_self_defence": binds}
        )
        for name, binds in bars
    )
    return with_rules(framework, caveats=caveats)
