"""The crowd's make-up: who came, with what grievance, and how people move about a site.

Sources: hard core of 200-300 beside 1,500-2,000 in July 2011, 9-17 % (facts V11, V22); planning range 0.05-0.17 (facts 9);
clusters of 3-6 around a hard core (facts L1). Prepared group: the orchestration theory, never observed, prior-only.
Not modelled: age, sex, kinship.
"""

from __future__ import annotations

from sim.foundations.parameter import Concept, Parameter

CONCEPT = Concept(
    "crowd",
    (
        Parameter("hard_core_share", "share", 0, 0.5, "share of the crowd ready for violence from the start"),
        Parameter("bystander_share", "share", 0, 0.9, "share that came to watch"),
        Parameter("organiser_share", "share", 0, 0.1, "share that leads and keeps order"),
        Parameter("planned_chance", "chance", 0, 0.5, "q_plan: chance that a prepared group is hidden in the crowd"),
        Parameter("prepared_share", "share", 0, 0.3, "share of the crowd that is the prepared group, where there is one"),
        Parameter("prepared_action_min", "min", 0, 240, "minutes for which a prepared group acts once ordered"),
        Parameter("grievance_mean", "share", 0, 1, "mean grievance: 0 content, 0.5 resentful, 1 nothing to lose"),
        Parameter("grievance_spread", "share", 0, 0.5, "standard deviation of grievance"),
        Parameter("risk_aversion_mean", "share", 0, 1, "mean aversion to risk: 0 reckless, 1 very careful"),
        Parameter("risk_aversion_spread", "share", 0, 0.5, "standard deviation of risk aversion"),
        Parameter("crowd_turnout_low", "1", 0.1, 1, "smallest turnout, against the scenario's central figure"),
        Parameter("crowd_turnout_high", "1", 1, 5, "largest turnout, against the scenario's central figure"),
        Parameter("view_m", "m", 5, 100, "distance over which a person sees what happens"),
        Parameter("crowd_pace_m_per_min", "m/min", 1, 120, "pace of walking in a crowd"),
        Parameter("fleeing_pace_m_per_min", "m/min", 1, 300, "pace of a person who runs"),
        Parameter("comfort_persons", "persons", 1, 100, "people in a 5 m cell beyond which others keep off"),
        Parameter("front_distance_m", "m", 0, 60, "distance from the line at which the keenest stand"),
        Parameter("crowd_depth_m", "m", 5, 150, "further distance over which ordinary protesters spread"),
        Parameter("bystander_distance_m", "m", 0, 150, "further distance at which bystanders keep"),
        Parameter("following_per_min", "1/min", 0, 5, "rate at which people follow what their leaders call for"),
        Parameter("getting_up_per_min", "1/min", 0, 20, "rate at which seated people get up once they are pushed"),
        Parameter("departing_per_min", "1/min", 0, 1, "rate of going home once leaders say so"),
        Parameter("dusk_departing_per_min", "1/min", 0, 1, "rate of going home after dusk without being told"),
        Parameter("rain_departing_per_min", "1/min", 0, 1, "rate of going home while it rains without being told"),
        Parameter("fatigue_departing_per_min", "1/min", 0, 0.1, "rate of going home at any time"),
        Parameter("episode_volatility_spread", "1", 0, 1, "standard deviation, from one day to another, of the log of crowd volatility"),
        Parameter("episode_injury_spread", "1", 0, 1, "standard deviation, from one day to another, of the log of injury chances"),
    ),
)
