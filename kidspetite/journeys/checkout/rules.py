"""What a purchase must say, and how it is read: forgiving about form, strict about content."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kidspetite.foundation.accounts.rules import places_of
from kidspetite.foundation.accounts.types import STATES as PLACES
from kidspetite.foundation.accounts.types import AddressNote, PostalAddress
from kidspetite.foundation.kernel.errors import FieldError, Words
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.kernel.phone import phone_number
from kidspetite.journeys.checkout import errors as say
from kidspetite.journeys.checkout.types import Purchase
from kidspetite.sales.orders.types import ShipTo

LIMITS = {
    "email": 254,
    "shipping_address.name": 120,
    "shipping_address.line1": 120,
    "shipping_address.line2": 120,
    "shipping_address.city": 80,
    "shipping_address.state": 40,
    "shipping_address.postal_code": 20,
    "shipping_address.country": 40,
    "shipping_address.phone": 32,
    "shipping_method": 30,
    "payment.provider": 20,
    "payment.token": 120,
    "gift_message": 300,
    "promo_code": 40,
}
MOST_CENTS = 10**12
STATES = dict(PLACES)
STATE_OF = {name.lower(): code for code, name in STATES.items()} | {
    "washington dc": "DC", "washington d.c.": "DC", "virgin islands": "VI", "us virgin islands": "VI",
}  # fmt: skip
COUNTRIES = {"", "us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"}
ZIP = re.compile(r"([0-9]{5})(?:[- ]?([0-9]{4}))?")
TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def validate_purchase(told: Mapping[str, Any], *, customer_id: int | None = None, address_note: str = "") -> Purchase:
    """Read what a shopper sent to `POST /api/checkout`, or typed into the pages.

    Raises PurchaseInvalid with one sentence for every field that needs another look. A ZIP that does not lie in the
    state is accepted with a note on the address, because the shopper may know better; `address_note` is what a
    closer check found.
    """
    reader = Reader(told)
    address = reader.address()
    purchase = Purchase(
        email=reader.email(),
        ship_to=replace(address, note=address_note) if address_note else address,
        shipping_method=reader.needed("shipping_method"),
        provider=reader.needed("payment.provider"),
        token=reader.needed("payment.token"),
        gift_message=reader.text("gift_message", keeps_lines=True),
        gift_receipt=bool(told.get("gift_receipt")),
        wants_news=bool(told.get("wants_news")),
        wants_texts=bool(told.get("wants_texts")),
        promo_code=reader.text("promo_code"),
        expected_total_cents=reader.cents("expected_total_cents"),
        use_store_credit=bool(told.get("use_store_credit")),
        expected_credit_cents=reader.cents("expected_credit_cents"),
        customer_id=customer_id,
        keeps_card=reader.keeps_card(customer_id),
    )
    reader.refuse_faults()
    return purchase


def validate_address(told: Mapping[str, Any]) -> ShipTo:
    """Only the address, for the address book and for estimates; fields are named `shipping_address.…`."""
    reader = Reader({"shipping_address": told})
    address = reader.address()
    reader.refuse_faults()
    return address


def validate_place(told: Mapping[str, Any]) -> PostalAddress:
    """Only street, city, state and ZIP, for a check; fields are named as they are, without a group."""
    reader = Reader({"shipping_address": told})
    place = reader.place()
    reader.refuse_faults(within="shipping_address.")
    return place


def validate_email(value: Any) -> str:
    """Only the mail address."""
    reader = Reader({"email": value})
    address = reader.email()
    reader.refuse_faults()
    return address


def state_code(text: str) -> str | None:
    """Two capital letters for a state's name or code; None for neither."""
    plain = " ".join(text.replace(",", " ").split())
    return plain.upper() if plain.upper() in STATES else STATE_OF.get(plain.lower())


def zip_note(postal_code: str, state: str) -> str:
    """Empty when the ZIP lies in the state; otherwise what is odd about it."""
    found = _states_of(postal_code)
    if not found:
        return AddressNote.ZIP_UNKNOWN
    return "" if state in found else AddressNote.ZIP_STATE_MISMATCH


def state_of_zip(postal_code: str) -> str:
    """The state a ZIP lies in, two capital letters; empty for an unknown one, or one that lies in several."""
    found = _states_of(postal_code.strip())
    return next(iter(found)) if len(found) == 1 else ""


def mark_of(place: PostalAddress) -> str:
    """Names an address, so that a changed one is asked about anew."""
    return hashlib.sha256("\n".join(place.as_dict().values()).encode()).hexdigest()[:16]


def attempt_key(cart_id: int, key: str) -> str:
    """The name of one attempt to buy one basket, as short as a provider allows."""
    return hashlib.sha256(f"{cart_id}:{key}".encode()).hexdigest()[:48]


