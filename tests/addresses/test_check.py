"""What is said of an address, by the table that is always there and by Google, and that nobody waits for a dead one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.providers.google import GoogleAddresses
from kidspetite.foundation.accounts.providers.zip_table import ZipTable
from kidspetite.foundation.accounts.types import AddressVerdict, PostalAddress
from kidspetite.foundation.plumbing import wiring
from tests.fakes.google import KEY, FakeGoogle, fake_google

PORTLAND = PostalAddress("12 Harbour St", "", "Portland", "ME", "04101")


def place(line1: str, city: str, state: str, postal_code: str, line2: str = "") -> PostalAddress:
    return PostalAddress(line1, line2, city, state, postal_code)


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with fake_google() as fake:
        yield fake
        assert fake.judge.problems == []


@pytest.fixture
def wired(google: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> GoogleAddresses:
    checker = GoogleAddresses(key=KEY, address_base=google.url, places_base=google.url, timeout=0.3)
    was = wiring.provider
    chosen: Callable[..., Any] = lambda need, code=None: (  # noqa: E731 -- a patch of one line
        checker if need == "addresses" and code is None else was(need, code)
    )
    monkeypatch.setattr(wiring, "provider", chosen)
    monkeypatch.setattr(people, "_rests_until", 0.0)
    return checker


class TestTable:
    @pytest.mark.parametrize(
        ("address", "outcome", "notes"),
        [
            (place("123 Main St", "Brooklyn", "NY", "11201", "Apt 4B"), "verified", ()),
            (place("123 Main St", "brooklyn", "NY", "11201-1234"), "verified", ()),
            (place("9 Elm Ave", "Saint Paul", "MN", "55102"), "verified", ()),
            (place("9 Elm Ave", "St. Paul", "MN", "55102"), "verified", ()),
            (place("5 Av. Ashford", "San Juan", "PR", "00901"), "verified", ()),
            (place("PO Box 123", "Austin", "TX", "78701"), "verified", ("po_box",)),
            (place("P.O.  Box 9", "Austin", "TX", "78701"), "verified", ("po_box",)),
            (place("PSC 1234 Box 56", "APO", "AE", "09123"), "verified", ("military",)),
            (place("RR 2 Box 152", "Ames", "IA", "50010"), "verified", ("rural_route",)),
            (place("12 Elm St Apt", "Ames", "IA", "50010"), "unverified", ("apartment_missing",)),
            (place("12 Elm St", "Ames", "IA", "50010", "Suite"), "unverified", ("apartment_missing",)),
            (place("The old mill", "Ames", "IA", "50010"), "unverified", ("no_house_number",)),
            (place("12 Elm St", "Ames", "IA", "00000"), "unverified", ("zip_unknown",)),
            (place("12 Elm St", "Boston", "MA", "50010"), "unverified", ("zip_state_mismatch",)),
            (place("12 Elm St", "Ames", "MA", "50010"), "suggested", ("zip_state_mismatch",)),
            (place("12 Elm St", "Amse", "IA", "50010"), "suggested", ("city_mismatch",)),
            (place("CMR 402", "Berlin", "AE", "09123"), "suggested", ("military", "city_mismatch")),
        ],
    )
    def test_verdicts(self, address: PostalAddress, outcome: str, notes: tuple[str, ...]) -> None:
        verdict = ZipTable().check(address)
        assert (verdict.outcome, set(verdict.notes)) == (
            outcome,
            set(notes),
        )
        assert (verdict.suggestion is not None) == (outcome == "suggested")

    def test_the_better_address_is_the_post_offices(self) -> None:
        assert ZipTable().check(place("12 Elm St", "Amse", "IA", "50010")).suggestion == place(
            "12 Elm St", "Ames", "IA", "50010"
        )
        assert ZipTable().check(place("12 Elm St", "Ames", "MA", "50010")).suggestion == place(
            "12 Elm St", "Ames", "IA", "50010"
        )

    @pytest.mark.parametrize("typed", ["", "x", "５００１０", "50010\0", "\ud800", "5001"])
    def test_nothing_odd_upsets_it(self, typed: str) -> None:
        assert ZipTable().suggest(typed, session="") == ()


class TestGoogle:
    def test_a_house_it_knows(self, wired: GoogleAddresses) -> None:
        verdict = wired.check(PORTLAND)
        assert (verdict.outcome, verdict.suggestion, verdict.notes) == ("verified", None, ())

    def test_a_wrong_city_is_put_right(self, wired: GoogleAddresses) -> None:
        verdict = wired.check(place("12 Harbour Street", "Protland", "ME", "04101"))
        assert verdict.outcome == "suggested"
        assert verdict.suggestion == place("12 Harbour St", "Portland", "ME", "04101-1234")

    def test_a_house_of_flats_without_a_flat(self, wired: GoogleAddresses) -> None:
        verdict = wired.check(place("40 Mill Rd", "Ames", "IA", "50010"))
        assert (verdict.outcome, verdict.notes) == ("unverified", ("apartment_missing",))
        assert wired.check(place("40 Mill Rd", "Ames", "IA", "50010", "Apt 3")).outcome == "verified"

    def test_a_street_nobody_knows_is_no_refusal(self, wired: GoogleAddresses) -> None:
        verdict = wired.check(place("99 Nowhere Ln", "Ames", "IA", "50010"))
        assert (verdict.outcome, verdict.notes) == ("unverified", ("street_unknown",))

    def test_from_letters_to_an_address(self, wired: GoogleAddresses, google: FakeGoogle) -> None:
        (guess,) = wired.suggest("12 har", session="one")
        assert (guess.text, guess.detail, guess.address) == ("12 Harbour St", "Portland, ME", None)
        assert wired.place(guess.id, session="one") == PORTLAND
        assert [call[2].get("sessionToken") for call in google.calls if call[0] == "POST"] == ["one"]
        assert "sessionToken=one" in google.calls[-1][1]

    def test_a_zip_is_known_without_asking_google(self, wired: GoogleAddresses, google: FakeGoogle) -> None:
        (guess,) = people.suggest_addresses("50010", session="one")
        assert guess.address == place("", "Ames", "IA", "50010")
        assert google.calls == []

    def test_nothing_found_and_not_our_country(self, wired: GoogleAddresses) -> None:
        assert wired.suggest("zzz", session="one") == ()
        assert wired.place("rue_de_rivoli", session="one") is None


class TestDown:
    @pytest.mark.parametrize("mood", ["slow", "500", "429", "garbage", "list"])
    def test_the_table_answers_instead_and_nobody_waits_again(
        self, wired: GoogleAddresses, google: FakeGoogle, mood: str
    ) -> None:
        google.mood = mood
        verdicts: list[AddressVerdict] = [people.check_address(PORTLAND) for _ in range(3)]
        assert [(verdict.outcome, verdict.checked_by) for verdict in verdicts] == [("verified", "local")] * 3
        assert people.suggest_addresses("12 har", session="one") == ()
        assert people.address_of_place("12_harbour_st", session="one") is None
        assert len(google.calls) == 1

    def test_after_its_rest_it_is_asked_again(
        self, wired: GoogleAddresses, google: FakeGoogle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        google.mood = "500"
        people.check_address(PORTLAND)
        google.mood = ""
        later = time.monotonic() + people.RESTS + 1
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert people.check_address(PORTLAND).checked_by == "google"

    def test_a_wrong_key_is_a_checker_that_is_down(self, wired: GoogleAddresses, google: FakeGoogle) -> None:
        wired._validation.headers["X-Goog-Api-Key"] = "wrong"
        assert people.check_address(PORTLAND).checked_by == "local"
