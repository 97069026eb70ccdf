"""Finding what to see: search and suggestions."""
