"""kforsim: a scenario-based deterrence wargame simulator for northern Kosovo."""
