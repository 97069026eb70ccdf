"""Somebody who walks through the shop's forms, so that a page can be measured as it is half-way through a purchase."""

from __future__ import annotations

import re
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

CUSTOMER, PASSWORD = "robin@kidspetite.example", "measure-twice-cut-once"  # of the demo goods

TYPED = {
    "email": "maya@home.example", "name": "Maya Alvarez", "line1": "12 Fern Street", "postal_code": "11201",
    "city": "Brooklyn", "state": "NY",
}  # fmt: skip
CARD = {"card_number": "4242424242424242", "card_expiry": "08/30", "card_code": "123"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PIECE = re.compile(r'name="sku" value="([^"]+)"(?![^>]*data-sold-out)')


class Visitor:
    """A browser without a screen: forms and cookies, nothing else."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))

    @property
    def cookies(self) -> list[dict[str, str]]:
        """As a browser takes them."""
        return [{"name": each.name, "value": each.value or "", "url": self.url} for each in self._jar]

    def look(self, path: str) -> str:
        return self._ask(Request(urljoin(self.url, path)))

    def send(self, path: str, fields: dict[str, str]) -> str:
        """Raises HTTPError when the shop refuses."""
        return self._ask(Request(urljoin(self.url, path), urlencode(fields).encode(), {"Origin": self.url}))

    def first_products(self, number: int) -> list[str]:
        return list(dict.fromkeys(re.findall(r'href="(/products/[-\w]+)"', self.look("/products"))))[:number]

    def fill_basket(self) -> None:
        """Two pieces of two styles."""
        for path in self.first_products(2):
            (sku, *_) = PIECE.findall(self.look(path))
            self.send("/cart/items", {"sku": unescape(sku), "back": path})

    def give_address(self) -> None:
        self.send("/checkout/shipping", TYPED)

    def give_card(self) -> None:
        self.send("/checkout/payment", CARD)

    def buy(self) -> str:
        """The token of an order that is paid."""
        thanks = self.send("/checkout/review", dict(HIDDEN.findall(self.look("/checkout/review"))))
        found = re.search(r"/orders/([^\"/?#\s]+)", thanks)
        if not found:
            raise RuntimeError("The order was not taken.")
        return found[1]

    def sign_in(self) -> None:
        self.send("/sign-in", {"login": CUSTOMER, "password": PASSWORD})

    def _ask(self, request: Request) -> str:
        with self._opener.open(request, timeout=60) as answer:
            text: bytes = answer.read()
        return text.decode()
