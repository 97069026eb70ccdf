"""From basket to order, in one durable step, and everything that can happen to it on the way."""
