"""Where HTTP and HTML live: find, validate, command, answer."""
