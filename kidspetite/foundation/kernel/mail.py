"""What a mail address is: one rule for the whole house."""

from __future__ import annotations

import re

LONGEST, LONGEST_NAME = 254, 64
_NAME = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


def mail_address(text: str) -> str | None:
    """An address as it is kept and written to; None for one that no letter reaches.

    A name, an @, and a domain with a dot in it. The domain is kept in small letters, and one in another script in its
    ASCII form, which every post takes. Quoted names, names in other scripts, comments and numbers in brackets are
    refused: many posts take them for an attack, and next to nobody has one.
    """
    name, _, domain = text.rpartition("@")
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    whole = f"{name}@{domain}"
    return whole if len(whole) <= LONGEST and _DOMAIN.fullmatch(domain) else None
