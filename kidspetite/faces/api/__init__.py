"""The JSON face of the shop."""
