"""Prosecution: how far the chain of consequences goes for one person, and that a broken link ends it."""

from __future__ import annotations

from itertools import product

import pytest

from sim.adjudication.prosecution import Fate, charge_chance, fate_of

YES_OR_NO = (False, True)


def test_a_violent_person_is_charged_at_the_declared_chance_and_another_the_rarer():
    assert charge_chance(0.4, 0.3, True) == 0.4
    assert charge_chance(0.4, 0.3, False) == pytest.approx(0.12)
    assert charge_chance(0.4, 0.0, False) == 0.0
    assert charge_chance(0.4, 1.0, False) == 0.4


@pytest.mark.parametrize(
    ("detained", "evidence", "arrested", "charged", "convicted", "expected"),
    [
        (False, False, False, False, False, Fate.NONE),
        (True, False, False, False, False, Fate.DETAINED),
        (True, True, False, False, False, Fate.HANDED_OVER),
        (False, False, True, False, False, Fate.ARRESTED_LATER),
        (True, False, True, False, False, Fate.ARRESTED_LATER),
        (True, True, False, True, False, Fate.CHARGED),
        (False, False, True, True, True, Fate.CONVICTED),
    ],
)
def test_the_chain_goes_as_far_as_its_links_hold(detained, evidence, arrested, charged, convicted, expected):
    assert fate_of(detained, evidence, arrested, charged, convicted) == expected


def test_nobody_is_charged_who_was_neither_handed_over_with_evidence_nor_arrested():
    for detained, charged, convicted in product(YES_OR_NO, repeat=3):
        assert fate_of(detained, False, False, charged, convicted) == (Fate.DETAINED if detained else Fate.NONE)


def test_evidence_without_a_detention_and_a_conviction_without_a_charge_lead_nowhere():
    assert fate_of(False, True, False, True, True) == Fate.NONE
    for detained, arrested in product(YES_OR_NO, repeat=2):
        assert fate_of(detained, True, arrested, False, True) < Fate.CHARGED
