"""Orders: what was promised, at which price, and where it stands."""
