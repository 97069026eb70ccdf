"""Measures a running shop from outside."""
