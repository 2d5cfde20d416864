"""What tests of scenarios can ask for."""

from copies import scenario_copy

__all__ = ["scenario_copy"]
