"""What it costs: one quote, computed in one place."""
