"""The state of a campaign: what one week leaves to the next, and the record of how it came about.

Beliefs are per audience and force; grievance, trust and intransigence per community; licence per government. Two channels link
episodes: beliefs, and grievance (with intransigence, trust and perceived certainty). Each can be frozen to ask what the other
does alone; politics and posture (orders, licences, reinforcements, preparation) always run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sim.deterrence.escalation import EscalationStep
from sim.doctrine.seat_orders import Organisation
from sim.engine.operation import AUDIENCES, FORCES, Bank
from sim.engine.record import Record
from sim.foundations.chance import run_key
from sim.scenario.campaign_files import LINKS, Campaign

COMMUNITIES = ("local_serbs", "local_albanians")
"""Communities that hold grievance, trust and intransigence of their own."""

NOTHING = -1
"""Number of an entry that there is none of."""


@dataclass
class Community:
    """What a community of the North brings into a week.

    Attributes
    ----------
    grievance, intransigence, certainty
        Shares, 0 to 1.
    trust
        Legitimacy of KFOR among local Serbs; confidence in it among local Albanians.
    """

    grievance: float
    trust: float
    certainty: float
    intransigence: float = 0.0


@dataclass
class Coming:
    """People under order to come: how many, from which week on, until which, and the entry that caused it."""

    people: float
    week: int
    until: int
    cause: int
    presence: bool = False


@dataclass
class Blockade:
    """A blockade that has stood: its days, how it ended, and who died of it."""

    began_week: int
    days: int = 0
    removed: bool = False
    standing: bool = True
    hurt: float = 0.0
    killed: float = 0.0
    cause: int = NOTHING


@dataclass
class Challenge:
    """A challenge of this week that audiences learn from: by whom it was answered, how far, and with what weight."""

    kind: str
    weight: float
    answered: dict[Organisation, float]
    entry: int


@dataclass(frozen=True)
class Transition:
    """How far the transition has come: KSF's training, mobility and working with KFOR, and how much of the front was handed over."""

    quality: float
    mobility: float
    together: float
    handed_over: float = 0.0


@dataclass
class Tally:
    """What a campaign adds up over its weeks."""

    serious: float = 0.0
    hurt: float = 0.0
    killed: float = 0.0
    riot_weeks: int = 0
    protest_weeks: int = 0
    attempts: list[tuple[int, str, int]] = field(default_factory=list)
    called_off: int = 0
    sabotage: int = 0
    searches: int = 0
    finds: int = 0
    entries: int = 0
    hours_at: dict[int, float] = field(default_factory=dict)
    licence_spent: float = 0.0
    force_days: float = 0.0
    blockades: list[Blockade] = field(default_factory=list)
    gaps: dict[str, list[float]] = field(default_factory=dict)
    responses: dict[str, int] = field(default_factory=dict)


@dataclass
class CampaignState:
    """Everything of one campaign's run.

    Attributes
    ----------
    numbers
        Parameters in force this week.
    heat
        How hot the last events still are, 0 to 1.
    advised
        How hard the Quint advises against an entry, 0 to 1.
    police
        Share of the special police at the buildings, 0 to 1; 0 before an entry.
    prepared
        Preparation of the armed group.
    happened
        By name: the entry at which something first happened: the causes of responses.
    """

    campaign: Campaign
    seed: int
    run_key: int
    numbers: dict[str, float]
    beliefs: dict[tuple[str, Organisation], Bank]
    communities: dict[str, Community]
    rest: dict[str, Community]
    licence: dict[str, float]
    licence_rest: dict[str, float]
    transition: Transition
    week: int = 0
    heat: float = 0.0
    police: float = 0.0
    cuts: int = 0
    prepared: float = 0.0
    advised: float = 0.0
    measures: bool = False
    pretext: float = 0.0
    step: EscalationStep = EscalationStep.ROUTINE
    step_cause: int = NOTHING
    days_at_build_up: int = 0
    warned: bool = False
    coming: list[Coming] = field(default_factory=list)
    blockade: Blockade | None = None
    challenges: list[Challenge] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)
    happened_week: dict[str, int] = field(default_factory=dict)
    record: Record = field(default_factory=Record)
    tally: Tally = field(default_factory=Tally)

    @property
    def day(self) -> date:
        """The first day of this week."""
        return self.campaign.file.start + timedelta(weeks=self.week)

    @property
    def links(self) -> str:
        """Which channels between episodes are open."""
        return self.campaign.choices[LINKS]

    @property
    def beliefs_linked(self) -> bool:
        """Whether beliefs change by what happens."""
        return self.links in ("all", "beliefs_only")

    @property
    def grievance_linked(self) -> bool:
        """Whether grievance, intransigence, trust and certainty change by what happens."""
        return self.links in ("all", "grievance_only")

    def add(self, kind: str, **fields: object) -> int:
        """Enter something into the record, this week, and return its number."""
        self.record.add(self.week, kind, "", date=self.day.isoformat(), **fields)
        return len(self.record.entries) - 1

    def respond(self, kind: str, cause: int, **fields: object) -> int:
        """Enter a response with the entry that caused it; a response without a cause is an error of the model."""
        if not 0 <= cause < len(self.record.entries):
            raise LookupError(f"{kind} answers nothing that happened")
        self.tally.responses.setdefault(kind, self.week)
        return self.add("response", response=kind, cause=cause, **fields)

    def mark(self, name: str, entry: int) -> bool:
        """Keep when something first happened; tell whether this was the first time."""
        if name in self.happened:
            return False
        self.happened[name], self.happened_week[name] = entry, self.week
        return True

    def prior(self) -> Bank:
        """Return what every audience thinks of every force at first."""
        mean, stock = self.numbers["resolve_prior_mean"], self.numbers["resolve_prior_stock"]
        return Bank(mean * stock, (1.0 - mean) * stock)


def transition_at_first(numbers: dict[str, float]) -> Transition:
    """Return the transition as it stands before the first week."""
    return Transition(numbers["ksf_quality_at_start"], numbers["ksf_mobility_at_start"], numbers["ksf_interoperable_at_start"])


def new_campaign_state(campaign: Campaign, seed: int) -> CampaignState:
    """Return the state before the first week."""
    numbers = campaign.parameters_on(campaign.file.start)
    mean, stock = numbers["resolve_prior_mean"], numbers["resolve_prior_stock"]
    known = {item.id: item.licence.value for item in campaign.entry.framework.command.governments}
    licence = {**known, "armed_group": numbers["licence_to_group"]}
    communities = [
        {
            "local_serbs": Community(numbers["grievance_mean"], numbers["kfor_legitimacy_mean"], numbers["certainty_mean"]),
            "local_albanians": Community(0.0, numbers["majority_confidence"], numbers["certainty_mean"]),
        }
        for _ in range(2)
    ]
    return CampaignState(
        campaign=campaign,
        seed=seed,
        run_key=run_key(campaign.name, seed),
        numbers=numbers,
        beliefs={(audience, force): Bank(mean * stock, (1.0 - mean) * stock) for audience in AUDIENCES for force in FORCES},
        communities=communities[0],
        rest=communities[1],
        licence=licence,
        licence_rest=dict(licence),
        transition=transition_at_first(numbers),
        prepared=numbers["prep_at_start"],
        advised=next((item.pressure.value for item in campaign.entry.framework.command.governments if item.id == "quint_nato"), 0.0),
    )
