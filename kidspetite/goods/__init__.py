"""What we sell, how many we have, and what it costs."""
