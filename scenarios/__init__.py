"""Shipped scenarios, parameters and geography (data only)."""
