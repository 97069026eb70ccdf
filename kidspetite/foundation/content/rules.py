from __future__ import annotations

import re
from collections.abc import Mapping

PLACE = re.compile(r"\{\{\s*shop\.(\w+)\s*\}\}")


def fill_places(text: str, facts: Mapping[str, str]) -> str:
    """Replace `{{shop.email}}` and its like; an unknown place is left as it stands, so that the owner sees it."""
    return PLACE.sub(lambda match: facts.get(match[1], match[0]), text)
