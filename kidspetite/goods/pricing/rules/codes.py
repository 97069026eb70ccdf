"""How codes and mail addresses are read: forgiving about form, and one person is one person."""

from __future__ import annotations

import hashlib
import unicodedata

LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
LONGEST = 40
DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def code_key(typed: str) -> str:
    """What a code is looked up by: letters and digits only, capital, look-alikes made one. Empty for what is none."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
    strange = any(letter.isalnum() and not letter.isascii() for letter in plain)
    return "" if strange or len(kept) > LONGEST else kept.translate(LOOK_ALIKES)


def normal_email(address: str) -> str:
    """One form for the ways in which a person writes one mailbox: case, `+tags`, and dots where they mean nothing."""
    name, at, host = address.strip().casefold().partition("@")
    if not at:
        return name
    name = name.split("+", 1)[0] or name
    if host in DOTLESS:
        name = name.replace(".", "")
    return f"{name}@{host}"


def email_print(address: str) -> str:
    """A fingerprint by which uses are counted without keeping the address."""
    return hashlib.sha256(f"redeems:{normal_email(address)}".encode()).hexdigest()


def free_number(taken: set[int], most: int) -> int | None:
    """The lowest number from 1 to `most` that is not taken."""
    return next((number for number in range(1, most + 1) if number not in taken), None)
