"""Codes and promotions on pages, as a shopper without script meets them."""

import re

import pytest
from django.test import Client

from kidspetite.faces.storefront import promoting
from kidspetite.goods.pricing import operations as pricing
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from tests.factories.catalog import a_collection, a_product
from tests.factories.checkout import ADDRESS, a_selling_shop, a_stocked_variant
from tests.factories.inventory import put_on_shelf
from tests.factories.promotions import a_code, a_promotion

pytestmark = pytest.mark.django_db(transaction=True)

SHIPPING = {**{name: ADDRESS[name] for name in ("name", "line1", "city", "state", "postal_code")},
            "email": "maya@home.example", "shipping_method": "standard"}  # fmt: skip


@pytest.fixture
def shopper() -> Client:
    """Somebody with one piece of $100.00 in the basket."""
    a_selling_shop()
    client = Client()
    client.post("/cart/items", {"sku": a_stocked_variant(price=100_00).sku, "quantity": "1"})
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_code_is_typed_used_shown_and_taken_off(shopper):
    a_code("SPRING10", name="Spring")
    shown = shopper.post("/cart/promo-code", {"code": " spring-10 "}, follow=True)
    assert "Spring SPRING10 −$10.00" in text_of(shown)
    assert "SPRING10 saves $10.00." in text_of(shown)
    assert "Now $90.00 was $100.00" in text_of(shown)
    assert Cart.objects.get().promo_codes == ["SPRING10"]
    gone = shopper.post("/cart/promo-code/removal", {"code": "SPRING10"}, follow=True)
    assert "−$10.00" not in text_of(gone)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the code as it stands in the letter or on the card."),
        ("SPRING%", "A code has letters, digits and hyphens; “%” is none of them."),
        ("x" * 60, "That is too long for a code."),
        ("NOSUCH", "We do not know that code, or it does not apply here."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(shopper, typed, words):
    refused = shopper.post("/cart/promo-code", {"code": typed})
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert f'value="{typed}"' in refused.content.decode()
    part = shopper.post("/cart/promo-code", {"code": typed}, headers={"HX-Request": "true"})
    assert words in text_of(part)
    assert "<html" not in part.content.decode()


def test_in_the_drawer_the_drawer_is_answered(shopper):
    a_code("SPRING10")
    drawer = {"HX-Request": "true", "HX-Target": "basket-drawer-body"}
    part = shopper.post("/cart/promo-code", {"code": "SPRING10"}, headers=drawer)
    assert "SPRING10 saves $10.00." in text_of(part)
    assert 'hx-target="#basket-drawer-body"' in part.content.decode()


def test_a_code_in_checkout_comes_back_to_the_step_it_was_typed_in(shopper):
    a_code("SPRING10", name="Spring")
    shopper.post("/checkout/shipping", SHIPPING)
    wrong = shopper.post("/checkout/promo-code", {"code": "NOSUCH", "back": "/checkout/payment"})
    assert (wrong.status_code, wrong["Location"]) == (302, "/checkout/payment")
    assert "We do not know that code" in text_of(shopper.get("/checkout/payment"))
    assert "We do not know that code" not in text_of(shopper.get("/checkout/payment")), "said once"
    used = shopper.post("/checkout/promo-code", {"code": "spring10", "back": "//evil.example"}, follow=True)
    assert used.redirect_chain[-1][0] == "/checkout/shipping"
    assert "SPRING10 saves $10.00." in text_of(used)


def test_a_whole_purchase_with_a_code_shows_its_name_on_every_sheet(shopper):
    a_code("SPRING10", name="Spring")
    shopper.post("/cart/promo-code", {"code": "SPRING10"})
    shopper.post("/checkout/shipping", SHIPPING)
    card = {"card_number": "4242424242424242", "card_expiry": "12/30", "card_code": "123"}
    review = shopper.post("/checkout/payment", card, follow=True)
    assert "Spring -$10.00" in text_of(review)
    fields = dict(re.findall(r'name="(attempt|expected_total_cents)" value="([^"]+)"', review.content.decode()))
    done = shopper.post("/checkout/review", fields, follow=True)
    assert "Spring -$10.00" in text_of(done)
    assert Order.objects.get().discount_minor == 10_00


def test_with_nothing_to_pay_no_card_is_asked_for(shopper):
    a_code("GIFT", percent=100)
    a_code("SHIP", kind="free_shipping", percent=None)
    for code in ("GIFT", "SHIP"):
        shopper.post("/cart/promo-code", {"code": code})
    review = shopper.post("/checkout/shipping", SHIPPING, follow=True)
    assert review.redirect_chain[-1][0] == "/checkout/review"
    assert "Order it: nothing to pay" in text_of(review)
    fields = dict(re.findall(r'name="(attempt|expected_total_cents)" value="([^"]+)"', review.content.decode()))
    shopper.post("/checkout/review", fields)
    order = Order.objects.get()
    assert (order.status, order.total_minor) == ("paid", 0)


def test_a_code_that_died_is_told_in_the_basket_and_the_total_is_true(shopper):
    code = a_code("SPRING10")
    shopper.post("/cart/promo-code", {"code": "SPRING10"})
    pricing.stop_promotion(code.promotion_id, by="test")
    shown = text_of(shopper.get("/cart"))
    assert "SPRING10 does not work any more." in shown
    assert "−$10.00" not in shown


def test_a_sentence_stands_on_top_and_beside_the_prices_it_is_about_while_it_runs(client):
    hat, body = a_product("Sun hat", category="hats"), a_product("Fern bodysuit")
    row = a_promotion(sentence="Hats: a third off.", needs_code=False, categories=[hat.category])
    promoting.forget()
    bar, beside = (
        'aria-label="Just now"><p>Hats: a third off.</p>',
        '<p class="promo-words small">Hats: a third off.</p>',
    )
    pages = {
        path: client.get(path).content.decode() for path in ("/", f"/products/{hat.slug}", f"/products/{body.slug}")
    }
    assert all(bar in page for page in pages.values())
    assert [beside in page for page in pages.values()] == [False, True, False]
    pricing.stop_promotion(row.pk, by="test")
    promoting.forget()
    assert bar not in client.get("/").content.decode()


@pytest.mark.usefixtures("goods_kept")
def test_on_cards_and_in_the_basket_it_stands_only_beside_the_goods_it_names(client, django_assert_max_num_queries):
    a_selling_shop()
    hat, body, sock = a_product("Sun hat", category="hats"), a_product("Fern bodysuit"), a_product("Plain sock")
    spring = a_collection("Spring", (body,))
    for style in (hat, body, sock):
        variant = style.variants.first()
        put_on_shelf(variant, 5)
        client.post("/cart/items", {"sku": variant.sku, "quantity": "1"})
    a_promotion(sentence="Hats: a third off.", needs_code=False, categories=[hat.category])
    a_promotion(sentence="Spring goes at half.", needs_code=False, collections=[spring])
    a_promotion(sentence="Ten for everything.", needs_code=False)
    promoting.forget()
    client.get("/products")
    with django_assert_max_num_queries(4):
        cards = beside_names(client.get("/products", {"sort": "price"}), "article")
    assert cards == {"Sun hat": "Hats: a third off.", "Fern bodysuit": "Spring goes at half.", "Plain sock": ""}
    assert beside_names(client.get("/search", {"q": "hat"}), "article") == {"Sun hat": "Hats: a third off."}
    lines = beside_names(client.get("/cart"), "li", having="basket-line")
    assert lines == {"Sun hat": "Hats: a third off.", "Fern bodysuit": "Spring goes at half.", "Plain sock": ""}


def beside_names(response, tag: str, *, having: str = "card") -> dict[str, str]:
    """By name of a product, the sentence of a promotion in its card or line."""
    found = {}
    for part in re.findall(rf'<{tag} class="{having}.*?</{tag}>', response.content.decode(), re.S):
        name = re.search(r'<a href="/products/[^"]*">([^<]+)</a>', part)
        words = re.search(r'<p class="[^"]*promo-words[^"]*">([^<]+)</p>', part)
        found[name[1]] = words[1] if words else ""
    return found
