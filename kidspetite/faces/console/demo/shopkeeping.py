"""The demo shop apart from its goods: settings, people, pages and the words of the home page."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kidspetite.faces.console.demo.rows import DemoDataError, check_unique, read_document, read_rows

FOLDER = Path(__file__).parent

# What a page may ask of the shop's settings, as {{shop.name}}.
PLACEHOLDERS = frozenset({"name", "email", "phone", "postal_address", "return_days", "free_shipping_from", "cutoff"})

_STATE = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"\d{5}")
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")


class Role(StrEnum):
    OWNER = "Owner"
    FULFILMENT = "Fulfilment"
    SUPPORT = "Support"
    CATALOGUE = "Catalogue"
    MARKETING = "Marketing"
    READ_ONLY = "Read-only"


@dataclass(frozen=True, slots=True)
class Holiday:
    date: date
    name: str


@dataclass(frozen=True, slots=True)
class Shop:
    """The settings the owner would fill in on the first day."""

    name: str
    email: str
    phone: str
    postal_address: tuple[str, ...]
    return_days: int
    free_shipping_from_cents: int
    time_zone: str
    handling_days: int
    cutoff_hour: int
    collects_tax_in: tuple[str, ...]
    holiday: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class StaffMember:
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    line1: str
    city: str
    state: str
    postal_code: str
    line2: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    height_cm: int


@dataclass(frozen=True, slots=True)
class Customer:
    email: str
    name: str
    addresses: tuple[Address, ...]
    phone: str | None = None
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Everyone who can sign in to the demo, with one documented password."""

    password: str
    staff: tuple[StaffMember, ...]
    customer: tuple[Customer, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of Markdown whose {{shop.…}} placeholders are filled from the settings when it is shown."""

    slug: str
    title: str
    description: str
    body: str


@dataclass(frozen=True, slots=True)
class HomeFact:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Home:
    """The words of the home page outside its collections."""

    heading: str
    sub: str
    gift_button: str
    registry_title: str
    registry_text: str
    registry_button: str
    fact: tuple[HomeFact, ...]


def load_shop(folder: Path = FOLDER) -> Shop:
    """The demo settings. Refuses an unknown time zone, impossible numbers, and a state or holiday named twice."""
    shop = read_document(folder / "shop.toml", Shop)
    try:
        ZoneInfo(shop.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DemoDataError(f"shop.toml: time_zone {shop.time_zone!r} is unknown") from error
    for key, highest in (
        ("return_days", 365),
        ("free_shipping_from_cents", 100_000),
        ("handling_days", 10),
        ("cutoff_hour", 23),
    ):
        if not 0 <= getattr(shop, key) <= highest:
            raise DemoDataError(f"shop.toml: {key} runs from 0 to {highest}, not {getattr(shop, key)}")
    _check_example_mail("shop.toml", shop.email)
    check_unique("shop.toml, collects_tax_in", shop.collects_tax_in)
    for state in shop.collects_tax_in:
        if not _STATE.fullmatch(state):
            raise DemoDataError(f"shop.toml, collects_tax_in: {state!r} is no two-letter state")
    check_unique("shop.toml, holiday", (str(holiday.date) for holiday in shop.holiday))
    return shop


def load_people(folder: Path = FOLDER) -> People:
    """The demo logins. Refuses real mail domains, mails used twice, a role without a login and a malformed ZIP."""
    people = read_document(folder / "people.toml", People)
    everyone = [member.email for member in people.staff] + [customer.email for customer in people.customer]
    check_unique("people.toml, email", everyone)
    for email in everyone:
        _check_example_mail("people.toml", email)
    if absent := set(Role) - {member.role for member in people.staff}:
        raise DemoDataError(f"people.toml: nobody signs in as {min(absent)}")
    for customer in people.customer:
        for address in customer.addresses:
            if not _ZIP.fullmatch(address.postal_code) or not _STATE.fullmatch(address.state):
                raise DemoDataError(
                    f"people.toml: {customer.email}: {address.state} {address.postal_code} is no address"
                )
    return people


def load_pages(folder: Path = FOLDER) -> tuple[Page, ...]:
    """The static pages. Refuses a slug used twice and a placeholder that no setting fills."""
    pages = read_rows(folder / "pages.toml", "page", Page)
    check_unique("pages.toml, slug", (page.slug for page in pages))
    for page in pages:
        _check_placeholders(f"pages.toml: page {page.slug}", page.body)
    return pages


def load_home(folder: Path = FOLDER) -> Home:
    """The words of the home page. Refuses a placeholder that no setting fills."""
    home = read_document(folder / "home.toml", Home)
    for fact in home.fact:
        _check_placeholders(f"home.toml: fact {fact.title}", fact.text)
    return home


def _check_placeholders(where: str, text: str) -> None:
    for found in _PLACEHOLDER.findall(text):
        room, _, setting = found.partition(".")
        if room != "shop" or setting not in PLACEHOLDERS:
            known = ", ".join(f"shop.{name}" for name in sorted(PLACEHOLDERS))
            raise DemoDataError(f"{where}: placeholder {found!r} is unknown, known are {known}")


def _check_example_mail(where: str, email: str) -> None:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.example", email):
        raise DemoDataError(f"{where}: {email!r} does not end in .example")
