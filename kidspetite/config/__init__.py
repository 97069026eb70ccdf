"""Wiring: environment, settings, addresses and the choice of providers."""
