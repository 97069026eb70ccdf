from __future__ import annotations

import re
import unicodedata

EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)


def clean_line(text: str, limit: int) -> str:
    """One line of typed text: normal form, single spaces, no control characters, at most `limit` characters."""
    plain = unicodedata.normalize("NFC", text)
    return re.sub(r"\s+", " ", "".join(c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")).strip()[
        :limit
    ]


def clean_text(text: str, limit: int) -> str:
    """Typed text that may have line breaks."""
    lines = (clean_line(line, limit) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(lines).strip()[:limit]


def is_email(text: str) -> bool:
    return len(text) <= 254 and EMAIL.fullmatch(text) is not None


def address_faults(typed: dict[str, str]) -> list[tuple[str, str]]:
    """What keeps an address from being kept: (field, sentence) pairs, in the order of the form."""
    faults = []
    for field, words in (
        ("name", "Who opens the door? A full name, please."),
        ("line1", "A street and a number, please."),
        ("city", "Which city?"),
    ):
        if not typed[field]:
            faults.append((field, words))
    if not re.fullmatch(r"[A-Z]{2}", typed["state"]):
        faults.append(("state", "Choose a state."))
    digits = re.sub(r"\D", "", typed["postal_code"])
    if len(digits) not in (5, 9):
        faults.append(("postal_code", "A US ZIP has five digits."))
    return faults
