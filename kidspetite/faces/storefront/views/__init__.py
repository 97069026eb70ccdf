"""Views: find, validate, command, answer."""
