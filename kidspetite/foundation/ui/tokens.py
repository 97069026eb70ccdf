"""The brand sheet's colours for what no stylesheet reaches: the browser's frame and the first page of a phone."""

from __future__ import annotations

import re
from functools import cache

from kidspetite.foundation.ui.stylesheet import CSS


@cache
def hex_of(name: str, *, dark: bool = False) -> str:
    """The hex value of a token of `tokens.css`, such as "paper". Raises KeyError for a name that is not there."""
    light_part, _, dark_part = (
        (CSS / "tokens.css").read_text(encoding="utf-8").partition("(prefers-color-scheme: dark)")
    )
    values = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark_part if dark else light_part))
    return values[name]
