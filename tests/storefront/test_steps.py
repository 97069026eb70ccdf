"""The steps of checkout as a shopper meets them: few fields, each of which a browser can fill, and nothing lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.models import User
from kidspetite.journeys.checkout import rules
from kidspetite.sales.cart.models import Cart
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop, told

pytestmark = pytest.mark.django_db

TYPED = {"email": "maya@home.example", **{name: text for name, text in ADDRESS.items() if name != "country"}}
CARD = {"card_number": "4242424242424242", "card_expiry": "08/30", "card_code": "123"}


@pytest.fixture
def cart() -> Cart:
    a_selling_shop()
    return a_basket()


@pytest.fixture
def shopper(client: Client, cart: Cart) -> Client:
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def fields_of(page: str) -> dict[str, str]:
    """The open text fields by name: those that no closed disclosure hides."""
    seen = re.sub(r'<details class="disclosure[^"]*">.*?</details>', "", page, flags=re.S)
    inputs = re.findall(r'<input class="input[^>]*>', seen)
    return {re.search(r'name="([^"]+)"', each)[1]: each for each in inputs}


def test_the_default_way_has_few_fields_and_one_button_a_page(shopper: Client):
    page = shopper.get("/checkout/shipping").text
    assert set(fields_of(page)) == {"email", "name", "line1", "postal_code", "city", "phone"}
    assert 'type="number"' not in page
    assert "billing" not in page.lower()
    assert page.count("Use it") == 1


def test_every_field_can_be_filled_by_a_browser(shopper: Client):
    page = shopper.get("/checkout/shipping").text
    fields = fields_of(page)
    wanted = {
        "email": "email", "name": "shipping name", "line1": "shipping address-line1", "phone": "shipping tel",
        "postal_code": "shipping postal-code", "city": "shipping address-level2",
    }  # fmt: skip
    for name, words in wanted.items():
        assert f'autocomplete="{words}"' in fields[name]
        assert f'<label class="field-label" for="id_{name}"' in page
    assert 'type="email"' in fields["email"]
    assert 'type="tel"' in fields["phone"]
    assert 'inputmode="numeric"' in fields["postal_code"]
    assert 'autocomplete="shipping address-line2"' in page
    assert 'autocomplete="shipping address-level1"' in page


def test_a_fault_has_a_summary_that_takes_the_focus_and_links_to_its_field(shopper: Client):
    answer = shopper.post("/checkout/shipping", TYPED | {"postal_code": "9410", "city": ""})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    summary = re.search(r'<div class="form-errors" role="alert" tabindex="-1" autofocus>.*?</div>', answer.text, re.S)[
        0
    ]
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_city", "id_postal_code"]
    assert answer.text.count("ZIP 9410 has four digits") == 2
    assert 'value="maya@home.example"' in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("postal_code", " 11201. ", "11201"),
        ("postal_code", "11201 1234", "11201-1234"),
        ("phone", "(718) 555-0134.", "+17185550134"),
        ("phone", "718.555.0134", "+17185550134"),
        ("state", " new york ", "NY"),
    ],
)
def test_spaces_hyphens_case_and_trailing_dots_are_forgiven(field, typed, kept):
    purchase = rules.validate_purchase(told(shipping_address=ADDRESS | {field: typed}))
    assert getattr(purchase.ship_to, field) == kept


def test_a_finished_step_stays_as_one_line_with_a_way_back(shopper: Client):
    shopper.post("/checkout/shipping", TYPED)
    page = shopper.get("/checkout/payment").text
    assert re.search(r"To Maya Alvarez, 12 Fern Street, Brooklyn, NY <a href=\"/checkout/shipping\">Change", page)


def test_the_difference_of_a_total_is_told_and_nothing_is_charged(shopper: Client, cart: Cart):
    shopper.post("/checkout/shipping", TYPED)
    shopper.post("/checkout/payment", CARD)
    review = shopper.get("/checkout/review").text
    attempt = re.search(r'name="attempt" value="([^"]+)"', review)[1]
    shown = int(re.search(r'name="expected_total_cents" value="(\d+)"', review)[1])
    answer = shopper.post("/checkout/review", {"attempt": attempt, "expected_total_cents": str(shown - 310)})
    assert answer.status_code == 409
    assert "$3.10 more than the" in answer.text
    assert "Nothing was charged" in answer.text


def test_nobody_types_twice_what_their_account_knows(shopper: Client, cart: Cart):
    user = User.objects.create_user("maya@home.example", password="nine little ducks")
    people.save_address(user, TYPED)
    shopper.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    fields = fields_of(shopper.get("/checkout/shipping").text)
    assert 'value="maya@home.example"' in fields["email"]
    assert 'value="12 Fern Street"' in fields["line1"]


def test_whoever_comes_back_finds_basket_and_address_again(shopper: Client, cart: Cart):
    shopper.post("/checkout/shipping", TYPED)
    later = Client()
    later.cookies = shopper.cookies
    fields = fields_of(later.get("/checkout/shipping").text)
    assert 'value="12 Fern Street"' in fields["line1"]


def test_who_looks_again_is_given_no_cookie(shopper: Client):
    """A browser keeps no page for the way back whose answer changes cookies."""
    for path in ("/cart", "/checkout/shipping"):
        shopper.get(path)
        assert not shopper.get(path).cookies, path
