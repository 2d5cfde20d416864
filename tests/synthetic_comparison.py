"""A synthetic comparison: invented options of the right kinds with invented numbers, for the page and its tests alone."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from analysis.comparison import ALL, PANELS, Comparison, Deciding, Distribution, Effect, Flip, OptionTold, OutcomeTold, Ranking

OUTCOMES = (
    OutcomeTold("serious_or_fatal", "persons", "less", True, "seriously hurt or killed, all sides, each counted once"),
    OutcomeTold("riot", "0 or 1", "less", True, "whether at any site on any day ten or more were hurt on all sides"),
    OutcomeTold("protester_legitimacy_change", "share", "more", True, "mean change of KFOR's legitimacy among those who came"),
    OutcomeTold("majority_confidence_change", "share", "more", True, "change of the other community's confidence in KFOR"),
    OutcomeTold("licence_spent", "share", "less", True, "governments' licence spent by acting unasked"),
    OutcomeTold("kfor_hurt", "persons", "less", False, "KFOR hurt, truth"),
    OutcomeTold("police_hurt", "persons", "less", False, "police hurt, truth"),
    OutcomeTold("protesters_hurt", "persons", "less", False, "protesters hurt, truth"),
    OutcomeTold("killed", "persons", "less", False, "killed on all sides"),
    OutcomeTold("detained", "persons", "neutral", False, "people detained on the day"),
    OutcomeTold("span_of_violence_min", "min", "less", False, "from the first to the last ten-minute slot with violence"),
    OutcomeTold("trust_spent", "share", "less", False, "partners' trust spent by acting unasked"),
    OutcomeTold("force_days", "person-days", "less", False, "persons of all forces on site, summed over the run"),
)
LEVELS = (6.0, 0.55, -0.12, -0.05, 0.2, 40.0, 8.0, 45.0, 0.15, 6.0, 70.0, 0.1, 620.0)

NAMES = (
    ("baseline", "Baseline", "baseline"),
    ("1.1", "Mandate reviewed (synthetic)", "recommendation"),
    ("1.2", "Joint patrols and explicit rules (synthetic)", "recommendation"),
    ("2.1", "Scenario training (synthetic)", "recommendation"),
    ("2.2", "Live-fire exercises (synthetic)", "recommendation"),
    ("3.1", "More surveillance (synthetic)", "recommendation"),
    ("3.2", "Intelligence shared (synthetic)", "recommendation"),
    ("4.1", "KFOR third responder (synthetic)", "recommendation"),
    ("4.2", "KSF in the North without approval (synthetic)", "recommendation"),
    ("4.3", "Partnership and membership plan (synthetic)", "recommendation"),
    ("4.4", "KSF trained and equipped (synthetic)", "recommendation"),
    ("conclusion", "KFOR and KSF together protect the minority (synthetic)", "conclusion"),
    ("body.assertive_selective", "Assertive and selective response (synthetic)", "body"),
    ("body.assertive_indiscriminate", "Assertive response to all (synthetic)", "body"),
    ("body.kp_instead", "Police instead of KFOR (synthetic)", "body"),
    ("R1", "No forced entry (synthetic)", "rival"),
    ("R2", "Large presence early, no push (synthetic)", "rival"),
    ("R3", "Bargain with a mediator (synthetic)", "rival"),
    ("R4", "Later prosecution only (synthetic)", "rival"),
    ("kfor_reform", "All of KFOR reform (synthetic)", "package"),
    ("full_transition", "Full transition (synthetic)", "package"),
    ("placebo", "Placebo (synthetic)", "control"),
    ("known_harm", "Known harm (synthetic)", "control"),
)
NO_PATH = {"4.1", "4.3"}
CASES, SEEDS = 64, 6
RULES = ("expected value", "regret", "satisficing", "worst case", "worst tenth of runs")
PRESETS = {
    "equal": (0.2, 0.2, 0.2, 0.2, 0.2),
    "harm first": (0.5, 0.2, 0.1, 0.1, 0.1),
    "deterrence first": (0.1, 0.5, 0.1, 0.2, 0.1),
    "legitimacy first": (0.1, 0.1, 0.35, 0.35, 0.1),
}
BETTER = {"less": -1.0, "more": 1.0, "neutral": 0.0}


def _options() -> tuple[OptionTold, ...]:
    made = []
    for place, (name, title, kind) in enumerate(NAMES):
        no_path = "it acts between episodes, and this scenario plays two days" if name in NO_PATH else ""
        cost = (
            {}
            if kind in ("baseline", "control")
            else {"force_days": 120.0 * place, "licence": {"Quint": place % 4}, "lead_months": place % 9}
        )
        made.append(
            OptionTold(
                id=name,
                name=title,
                kind=kind,
                settings={} if kind == "baseline" else {f"mandate.synthetic_{place}": "allowed"},
                restates="Invented for a test: no sentence of the paper." if kind == "recommendation" else "",
                no_path=no_path,
                cost=cost,
                accepted_by=("Pristina", "NATO council") if place % 3 == 1 else (),
                not_testable=("what it does to trust over years",) if place % 5 == 2 else (),
            )
        )
    return tuple(made)


def _values() -> tuple[np.ndarray, np.ndarray]:
    """Return invented outcomes by option, outcome, case and seed, and the panel of each case."""
    chance = np.random.default_rng(5)
    panel = np.arange(CASES) % len(PANELS)
    level = np.array(LEVELS)[:, None, None]
    case = chance.normal(0, 0.35, (len(OUTCOMES), CASES, 1))
    luck = chance.normal(0, 0.5, (len(OUTCOMES), CASES, SEEDS))
    values = np.empty((len(NAMES), len(OUTCOMES), CASES, SEEDS))
    for place, (name, _, kind) in enumerate(NAMES):
        size = 0.0 if kind == "baseline" or name == "placebo" else 0.9 if name == "known_harm" else 0.22
        moved = chance.random((len(OUTCOMES), 1, 1)) < 0.45
        main = moved * chance.normal(0, size, (len(OUTCOMES), 1, 1)) if name != "known_harm" else np.full((len(OUTCOMES), 1, 1), size)
        tilt = moved * chance.normal(0, size / 3, (len(OUTCOMES), len(PANELS)))[:, panel][:, :, None]
        rest = (0.2 + moved) * chance.normal(0, size / 2, (len(OUTCOMES), CASES, SEEDS))
        sign = np.array([-BETTER[item.better] or 1.0 for item in OUTCOMES])[:, None, None] if name == "known_harm" else 1.0
        values[place] = level + np.abs(level) * (case + luck + sign * main + (0 if name == "known_harm" else tilt) + rest)
    for row, item in enumerate(OUTCOMES):
        if item.unit == "0 or 1":
            values[:, row] = values[:, row] > LEVELS[row]
        elif item.unit != "share":
            values[:, row] = np.maximum(np.rint(values[:, row]), 0)
    return values, panel


def _effect(difference: np.ndarray, better: str) -> Effect:
    """Return the effect of paired differences by case and seed; the case is the unit."""
    by_case = difference.mean(axis=1)
    error = by_case.std(ddof=1) / math.sqrt(len(by_case))
    mean, sign = float(by_case.mean()), BETTER[better]
    wins = (sign * difference > 0).mean() + 0.5 * (difference == 0).mean()
    return Effect(
        mean=mean,
        low=mean - 3.3 * error,
        high=mean + 3.3 * error,
        single_low=mean - 2 * error,
        single_high=mean + 2 * error,
        chance_better=float(wins) if sign else math.nan,
        cases_better=float((sign * by_case > 0).mean()) if sign else 0.0,
        cases_worse=float((sign * by_case < 0).mean()) if sign else 0.0,
        from_chance=float(difference.std(axis=1, ddof=1).mean()),
        from_uncertainty=float(by_case.std(ddof=1)),
        unpaired_half=7 * error,
        pairs=difference.size,
    )


def _distribution(values: np.ndarray, better: str) -> Distribution:
    every = np.sort(values.ravel())
    counts, edges = np.histogram(every, bins=24)
    tenth = max(len(every) // 10, 1)
    tail = {"less": every[-tenth:].mean(), "more": every[:tenth].mean(), "neutral": math.nan}[better]
    quantiles = np.quantile(every, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])
    return Distribution(float(every.mean()), tuple(map(float, quantiles)), float(tail), tuple(map(int, counts)), tuple(map(float, edges)))


def _effects(values: np.ndarray, panel: np.ndarray, doctrine: float = 1.0) -> dict[str, dict[str, dict[str, Effect]]]:
    found: dict[str, dict[str, dict[str, Effect]]] = {}
    for place, (name, _, _) in enumerate(NAMES):
        if place == 0 or name in NO_PATH:
            continue
        difference = doctrine * (values[place] - values[0])
        found[name] = {
            item.name: {ALL: _effect(difference[row], item.better)}
            | {told: _effect(difference[row][panel == number], item.better) for number, told in enumerate(PANELS)}
            for row, item in enumerate(OUTCOMES)
        }
    return found


def _rankings(effects: dict[str, dict[str, dict[str, Effect]]]) -> tuple[Ranking, ...]:
    chance = np.random.default_rng(6)
    made = []
    for weights, given in PRESETS.items():
        for number, rule in enumerate(RULES):
            for panel in (ALL, *PANELS):
                scores = {"baseline": 0.0}
                for option, by_outcome in effects.items():
                    told = zip(OUTCOMES, given, LEVELS, strict=False)
                    score = sum(-w * BETTER[o.better] * by_outcome[o.name][panel].mean / abs(level) for o, w, level in told)
                    scores[option] = score + (0 if option == "placebo" else float(chance.normal(0, 0.01 * number)))
                order = tuple(sorted(scores, key=lambda option: scores[option]))
                made.append(Ranking(panel, rule, weights, order, scores, float(chance.uniform(0.3, 0.95))))
    return tuple(made)


def synthetic() -> Comparison:
    """Return a comparison that looks like a real one, and is none."""
    values, panel = _values()
    effects = _effects(values, panel)
    rankings = _rankings(effects)
    lead = next(item.order[0] for item in rankings)
    convergence = tuple(
        {"runs": 21 * n * 16, "half_width": 1.4 / math.sqrt(n), "swaps": 9.0 // n, "correct": 1 - 0.6 / n} for n in range(1, 9)
    )
    return Comparison(
        scenario="synthetic_scenario",
        title="Synthetic comparison: invented numbers",
        model="0.0.0, synthetic",
        line="kforsim compare synthetic_scenario --options all --seeds 6 --budget 5min",
        space={
            "parameter_sets": "64 invented sets",
            "redrawn_by_panel": ["theta_deterrence", "theta_spiral", "omega_deterrence", "omega_spiral", "planned_chance"],
            "drawn_from_ranges": {"lever_effects": 14},
            "rules": {rule: f"invented meaning of {rule}" for rule in RULES},
            "intervals": "95 % for all at once, invented",
            "note": "a share of this space is not a probability",
        },
        leaves_out=("what happens after the second day", "rumours on social networks", "money: no price is known"),
        doctrines=("counterbalancing", "assertive_selective"),
        options=_options(),
        outcomes=OUTCOMES,
        effects=effects,
        distributions={
            name: {item.name: _distribution(values[place, row], item.better) for row, item in enumerate(OUTCOMES)}
            for place, (name, _, _) in enumerate(NAMES)
            if name not in NO_PATH
        },
        weights={name: {item.name: given[row] for row, item in enumerate(OUTCOMES[:5])} for name, given in PRESETS.items()},
        rankings=rankings,
        flips=(
            Flip("R2", "body.assertive_selective", "panel S", "panel D, O"),
            Flip("1.2", "3.1", "weights legitimacy first", "weights harm first"),
            Flip(lead, "R1", "rule expected value", "rule regret"),
        ),
        deciding=(
            Deciding(lead, "serious_or_fatal", "deterrence.theta_spiral", True, 0.82, 0.91, 0.34, True),
            Deciding(lead, "riot", "crowd.hard_core_share", False, 0.031, 0.22, 0.71, False),
            Deciding("R2", "licence_spent", "governments.patience_days", True, 4.0, 0.80, 0.45, True),
        ),
        by_doctrine={
            "counterbalancing": _all_cases(effects),
            "assertive_selective": _all_cases(_effects(_other_doctrine(values), panel, 0.8)),
        },
        placebo={"baseline against itself": 0.0, "placebo": 0.0},
        convergence=convergence,
        stopped="budget",
        cases=CASES,
        seeds=CASES * SEEDS,
        runs=CASES * SEEDS * (len(NAMES) - len(NO_PATH)),
        seconds=291.0,
        beats=_beats(values),
        failures=({"option": "R3", "case": 17, "seed": 4, "message": "ValueError: invented", "worst": "serious_or_fatal 31 instead of 6"},),
    )


def _beats(values: np.ndarray) -> dict[str, dict[str, dict[str, float]]]:
    """Return in how many runs one option beats another on primary outcomes."""
    known = [(place, name) for place, (name, _, _) in enumerate(NAMES) if name not in NO_PATH]

    def share(one: int, other: int, row: int) -> float:
        gap = BETTER[OUTCOMES[row].better] * (values[one, row] - values[other, row])
        return float((gap > 0).mean() + 0.5 * (gap == 0).mean())

    return {
        item.name: {first: {second: share(one, other, row) for other, second in known} for one, first in known}
        for row, item in enumerate(OUTCOMES)
        if item.primary
    }


def _other_doctrine(values: np.ndarray) -> np.ndarray:
    """Return the outcomes with two options turned round."""
    turned = values.copy()
    for place in (4, 15):
        turned[place] = 2 * values[0] - values[place]
    return turned


def _all_cases(effects: dict[str, dict[str, dict[str, Effect]]]) -> dict[str, dict[str, Effect]]:
    return {option: {name: by_panel[ALL] for name, by_panel in told.items()} for option, told in effects.items()}


def without(found: Comparison, **changed: object) -> Comparison:
    """Return the comparison with some of it replaced."""
    return dataclasses.replace(found, **changed)
