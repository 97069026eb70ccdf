"""Who can sign in to the demo shop: `seed` makes these people, `up` prints those that are there."""

from dataclasses import dataclass

import psycopg

PASSWORD = "measure-twice-cut-once"  # noqa: S105 - printed at every start, for demo data only


@dataclass(frozen=True)
class DemoLogin:
    role: str
    name: str
    email: str
    password: str = PASSWORD


CUSTOMER = DemoLogin("Customer", "Robin Parent", "robin@kidspetite.example")
STAFF = (
    DemoLogin("Owner", "Olive Owner", "owner@kidspetite.example"),
    DemoLogin("Fulfilment", "Fern Packer", "fulfilment@kidspetite.example"),
    DemoLogin("Support", "Sage Helper", "support@kidspetite.example"),
    DemoLogin("Catalogue", "Clover Buyer", "catalogue@kidspetite.example"),
    DemoLogin("Marketing", "Maple Writer", "marketing@kidspetite.example"),
    DemoLogin("Read-only", "Reed Reader", "readonly@kidspetite.example"),
)
DEMO_LOGINS = (CUSTOMER, *STAFF)


def demo_login_lines(address: str) -> list[str]:
    """What to print about the demo people that are in this database."""
    emails = [login.email for login in DEMO_LOGINS]
    with psycopg.connect(address) as database:
        present = {
            row[0] for row in database.execute("SELECT email FROM accounts_user WHERE email = ANY(%s)", [emails])
        }
    lines = [f"  {login.role:<12}{login.email:<34}{login.password}" for login in DEMO_LOGINS if login.email in present]
    return ["Demo logins (shop: /sign-in, back office: /admin):", *lines] if lines else []
