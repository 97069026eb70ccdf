"""Pipes: events, webhook inbox, idempotency, audit, http, wiring, health."""
