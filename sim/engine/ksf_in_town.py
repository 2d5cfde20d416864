"""KSF between a crowd and a building: what its coming is to both communities, and how far its access lets a deployment come.

Where an armed group is in play its coming is felt by ``engine/consequences`` instead; the sizes are the same parameters
(``doctrine/transition``), scaled by how unwelcome its access makes it.

Not modelled: KSF's rules of engagement for a crowd, which nobody has written: it pushes only where it is attacked.
"""

from __future__ import annotations

from sim.doctrine.lever_effects import brought_nearer
from sim.doctrine.mandate import KsfAccess
from sim.doctrine.seat_orders import Organisation
from sim.doctrine.transition import UNWELCOME
from sim.engine.world import SiteInPlay, World


def felt_in_town(world: World, organisation: Organisation, site: SiteInPlay) -> None:
    """Let people at a site take KSF's coming as it is meant to them: local grievance, the other community's confidence; once a site."""
    if organisation is not Organisation.KSF or world.operation is not None or site.name in world.standing.ksf_seen:
        return
    unwelcome, numbers = UNWELCOME[str(world.framework.mandate.ksf.access)], world.numbers
    people = site.state.people
    people["grievance"] = [brought_nearer(float(level), unwelcome, numbers["ksf_grievance"]) for level in people["grievance"]]
    if not world.standing.ksf_seen:
        world.standing.confidence = min(world.standing.confidence + numbers["ksf_confidence"], 1.0)
    world.standing.ksf_seen.add(site.name)


def waits_for_leave_min(world: World, organisation: Organisation) -> float | None:
    """Return the minutes that a planned deployment waits for leave to be in the North; None where it is not to come at all."""
    ksf = world.framework.mandate.ksf
    if organisation is not Organisation.KSF or ksf.access in (KsfAccess.BY_AGREEMENT, KsfAccess.AUTONOMOUS):
        return 0.0
    return None if ksf.access is KsfAccess.NONE else ksf.approval_min.central
