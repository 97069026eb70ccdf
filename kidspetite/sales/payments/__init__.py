"""Money that moves: intents, outcomes, refunds."""
