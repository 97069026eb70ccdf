"""The pages the merchant works in."""
