"""Baskets: they may be wrong, and are put right before they become orders."""
