"""Digest: everything that shapes a run of a scenario besides the seed, in one short word that two runs can be compared by."""

from __future__ import annotations

import hashlib

from sim.scenario.checked_scenario import Scenario
from sim.scenario.deployments import DEPLOYMENT
from sim.scenario.dials import dials_of
from sim.scenario.episode_inputs import is_input
from sim.scenario.framework_settings import is_framework_setting
from sim.scenario.shipped import SHIPPED


def effective_digest(scenario: Scenario) -> str:
    """Return a digest of everything that shapes a run of this scenario besides the seed."""
    digest = hashlib.sha256()
    digest.update(f"{scenario.name} {[day.name for day in scenario.days]} {scenario.sites}".encode())
    files = [*scenario.files(), *(SHIPPED / "geography").glob("*.yaml"), *scenario.doctrine_files.values()]
    for path in sorted(files, key=lambda path: path.name):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name, valued in sorted(scenario.parameters.valued.items()):
        digest.update(f"{name}={valued.value!r}".encode())
    for name, switch in sorted(scenario.file.switches.items()):
        digest.update(f"{name}={switch.value}".encode())
    for day in scenario.days:
        if day.armed is not None:
            deployed = [asset.id for asset in day.armed.intelligence.assets if asset.deployed]
            digest.update(f"{day.armed.intelligence.sharing} {deployed}".encode())
        digest.update(f"{day.name} {sorted((seat, table.doctrine) for seat, table in day.doctrines.items())}".encode())
    for name, dial in sorted(dials_of(scenario.framework).items()):
        digest.update(f"{name}={dial.value!r}".encode())
    for name, text in sorted(scenario.settings.items()):
        if is_framework_setting(name) or name.startswith(DEPLOYMENT) or is_input(name):
            digest.update(f"{name}={text}".encode())
    return digest.hexdigest()[:24]
