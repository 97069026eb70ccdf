"""Who can sign in to the demo shop: `seed` makes these people, `up` prints those that are there."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import psycopg

PEOPLE = tomllib.loads((Path(__file__).parent / "demo" / "people.toml").read_text())


@dataclass(frozen=True)
class DemoLogin:
    role: str
    name: str
    email: str
    password: str


def _login(person: dict[str, str], role: str) -> DemoLogin:
    return DemoLogin(role, person["name"], person["email"], PEOPLE["password"])


DEMO_LOGINS = (
    _login(PEOPLE["customer"][0], "Customer"),
    *(_login(person, person["role"]) for person in PEOPLE["staff"]),
)


def demo_login_lines(address: str) -> list[str]:
    """What to print about the demo people that are in this database; nothing once they are gone."""
    emails = [login.email for login in DEMO_LOGINS]
    with psycopg.connect(address) as database:
        rows = database.execute("SELECT email FROM accounts_user WHERE email = ANY(%s)", [emails])
        present = {row[0] for row in rows}
    lines = [f"  {login.role:<12}{login.email:<34}{login.password}" for login in DEMO_LOGINS if login.email in present]
    return ["Demo logins (shop: /sign-in, back office: /admin):", *lines] if lines else []


def first_owner_lines(address: str) -> list[str]:
    """How the first owner comes to be, while nobody works here."""
    with psycopg.connect(address) as database:
        anybody = database.execute("SELECT 1 FROM accounts_user WHERE is_staff LIMIT 1").fetchone()
    return [] if anybody else ["Nobody works here yet: ./shop createsuperuser makes the first owner of /admin."]
