"""A Stripe Tax of our own on a free port, and the shop wired to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.fakes.stripe_server import KEY, FakeStripe
from tests.fakes.stripe_tax import TaxLedger, fake_stripe_with_tax


class Office(NamedTuple):
    fake: FakeStripe
    ledger: TaxLedger

    @property
    def asked(self) -> int:
        """How many calculations were asked for."""
        return sum(path == "/v1/tax/calculations" for _method, path in self.fake.calls)


@pytest.fixture
def tax_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with fake_stripe_with_tax() as (fake, ledger):
        use_tax_office(monkeypatch, stripe_tax(fake))
        yield Office(fake, ledger)


@pytest.fixture
def impatient_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The same, given up on after a third of a second."""
    with fake_stripe_with_tax() as (fake, ledger):
        use_tax_office(monkeypatch, stripe_tax(fake, timeout=0.3))
        yield Office(fake, ledger)


def stripe_tax(fake: FakeStripe, *, timeout: float = 5.0, tax_code: str = "txcd_30011000") -> Any:
    from kidspetite.goods.pricing.providers.stripe_tax import StripeTax

    return StripeTax(secret_key=KEY, api_base=fake.url, tax_code=tax_code, timeout=timeout)


def use_tax_office(patch: pytest.MonkeyPatch, office: Any) -> None:
    from kidspetite.foundation.plumbing import wiring
    from kidspetite.goods.pricing.operations import taxing

    was, codes = wiring.provider, wiring.codes
    patch.setattr(wiring, "codes", lambda need: ["stripe"] if need == "tax" else codes(need))
    provider: Callable[..., Any] = lambda need, code=None: office if need == "tax" else was(need, code)  # noqa: E731
    patch.setattr(wiring, "provider", provider)
    patch.setattr(taxing, "_next_try", 0.0)
