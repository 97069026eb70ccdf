"""Messages to people: written in the business transaction, sent once, later."""
