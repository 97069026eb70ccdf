"""Reading a query: what it says of size, colour and price, and which word a mistyped one may be."""

from kidspetite.journeys.discovery.rules.reading import tokens, understand
from kidspetite.journeys.discovery.rules.spelling import corrected, spelling_limit
from kidspetite.journeys.discovery.rules.vocabulary import Vocabulary

__all__ = ["Vocabulary", "corrected", "spelling_limit", "tokens", "understand"]
