"""Providers as servers of their own, with ledgers of their own: what they say was charged is what was charged."""
