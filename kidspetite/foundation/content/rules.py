from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from kidspetite.foundation.content.types import ShopFacts
from kidspetite.foundation.kernel.mail import mail_address

PLACE = re.compile(r"\{\{\s*shop\.(\w+)\s*\}\}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_PAGE = 60_000

STATES: Mapping[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

# We send there, but no law has a shop elsewhere collect a sales tax on it; see docs/pricing.md.
UNTAXED: Mapping[str, str] = {
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "VI": "U.S. Virgin Islands",
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
}  # fmt: skip


def fill_places(text: str, facts: Mapping[str, str]) -> str:
    """Replace `{{shop.email}}` and its like; an unknown place is left as it stands, so that the owner sees it."""
    return PLACE.sub(lambda match: facts.get(match[1], match[0]), text)


def faults_of(facts: ShopFacts) -> list[tuple[str, str]]:
    """What keeps the facts of a shop from being kept: (field, sentence) pairs, in the order of the form."""
    faults: list[tuple[str, str]] = []
    if not 0 < len(facts.name.strip()) <= 80:
        faults.append(("name", "A shop has a name, of 80 letters at most."))
    if facts.email and mail_address(facts.email) is None:
        faults.append(("email", "A mail address looks like hello@example.com."))
    if len(facts.phone) > 32:
        faults.append(("phone", "A phone number has 32 signs at most."))
    if len(facts.postal_address) > 500:
        faults.append(("postal_address", "An address has 500 letters at most."))
    if facts.time_zone not in available_timezones():
        faults.append(("time_zone", "Choose a time zone, such as America/New_York."))
    for field, most, words in (
        ("return_days", 365, "Between 0 and 365 days."),
        ("handling_days", 30, "Between 0 and 30 working days."),
        ("cutoff_hour", 23, "An hour between 0 and 23."),
        ("low_stock_at", 1000, "Between 0 and 1,000 pieces."),
    ):
        if not 0 <= getattr(facts, field) <= most:
            faults.append((field, words))
    if facts.free_shipping_from_minor is not None and not 0 <= facts.free_shipping_from_minor <= 10_000_000:
        faults.append(("free_shipping_from", "An amount between $0 and $100,000, or nothing for never."))
    if untaxed := sorted(set(facts.collects_tax_in) & set(UNTAXED)):
        names = " and ".join(UNTAXED[code] for code in untaxed)
        faults.append(("collects_tax_in", f"{names}: no tax there that a shop elsewhere collects. Parcels go untaxed."))
    if unknown := sorted(set(facts.collects_tax_in) - set(STATES) - set(UNTAXED)):
        faults.append(("collects_tax_in", f"{', '.join(unknown)} is no state we know."))
    if len(facts.holidays) > 200:
        faults.append(("holidays", "200 days at most."))
    return faults


def page_faults(title: str, description: str, body: str) -> list[tuple[str, str]]:
    faults = []
    if not 0 < len(title) <= 120:
        faults.append(("title", "A page has a title, of 120 letters at most."))
    if len(description) > 300:
        faults.append(("description", "300 letters at most: search engines show no more."))
    if len(body) > LONGEST_PAGE:
        faults.append(("body", "60,000 letters at most. Make two pages of it."))
    return faults


def slug_faults(slug: str) -> list[tuple[str, str]]:
    if len(slug) <= 50 and SLUG.fullmatch(slug):
        return []
    return [("slug", "Small letters, digits and hyphens, such as size-exchange.")]


def plain(value: Any) -> Any:
    """A fact as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value
