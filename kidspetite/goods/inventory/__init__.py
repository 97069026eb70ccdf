"""How many pieces we hold, and how many of them are promised."""
