"""Joint patrols of KFOR and police: they see more together, and share each other's standing and each other's danger.

An option's lever (``joint_patrol_intensity``), 0 as things are. Reports come sooner, what the two see of a site is one picture,
assets that are patrols with a partner look out at this intensity where they were not deployed before; KFOR's legitimacy moves
towards its partner's; and KFOR soldiers may be with the patrol that drives into an ambush.

Not modelled: patrols as units that stand somewhere; whose patrol it is on a given road.
"""

from __future__ import annotations

from sim.doctrine.lever_effects import brought_nearer, left_after
from sim.doctrine.seat_orders import Organisation
from sim.engine.operation import Duty, Operation
from sim.engine.reserves import nearest_free_unit, send
from sim.engine.world import SiteInPlay, World
from sim.foundations.chance import Purpose, draw, name_key
from sim.scenario.armed_schema import Asset

PARTNERS = (Organisation.KFOR, Organisation.KOSOVO_POLICE)
"""Who patrols together."""


def common_picture(numbers: dict[str, float]) -> float:
    """Return the quality of the common picture of two who hand over."""
    return brought_nearer(numbers["common_picture_quality"], numbers["joint_patrol_intensity"], numbers["joint_patrol_common_picture"])


def report_share(numbers: dict[str, float], organisation: Organisation) -> float:
    """Return the share of a report's delay that is left to an organisation."""
    saved = numbers["joint_patrol_report_saving"]
    return left_after(numbers["joint_patrol_intensity"], saved) if organisation in PARTNERS else 1.0


def latency_share(numbers: dict[str, float], asset: Asset) -> float:
    """Return the share of an asset's latency that is left: residents call those whom they see more often."""
    return report_share(numbers, PARTNERS[0]) if asset.kind == "residents" else 1.0


def deployed_share(numbers: dict[str, float], asset: Asset) -> float:
    """Return the factor on what an asset detects: 1 where it is deployed, else the intensity of joint patrolling, if it is one."""
    if asset.deployed:
        return 1.0
    joint = asset.kind == "patrol" and bool(asset.partners)
    return numbers["joint_patrol_intensity"] * numbers["joint_patrol_detection"] if joint else 0.0


def ride_along(world: World, operation: Operation, site: SiteInPlay) -> None:
    """KFOR soldiers may be with the patrol that police send: a unit of theirs drives with it."""
    numbers = world.numbers
    chance = numbers["joint_patrol_intensity"] * numbers["joint_patrol_target"]
    share = draw(world.run_key, 0, name_key("joint patrol"), Purpose.JOINT_PATROL)
    if share >= chance or not operation.mark("joint_patrol", world.tick):
        return
    unit = nearest_free_unit(world, Organisation.KFOR, site)
    if unit is not None:
        operation.duties[unit.id] = Duty.PATROL
        send(world, unit, site)
