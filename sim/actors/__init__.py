"""The people and organisations on the ground, as Mesa agents."""
