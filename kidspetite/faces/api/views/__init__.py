"""Find, validate, command, answer."""
