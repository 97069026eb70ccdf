"""What a purchase must say: every fault named beside its field, all at once, and nothing refused for its form."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidspetite.journeys.checkout.errors import PurchaseInvalid
from kidspetite.journeys.checkout.rules import STATES, state_code, validate_purchase, zip_note
from tests.factories.checkout import ADDRESS, told


def faults(sent: Any) -> dict[str, str]:
    with pytest.raises(PurchaseInvalid) as refused:
        validate_purchase(sent)
    return {error.field: str(error.message) for error in refused.value.errors}


def with_address(**changes: Any) -> dict[str, Any]:
    return told(shipping_address=ADDRESS | changes)


def test_what_is_good_comes_out_tidy():
    purchase = validate_purchase(
        told(
            email="  Maya@HOME.example ",
            shipping_address=ADDRESS | {"state": "new york", "postal_code": "11201 4321", "name": " Maya\tAlvarez "},
            gift_message="  Dear Leo,\r\nsleep well.  ",
            expected_total_cents=4210,
        ),
        customer_id=7,
    )
    assert purchase.email == "Maya@home.example"
    assert (purchase.ship_to.state, purchase.ship_to.postal_code) == ("NY", "11201-4321")
    assert purchase.ship_to.name == "Maya Alvarez"
    assert purchase.ship_to.phone == "+17185550134"
    assert purchase.gift_message == "Dear Leo,\nsleep well."
    assert (purchase.expected_total_cents, purchase.customer_id) == (4210, 7)
    assert (purchase.provider, purchase.token, purchase.promo_code) == ("sandbox", "tok_visa", "")


def test_everything_missing_is_told_at_once():
    assert set(faults({})) == {"email", "shipping_address", "shipping_method", "payment"}
    inside = faults(told(shipping_address={}, payment={}))
    assert set(inside) == {
        *(f"shipping_address.{name}" for name in ("name", "line1", "city", "state", "postal_code")),
        "payment.provider",
        "payment.token",
    }


@pytest.mark.parametrize(
    ("postal_code", "sentence"),
    [
        ("9410", "ZIP 9410 has four digits. A US ZIP has five."),
        ("941077", "ZIP 941077 has six digits. A US ZIP has five."),
        ("9", "ZIP 9 has one digit. A US ZIP has five."),
        ("SW1A 1AA", "“SW1A 1AA” is not a ZIP. A US ZIP has five digits, such as 94107."),
        ("9410A", "“9410A” is not a ZIP. A US ZIP has five digits, such as 94107."),
        ("٩٤١٠٧", "“٩٤١٠٧” is not a ZIP. A US ZIP has five digits, such as 94107."),
    ],
)
def test_a_zip_is_told_what_is_wrong_with_it(postal_code, sentence):
    assert faults(with_address(postal_code=postal_code)) == {"shipping_address.postal_code": sentence}


@pytest.mark.parametrize("field", ["email", "shipping_method", "gift_message", "promo_code"])
@pytest.mark.parametrize("poison", ["a\0b", "a\x1bb", "a\x7fb", "a\ud800b", "a\u202eb"])
def test_characters_nobody_can_print_are_refused(field, poison):
    assert "invisible character" in faults(told(**{field: poison}))[field]


@pytest.mark.parametrize("value", [5, True, ["x"], {"a": 1}, 1.5])
def test_what_is_not_text_is_refused(value):
    assert faults(told(email=value))["email"] == "This must be text."
    assert faults(with_address(city=value))["shipping_address.city"] == "This must be text."


@pytest.mark.parametrize("value", ["4210", 42.1, True, -1, 10**30, float("nan")])
def test_an_expected_total_is_whole_cents(value):
    assert "whole number of cents" in faults(told(expected_total_cents=value))["expected_total_cents"]


@pytest.mark.parametrize(
    "email", ["maya", "maya@", "@home.example", "a b@home.example", "a@b", "a..b@home.example", "a@-home.example",
              "x" * 65 + "@home.example", "maya@home.example,leo@home.example", "maya@home.example\nBcc: all@x.example"]
)  # fmt: skip
def test_addresses_no_letter_reaches(email):
    assert set(faults(told(email=email))) == {"email"}


@pytest.mark.parametrize("email", ["m+shop@home.example", "o'neil@home.example", "M.A@sub.home.example", "a@b.co"])
def test_addresses_that_are_fine(email):
    assert validate_purchase(told(email=email)).email == email


def test_too_long_says_how_much_room_there_is():
    assert faults(told(gift_message="x" * 301)) == {"gift_message": "That is 301 characters. There is room for 300."}
    assert validate_purchase(told(gift_message="x" * 300)).gift_message == "x" * 300
    assert "shipping_address.name" in faults(with_address(name="x" * 121))


def test_groups_must_be_groups():
    assert faults(told(shipping_address="12 Fern Street"))["shipping_address"] == "This must be a group of fields."
    assert faults(told(payment=["tok_visa"]))["payment"] == "This must be a group of fields."


def test_states_by_name_or_letters():
    assert [state_code(text) for text in ("ca", "California", " new  york ", "Puerto Rico", "Washington, D.C.")] == [
        "CA", "CA", "NY", "PR", "DC",
    ]  # fmt: skip
    assert state_code("Bavaria") is None
    assert "Bavaria" in faults(with_address(state="Bavaria"))["shipping_address.state"]
    assert all(state_code(name) == code for code, name in STATES.items())


def test_another_country_is_told_where_we_send():
    assert set(faults(with_address(country="DE"))) == {"shipping_address.country"}
    assert validate_purchase(with_address(country="United States")).ship_to.country == "US"


def test_a_zip_in_another_state_is_accepted_with_a_note():
    assert validate_purchase(with_address(postal_code="94107")).ship_to.note == "zip_state_mismatch"
    assert validate_purchase(with_address(postal_code="00000")).ship_to.note == "zip_unknown"
    assert validate_purchase(with_address()).ship_to.note == ""
    assert zip_note("09012", "AE") == ""
    assert zip_note("٩٤١٠٧", "CA") == "zip_unknown"


@pytest.mark.parametrize(
    ("phone", "is_fine"), [("", True), ("+1 718 555 0134", True), ("12", False), ("call me", False)]
)
def test_a_phone_is_optional_but_must_ring(phone, is_fine):
    if is_fine:
        validate_purchase(with_address(phone=phone))
    else:
        assert set(faults(with_address(phone=phone))) == {"shipping_address.phone"}


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
anything = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=9), scalars, max_size=3)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sent=st.dictionaries(st.sampled_from([*told(), "x"]), anything))
def test_whatever_is_sent_is_refused_with_words_beside_fields(sent):
    found = faults(sent)  # `payment` alone has two texts of its own; no random dictionary guesses them
    assert found
    assert all(found.values())
