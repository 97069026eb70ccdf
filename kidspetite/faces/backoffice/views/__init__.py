"""One module a subject; each view finds, validates, commands, answers."""