class Reader:
    """Reads fields one by one and collects what is wrong with them, so that all faults are told at once."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self._faults: dict[str, Words] = {}

    def refuse_faults(self, *, within: str = "") -> None:
        """`within` is the group that the client does not know of."""
        if self._faults:
            faults = [FieldError(name.removeprefix(within), text) for name, text in self._faults.items()]
            raise say.PurchaseInvalid(errors=tuple(faults))

    def text(self, field: str, *, keeps_lines: bool = False) -> str:
        """A text that may be missing, tidied; empty when it is, or when something is wrong with it."""
        value = self._value(field)
        if value is None or field in self._faults:
            return ""
        if not isinstance(value, str):
            return self._fault(field, say.NOT_TEXT)
        tidy = _lines(value) if keeps_lines else " ".join(_tame(value).split())
        if any(_is_unprintable(letter) for letter in tidy if not (keeps_lines and letter == "\n")):
            return self._fault(field, say.CONTROL_CHARACTERS)
        if len(tidy) > LIMITS[field]:
            return self._fault(field, str(say.TOO_LONG).format(length=len(tidy), limit=LIMITS[field]))
        return tidy

    def needed(self, field: str) -> str:
        found = self.text(field)
        if not found and field not in self._faults and not self._is_group_at_fault(field):
            self._fault(field, say.NEEDED[field])
        return found

    def email(self) -> str:
        found = self.needed("email")
        if not found:
            return ""
        if "@" not in found:
            return self._fault("email", say.NO_AT)
        return mail_address(found) or self._fault("email", str(say.NOT_AN_EMAIL).format(value=found))

    def address(self) -> ShipTo:
        at = "shipping_address"
        country = self.text(f"{at}.country")
        if country.lower() not in COUNTRIES:
            self._fault(f"{at}.country", say.NOT_OUR_COUNTRY)
        name, place = self.needed(f"{at}.name"), self.place()
        return ShipTo(
            name=name,
            line1=place.line1,
            line2=place.line2,
            city=place.city,
            state=place.state,
            postal_code=place.postal_code,
            country="US",
            phone=self._phone(f"{at}.phone"),
            note=zip_note(place.postal_code, place.state) if place.postal_code and place.state else "",
        )

    def place(self) -> PostalAddress:
        at = "shipping_address"
        return PostalAddress(
            line1=self.needed(f"{at}.line1"),
            line2=self.text(f"{at}.line2"),
            city=self.needed(f"{at}.city"),
            state=self._state(f"{at}.state"),
            postal_code=self._zip(f"{at}.postal_code"),
        )

    def cents(self, field: str) -> int | None:
        value = self._value(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_CENTS:
            self._fault(field, say.NOT_CENTS)
            return None
        return value

    def keeps_card(self, customer_id: int | None) -> bool:
        """Whether the card is to be kept; a guest has no account to keep it in."""
        wants = bool(self._value("payment.save"))
        if wants and customer_id is None:
            self._fault("payment.save", say.NO_ACCOUNT)
        return wants and customer_id is not None

    def _state(self, field: str) -> str:
        found = self.needed(field)
        if not found:
            return ""
        return state_code(found) or self._fault(field, str(say.STATE_UNKNOWN).format(value=found))

    def _zip(self, field: str) -> str:
        found = self.needed(field).rstrip(".")
        if not found:
            return ""
        if match := ZIP.fullmatch(found):
            return f"{match[1]}-{match[2]}" if match[2] else match[1]
        if found.isascii() and found.isdigit() and len(found) < 9:
            sentence = say.ZIP_ONE_DIGIT if len(found) == 1 else say.ZIP_DIGITS
            return self._fault(field, str(sentence).format(value=found, count=say.COUNTED[len(found)]))
        return self._fault(field, str(say.ZIP_SHAPE).format(value=found))

    def _phone(self, field: str) -> str:
        found = self.text(field).rstrip(".")
        if not found:
            return ""
        return phone_number(found) or self._fault(field, str(say.PHONE).format(value=found))

    def _value(self, field: str) -> Any:
        group, _, name = field.rpartition(".")
        if not group:
            return self._told.get(field)
        inside = self._told.get(group)
        if inside is None:
            self._faults.setdefault(group, say.NEEDED[group])
            return None
        if not isinstance(inside, Mapping):
            self._faults.setdefault(group, say.NOT_A_GROUP)
            return None
        return inside.get(name)

    def _is_group_at_fault(self, field: str) -> bool:
        return field.rpartition(".")[0] in self._faults

    def _fault(self, field: str, sentence: Words) -> str:
        self._faults.setdefault(field, sentence)
        return ""


def _states_of(postal_code: str) -> set[str]:
    return {place.state for place in places_of(postal_code[:5])}


def _lines(text: str) -> str:
    """Line breaks of every kind as one, tabs as spaces, no more than one empty line, none at the ends."""
    unified = re.sub(r"\r\n?|\u2028|\u2029", "\n", text).replace("\t", " ")
    return re.sub(r"\n{3,}", "\n\n", unified).strip()


def _tame(text: str) -> str:
    """What a one-line field turns into a space: line breaks and tabs that a paste brings along."""
    return re.sub(r"[\t\r\n\u2028\u2029]+", " ", text)


def _is_unprintable(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in TURNS_TEXT_AROUND
