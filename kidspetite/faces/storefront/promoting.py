"""What the shop says about its running promotions: a bar on every page, a sentence beside the prices it is about."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.shelf_life import holds_until
from kidspetite.foundation.ui.types import Card
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import ProductView
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.types import Goods, Sentence

KEPT_SECONDS = 2
"""Pages are told of every change twice, the second time a minute later; a page that is made in the meantime may be this
late, and spares every uncached page a question."""


@dataclass
class _Memory:
    sentences: tuple[Sentence, ...] = ()
    until: float = 0.0


_memory = _Memory()
_one_at_a_time = threading.Lock()


def sentences() -> tuple[Sentence, ...]:
    """The sentences of the promotions that run now, the newest first."""
    now = clock.now()
    if now.timestamp() >= _memory.until or any(one.ends and one.ends <= now for one in _memory.sentences):
        with _one_at_a_time:
            _memory.sentences, _memory.until = tuple(pricing.sentences(now)), now.timestamp() + KEPT_SECONDS
    holds_until(min((one.ends for one in _memory.sentences if one.ends), default=None))
    return _memory.sentences


def forget() -> None:
    """Ask anew, as after a change in this process."""
    _memory.until = 0.0


def bar() -> str:
    """The sentence on top of the page; empty when nothing runs."""
    return next((one.words for one in sentences()), "")


def about(product: ProductView) -> str:
    """The sentence beside a product's price: of the newest promotion that is about it."""
    return next((one.words for one in sentences() if _is_about(one.goods, product)), "")


def beside(product_ids: Collection[int]) -> dict[int, str]:
    """For a list or a basket: by product, the newest sentence that is about some goods and it among them. What is about
    all goods stands on top of the page already, and would only repeat itself on every card."""
    found: dict[int, str] = {}
    for one in sentences():
        goods = one.goods
        if not goods.are_all:
            meant = goods.products.intersection(product_ids) | catalog.hanging_in(
                product_ids, categories=goods.categories, collections=goods.collections
            )
            found = dict.fromkeys(meant, one.words) | found
    return found


def on_cards(cards: Sequence[Card]) -> tuple[Card, ...]:
    """The same cards; those that a sentence is about with it."""
    return on_rows([cards])[0]


def on_rows(rows: Sequence[Sequence[Card]]) -> list[tuple[Card, ...]]:
    """The same for several rows of one page."""
    said = beside({int(card.key) for cards in rows for card in cards}) if sentences() else {}
    if not said:
        return [tuple(cards) for cards in rows]
    return [
        tuple([_saying(card, said[int(card.key)]) if int(card.key) in said else card for card in cards])
        for cards in rows
    ]


@lru_cache(maxsize=2048)
def _saying(card: Card, words: str) -> Card:
    return replace(card, promotion=words)


def _is_about(goods: Goods, product: ProductView) -> bool:
    if goods.are_all or product.id in goods.products:
        return True
    if goods.categories and any(branch.slug in goods.categories for branch in product.category.path):
        return True
    return bool(goods.collections and catalog.hanging_in((product.id,), collections=goods.collections))
