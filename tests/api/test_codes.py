"""Promotion codes over the API: put in, tried, taken off, bought with; and never an oracle."""

import pytest

from kidspetite.config.env import Rate
from tests.factories.checkout import a_stocked_variant, told
from tests.factories.promotions import a_code

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def filled(machine):
    return machine.opens_a_cart().puts_in(a_stocked_variant(price=18_00).sku, 2)


def test_a_code_lowers_the_cart_and_is_taken_off_again(filled):
    a_code("SPRING10", name="Spring")
    cart = filled.call("post", "cart/promo-code", {"code": " spring-10 "}).json()
    assert (cart["promo_codes"], cart["subtotal_cents"], cart["discount_cents"]) == (["SPRING10"], 3600, 360)
    assert cart["promotions"] == [
        {
            "code": "SPRING10",
            "name": "Spring",
            "applied": True,
            "saves_cents": 360,
            "explanation": "SPRING10 saves $3.60.",
        }
    ]
    priced = filled.call("get", "cart?state=NY").json()
    parts = (priced[f"{part}_cents"] for part in ("subtotal", "shipping", "tax"))
    assert priced["total_cents"] == sum(parts) - priced["discount_cents"]
    assert filled.call("delete", "cart/promo-code?code=SPRING10").json()["discount_cents"] == 0


def test_trying_a_code_changes_nothing(filled):
    a_code("BIG", minimum_minor=100_00)
    tried = filled.call("post", "promo-code/validate", {"code": "big"})
    assert tried.status_code == 200
    assert tried.json() | {"name": ""} == {
        "valid": True, "code": "BIG", "name": "", "applied": False, "saves_cents": 0,
        "explanation": "BIG not applied yet: it counts from $64.00 more on.",
    }  # fmt: skip
    assert filled.call("get", "cart").json()["promo_codes"] == []


def test_a_code_can_be_tried_without_a_basket(machine):
    a_code("SPRING10")
    assert machine.call("post", "promo-code/validate", {"code": "SPRING10"}).json()["valid"] is True


def test_unknown_used_up_and_foreign_codes_answer_alike_everywhere(filled):
    a_code("USEDUP", limit=0)
    a_code("FOREIGN", only_for="noa@home.example")
    for path in ("cart/promo-code", "promo-code/validate"):
        answers = [filled.call("post", path, {"code": code}) for code in ("NOSUCH", "USEDUP", "FOREIGN")]
        told = [{**answer.json(), "request_id": ""} for answer in answers]
        assert {answer.status_code for answer in answers} == {422}
        assert told[0] == told[1] == told[2]
        assert told[0]["code"] == "pricing.code_unknown"


def test_codes_guessed_through_purchases_count_as_guesses(filled, settings):
    settings.RATE_LIMITS_ON = True
    settings.RATES = settings.RATES | {"codes": Rate(3, 60), "checkout": Rate(100, 60)}
    answers = [filled.buys(told(promo_code=f"GUESS{n}"), key=f"a key nobody else has {n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429, 429]
    assert filled.buys(told(), key="a key without a code in it").status_code == 201
