"""Between the wire and the faces: middleware, errors, limits, health, doors for webhooks."""
