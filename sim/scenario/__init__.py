"""Scenario files: what they may say, how they are read, and every complaint about them."""
