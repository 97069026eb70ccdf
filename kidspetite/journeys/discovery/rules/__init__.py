"""Reading a query: what it says of size, colour and price, and which word a mistyped one may be."""

from kidspetite.journeys.discovery.rules.reading import tokens, understand
from kidspetite.journeys.discovery.rules.spelling import best_spelling, corrected, distance, near_misses, spelling_limit

__all__ = ["best_spelling", "corrected", "distance", "near_misses", "spelling_limit", "tokens", "understand"]
