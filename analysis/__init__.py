"""Studies on top of the simulator; enters it only through :mod:`sim.api`."""
