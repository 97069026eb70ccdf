"""Ways to send, what they cost, and the parcels themselves."""
