"""What tests of scenarios can ask for."""

from copies import part_copy, scenario_copy

__all__ = ["part_copy", "scenario_copy"]
