"""A basket through the API: every call answers with the whole basket, every refusal leaves it as it was."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from kidspetite.foundation.plumbing import idempotency
from kidspetite.foundation.plumbing.models import IdempotencyRecord
from kidspetite.sales.cart.models import Cart, CartLine
from tests.api.conftest import fields_of
from tests.factories.catalog import a_product
from tests.factories.checkout import a_stocked_variant, told
from tests.factories.inventory import hold_for, put_on_shelf

pytestmark = pytest.mark.usefixtures("shop")

MEMBERS = {
    "token", "items", "promo_codes", "promotions", "subtotal_cents", "discount_cents", "shipping_cents", "tax_cents",
    "tax_is_estimate", "total_cents", "currency",
}  # fmt: skip
LINE = {
    "id", "sku", "name", "quantity", "unit_price_cents", "line_total_cents", "available", "held",
    "hold_expires_at", "hold_note",
}  # fmt: skip


def test_a_basket_from_opening_to_emptying(machine):
    variant = a_stocked_variant(10, price=1800)
    opened = machine.call("post", "cart")
    assert opened.status_code == 201
    assert set(opened.json()) == MEMBERS
    machine.token = opened.json()["token"]

    filled = machine.call("post", "cart/items", {"sku": variant.sku, "quantity": 2})
    assert filled.status_code == 201
    (line,) = filled.json()["items"]
    assert set(line) == LINE
    assert (line["quantity"], line["unit_price_cents"], line["line_total_cents"]) == (2, 1800, 3600)
    assert (line["available"], line["hold_expires_at"] is not None) == (10, True)

    again = machine.call("post", "cart/items", {"sku": variant.sku})
    assert [line["quantity"] for line in again.json()["items"]] == [3]

    changed = machine.call("patch", f"cart/items/{line['id']}", {"quantity": 1})
    assert (changed.status_code, changed.json()["subtotal_cents"]) == (200, 1800)

    emptied = machine.call("delete", f"cart/items/{line['id']}")
    assert (emptied.status_code, emptied.json()["items"]) == (200, [])
    assert machine.call("get", "cart").json() == emptied.json()


def test_quantity_zero_takes_the_line_out(machine):
    machine.opens_a_cart().puts_in(a_stocked_variant().sku)
    line = machine.call("get", "cart").json()["items"][0]
    assert machine.call("patch", f"cart/items/{line['id']}", {"quantity": 0}).json()["items"] == []


def test_a_basket_is_priced_for_where_it_goes(machine):
    machine.opens_a_cart().puts_in(a_stocked_variant(price=1800).sku)
    bare = machine.call("get", "cart").json()
    assert (bare["shipping_cents"], bare["tax_cents"], bare["total_cents"]) == (None, None, None)
    sent = machine.call("get", "cart?state=NY&postal_code=11201&shipping_method=express").json()
    assert sent["shipping_cents"] == 1500
    assert sent["tax_cents"] > 0
    assert sent["total_cents"] == sent["subtotal_cents"] + sent["shipping_cents"] + sent["tax_cents"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=ZZ", "state"),
        ("state=NY&postal_code=1", "postal_code"),
        ("state=NY&shipping_method=sledge", "shipping_method"),
        (f"state={'x' * 50}", "state"),
        ("postal_code=00000", "postal_code"),
        ("postal_code=ABCDE", "postal_code"),
        ("postal_code=1120", "postal_code"),
        ("state=NY&postal_code=00000", "postal_code"),
        ("state=NY&postal_code=94107", "postal_code"),
        ("state=ZZ&postal_code=94107", "state"),
    ],
)
def test_a_destination_that_cannot_be_is_named(machine, query, field):
    machine.opens_a_cart().puts_in(a_stocked_variant().sku)
    answer = machine.call("get", f"cart?{query}")
    assert answer.status_code == 422
    assert fields_of(answer) == [field]
    if "shipping_method" not in query:
        assert fields_of(machine.call("get", f"shipping/rates?{query}")) == [field]


@pytest.mark.parametrize("postal_code", ["11201", "11201-1234", "112011234", " 11201 "])
def test_a_zip_alone_is_enough(machine, postal_code):
    machine.opens_a_cart().puts_in(a_stocked_variant(price=1800).sku)
    for what in ("cart", "shipping/rates"):
        alone = machine.call("get", f"{what}?postal_code={postal_code}").json()
        assert alone == machine.call("get", f"{what}?state=NY&postal_code={postal_code}").json()
        assert alone == machine.call("get", f"{what}?state=new+york&postal_code={postal_code}").json()
    assert machine.call("get", f"cart?postal_code={postal_code}").json()["tax_cents"] > 0


def test_a_zip_of_the_other_state_says_where_it_lies(machine):
    (fault,) = machine.call("get", "shipping/rates?state=NY&postal_code=94107").json()["errors"]
    assert fault["message"] == "ZIP 94107 lies in CA, not in NY. Send the one that is right."


def test_a_wallets_address_is_priced_as_it_is(machine):
    """What a shopper keeps in a wallet may be newer than our list of ZIPs."""
    machine.opens_a_cart().puts_in(a_stocked_variant(price=1800).sku)
    queries = ("state=NY&postal_code=00000", "state=NY&postal_code=94107", "postal_code=11201", "state=NY")
    told = [machine.call("get", f"checkout/quote?{query}").json()["total_cents"] for query in queries]
    assert told == [1800 + 160 + 500] * 4
    assert fields_of(machine.call("get", "checkout/quote?postal_code=00000")) == ["postal_code"]


BAD_QUANTITIES = [-1, 0, 100, 10**9, 10**30, 1.5, 1.0, "2", "2 ", "", True, None, [1], {"n": 1}]


@pytest.mark.parametrize("quantity", BAD_QUANTITIES)
def test_a_quantity_that_cannot_be_names_its_field(machine, quantity):
    variant = a_stocked_variant()
    machine.opens_a_cart().puts_in(variant.sku)
    before = machine.call("get", "cart").json()
    added = machine.call("post", "cart/items", {"sku": variant.sku, "quantity": quantity})
    assert added.status_code == 422
    assert fields_of(added) == ["quantity"]
    if quantity != 0 or isinstance(quantity, bool):
        changed = machine.call("patch", f"cart/items/{before['items'][0]['id']}", {"quantity": quantity})
        assert changed.status_code == 422
        assert fields_of(changed) == ["quantity"]
    assert machine.call("get", "cart").json() == before


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["sku"]),
        ({"sku": ""}, ["sku"]),
        ({"sku": 5}, ["sku"]),
        ({"sku": "x" * 81}, ["sku"]),
        ({"sku": "A\0B"}, ["sku"]),
        ({"sku": "A-1", "price_cents": 1}, ["price_cents"]),
        ({"sku": "A-1", "quantity": 1, "total": 0, "is_staff": True}, ["total", "is_staff"]),
        ([], ["body"]),
        ("text", ["body"]),
        (5, ["body"]),
    ],
)
def test_a_body_of_another_shape_is_named(machine, body, fields):
    answer = machine.opens_a_cart().call("post", "cart/items", json.dumps(body))
    assert answer.status_code == 422
    assert fields_of(answer) == fields


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"sku": NaN}',
        b'{"sku": "a"} x',
        b"[" * 100_000,
        b'{"quantity": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_body_that_is_no_json_is_refused(machine, raw):
    answer = machine.opens_a_cart().call("post", "cart/items", raw)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_half_a_letter_is_named(machine):
    answer = machine.opens_a_cart().call("post", "cart/items", b'{"sku": "\\ud800"}')
    assert answer.status_code == 422
    assert fields_of(answer) == ["sku"]


def test_a_form_where_json_belongs_is_refused(machine):
    machine.opens_a_cart()
    for headers in ({}, {"Idempotency-Key": "k"}):
        answer = machine.http.post(
            "/api/cart/items", {"sku": "A-1"}, headers={"Authorization": f"Bearer {machine.token}", **headers}
        )
        assert answer.status_code == 400


def test_an_unknown_sku_is_named(machine):
    answer = machine.opens_a_cart().call("post", "cart/items", {"sku": "NO-SUCH", "quantity": 1})
    assert (answer.status_code, answer.json()["code"]) == (404, "catalog.unknown_sku")
    assert fields_of(answer) == ["sku"]


def test_more_than_is_free_is_refused_with_the_facts(machine):
    variant = a_stocked_variant(5)
    hold_for("cart:999999", variant, 2)
    machine.opens_a_cart().puts_in(variant.sku, 2)
    before = machine.call("get", "cart").json()
    answer = machine.call("post", "cart/items", {"sku": variant.sku, "quantity": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "inventory.out_of_stock")
    facts = answer.json()["facts"]
    assert (facts["sku"], facts["available"], facts["held"]) == (variant.sku, 3, 2)
    assert machine.call("get", "cart").json() == before


@pytest.mark.slow
def test_a_hundred_lines_and_no_more(machine):
    variants = list(a_product(sizes=tuple(f"s{number}" for number in range(101))).variants.all())
    for variant in variants:
        put_on_shelf(variant, 1)
    machine.opens_a_cart()
    cart = Cart.objects.get(token=machine.token)
    CartLine.objects.bulk_create(CartLine(cart=cart, variant=variant, quantity=1) for variant in variants[:99])
    machine.puts_in(variants[99].sku)
    answer = machine.call("post", "cart/items", {"sku": variants[100].sku})
    assert (answer.status_code, answer.json()["code"]) == (422, "cart.too_many_lines")
    assert len(machine.call("get", "cart").json()["items"]) == 100


@pytest.mark.parametrize("line_id", [0, 1, 10**18, 10**30, "x", "-1"])
def test_a_line_that_is_not_in_the_basket_is_not_found(machine, line_id):
    machine.opens_a_cart()
    assert machine.call("patch", f"cart/items/{line_id}", {"quantity": 1}).status_code == 404
    assert machine.call("delete", f"cart/items/{line_id}").status_code == 404


def test_nobody_reaches_into_another_basket(machine, machines):
    machine.opens_a_cart().puts_in(a_stocked_variant().sku)
    line = machine.call("get", "cart").json()["items"][0]
    stranger = machines().opens_a_cart()
    assert stranger.call("patch", f"cart/items/{line['id']}", {"quantity": 5}).status_code == 404
    assert stranger.call("delete", f"cart/items/{line['id']}").status_code == 404
    assert machine.call("get", "cart").json()["items"][0]["quantity"] == 1


@pytest.mark.parametrize("token", ["", "nonsense", "é", "x" * 3_000])
def test_without_a_basket_there_is_none(machine, token):
    machine.token = token
    for method, path in (
        ("get", "cart"),
        ("post", "cart/items"),
        ("delete", "cart/items/1"),
        ("delete", "cart/promo-code"),
    ):
        body = told() if path == "checkout" else {"sku": "A-1"} if method == "post" else None
        answer = machine.call(method, path, body, key="a key of a stranger")
        assert (answer.status_code, answer.json()["code"]) == (404, "cart.not_found")


def test_every_code_gets_the_same_answer(machine):
    machine.opens_a_cart()
    tried = [machine.call("post", "cart/promo-code", {"code": code}) for code in ("SPRING", "x", "' or 1=1")]
    assert {answer.status_code for answer in tried} == {422}
    assert len({answer.json()["detail"] for answer in tried}) == 1
    assert tried[0].json()["code"] == "pricing.code_unknown"
    assert fields_of(tried[0]) == ["code"]
    assert machine.call("delete", "cart/promo-code").json()["promo_codes"] == []


def test_ways_to_send_with_and_without_a_basket(machine):
    free = machine.call("get", "shipping/rates?state=NY").json()
    assert [(rate["method"], rate["price_cents"]) for rate in free["rates"]] == [("standard", 500), ("express", 1500)]
    assert machine.call("get", "shipping/rates").json()["rates"] == []
    machine.opens_a_cart().puts_in(a_stocked_variant(price=30_000).sku)
    rates = machine.call("get", "shipping/rates?state=new york").json()["rates"]
    assert (rates[0]["price_cents"], rates[0]["is_free_reason"]) == (0, "threshold")
    assert rates[0]["arrives_from"] <= rates[0]["arrives_to"]


# --- The session


def test_a_call_without_a_session_never_gets_one(machine):
    """It passed no origin check: a cookie in its answer could replace the session that the browser held back."""
    variant = a_stocked_variant()
    for method, path, body in (
        ("post", "cart", None),
        ("post", "cart/items", {"sku": variant.sku}),
        ("get", "cart", None),
        ("get", "products", None),
    ):
        answer = machine.call(method, path, body, Sec_Fetch_Site="cross-site")
        assert "Set-Cookie" not in answer
        assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_a_session_has_its_basket_and_needs_our_origin(machine, django_user_model):
    variant = a_stocked_variant()
    machine.http.force_login(django_user_model.objects.create(email="mia@mail.example"))
    body = {"sku": variant.sku}
    assert machine.call("post", "cart/items", body, Sec_Fetch_Site="cross-site").status_code == 403
    assert machine.call("post", "cart/items", body).status_code == 403
    put_in = machine.call("post", "cart/items", body, Sec_Fetch_Site="same-origin")
    assert put_in.status_code == 201
    assert machine.call("get", "cart").json()["token"] == put_in.json()["token"]
    same = machine.call("post", "cart", Sec_Fetch_Site="same-origin")
    assert same.json()["token"] == put_in.json()["token"]


def test_a_bearer_token_outranks_the_session(machine, machines, django_user_model):
    other = machines().opens_a_cart()
    machine.http.force_login(django_user_model.objects.create(email="mia@mail.example"))
    own = machine.call("post", "cart", Sec_Fetch_Site="same-origin").json()["token"]
    machine.token = other.token
    assert machine.call("get", "cart").json()["token"] == other.token != own


def test_a_line_past_the_cap_says_so_and_is_refused_nothing(machine, settings):
    settings.RATE_HOLD_PIECES = 3
    machine.opens_a_cart().puts_in(a_stocked_variant(10).sku)
    line = machine.call("get", "cart").json()["items"][0]
    answer = machine.call("patch", f"cart/items/{line['id']}", {"quantity": 5})
    (line,) = answer.json()["items"]
    assert (answer.status_code, line["quantity"], line["held"], line["hold_expires_at"]) == (200, 5, 3, None)
    assert "not set aside" in line["hold_note"]


def test_looking_again_holds_anew_what_has_lapsed(machine, pass_time):
    machine.opens_a_cart().puts_in(a_stocked_variant(10).sku)
    pass_time(hours=2)
    (line,) = machine.call("get", "cart").json()["items"]
    assert (line["held"], line["hold_note"]) == (1, None)


class TestAProcessThatDiesBeforeItAnswers:
    """What it did is committed, its answer is not stored; the client repeats the call with its key."""

    @pytest.fixture(autouse=True)
    def dies(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def die(*_: object, **__: object) -> None:
            monkeypatch.undo()
            IdempotencyRecord.objects.update(holder="")  # nobody is at it any more
            raise RuntimeError("killed")

        self.kill = lambda: monkeypatch.setattr(idempotency, "finish", die)

    def repeated(self, machine, method: str, path: str, body: object = None) -> dict:
        self.kill()
        assert machine.call(method, path, body, key="the-same-key").status_code == 500
        answer = machine.call(method, path, body, key="the-same-key")
        assert answer.status_code in {200, 201}
        assert machine.call(method, path, body, key="the-same-key").content == answer.content
        return answer.json()

    def test_pieces_are_put_in_once(self, machine):
        sku = a_stocked_variant(10).sku
        basket = self.repeated(machine.opens_a_cart(), "post", "cart/items", {"sku": sku, "quantity": 2})
        assert [line["quantity"] for line in basket["items"]] == [2]

    def test_a_line_is_taken_out_once(self, machine):
        machine.opens_a_cart().puts_in(a_stocked_variant(10).sku)
        line = CartLine.objects.get()
        assert self.repeated(machine, "delete", f"cart/items/{line.pk}")["items"] == []

    def test_a_line_is_changed_once(self, machine):
        machine.opens_a_cart().puts_in(a_stocked_variant(10).sku)
        line = CartLine.objects.get()
        assert self.repeated(machine, "patch", f"cart/items/{line.pk}", {"quantity": 0})["items"] == []

    def test_what_was_refused_is_tried_again(self, machine):
        variant = a_stocked_variant(1)
        machine.opens_a_cart()
        wanted = {"sku": variant.sku, "quantity": 2}
        assert machine.call("post", "cart/items", wanted, key="the-same-key").status_code == 409
        put_on_shelf(variant, 1)
        assert machine.call("post", "cart/items", wanted, key="the-same-key").status_code == 201
        assert CartLine.objects.get().quantity == 2
