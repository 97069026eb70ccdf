"""What a phone number is: one rule for the whole house, and what a number tells of where it is at home."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# Numbers that no text reaches, or that cost whoever writes to them.
NO_TEXTS = frozenset(
    {PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
)
NOWHERE = "Etc/Unknown"


def phone_number(text: str) -> str | None:
    """A number as it is kept (+12125550123), read as one of the US unless it says otherwise; None for what is none."""
    try:
        number = phonenumbers.parse(text.strip().rstrip("."), "US")
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def gets_texts(number: str) -> bool:
    """Whether a number, as it is kept, may be that of a mobile phone. In the US most cannot be told apart."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) not in NO_TEXTS


def country_of(number: str) -> str:
    """Two letters: US, PR, CA; empty for a number that belongs to none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def zones_of(number: str) -> tuple[str, ...]:
    """The time zones in which the area of a number lies; none for one that lies nowhere, such as a toll-free one."""
    from phonenumbers.timezone import time_zones_for_number  # its tables take a quarter of a second to load

    zones: tuple[str, ...] = time_zones_for_number(phonenumbers.parse(number))
    return tuple(zone for zone in zones if zone != NOWHERE)


def as_dialled(number: str) -> str:
    """A number as people of its country read it; a US one as (212) 555-0123."""
    parsed = phonenumbers.parse(number)
    home = parsed.country_code == 1
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)
