"""ISR: what assets detect, how late, who is told, and what leaks. Surveillance, reconnaissance, human sources.

The paper asks for more ISR assets (3.1) and for sharing what they see with police and KSF (3.2). Two laws of search are exact
here: a random search of coverage z finds its target with chance 1 - exp(-z) (Koopman 1956), and sensors that look
independently multiply their misses. Sharing decides *who knows when*, never the chance of detection; it has a counter-effect:
what more people know leaks. Every size is an assumption with a range that includes 0. Not modelled: deception, jamming.
"""

from __future__ import annotations

from sim.foundations.arithmetic import exp
from sim.foundations.parameter import Concept, Parameter
from sim.foundations.rule import rule

CONCEPT = Concept(
    "isr",
    (
        Parameter("isr_effort", "1", 0, 10, "factor on what every KFOR asset detects: 0 blind, 1 as the scenario's assets are given"),
        Parameter("isr_dark_factor", "1", 0, 1, "factor on detection by patrols and posts in the dark; 1 darkness does not matter"),
        Parameter("isr_rain_factor", "1", 0, 1, "factor on detection in rain; 1 rain does not matter"),
        Parameter("isr_false_alarms_per_day", "1/day", 0, 10, "false reports of armed men a day and asset, before any search"),
        Parameter("share_delay_police_min", "min", 0, 1440, "minutes until police receive what KFOR shares"),
        Parameter("share_delay_ksf_min", "min", 0, 1440, "minutes until KSF receives what KFOR shares"),
        Parameter("police_tell_min", "min", 0, 1440, "minutes until the KFOR operations centre hears what police report"),
        Parameter("leak_chance", "chance", 0, 1, "chance that a report shared with one partner comes to the armed group's ears"),
        Parameter("leak_delay_min", "min", 0, 1440, "minutes until a leak reaches the armed group"),
        Parameter("source_warning_chance", "chance", 0, 1, "chance that a human source tells KFOR of the preparation before the night"),
    ),
)


@rule
def random_search(coverage: float) -> float:
    """Return the chance that a random search finds its target: 1 - exp(-coverage), coverage = area swept over area (Koopman 1956)."""
    return 1.0 - exp(-coverage)


@rule
def coverage_in(per_hour: float, minutes: float, effort: float, seen: float) -> float:
    """Return the coverage of a look of so many minutes: detections an hour, times effort, times what darkness and rain leave."""
    return per_hour * (minutes / 60.0) * effort * seen


@rule
def seen_in(dark: bool, rain: bool, dark_factor: float, rain_factor: float) -> float:
    """Return the factor that darkness and rain leave on what is seen."""
    return (dark_factor if dark else 1.0) * (rain_factor if rain else 1.0)


@rule
def leaks(chance: float, partners: int) -> float:
    """Return the chance that a report shared with so many partners leaks: each may, independently."""
    kept = 1.0
    for _ in range(partners):
        kept = kept * (1.0 - chance)
    return 1.0 - kept
