"""Which addresses are kept, and under which key: what really changes a page, in one order, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import QueryDict

from kidspetite.goods.catalog.types import Filters

LONGEST = 400
SLUG = r"[-a-zA-Z0-9_]{1,100}"
# Marks that advertisers add to our addresses. No page reads them, so they lead to the page without them.
ADVERTISERS = re.compile(r"utm_[a-z]+|gclid|gbraid|wbraid|fbclid|msclkid|ttclid|mc_cid|mc_eid")
# Filters.from_query reads these; `q` is left out on purpose: free words are as many as there are shoppers.
OF_A_LIST = frozenset(
    "category collection size colour season price price_from price_to in_stock sort page".split()  # noqa: SIM905 - as read
)
A_WORD = re.compile(r"[-A-Za-z0-9_.]{1,40}")


def key_of(path: str, query: str) -> str | None:
    """The path with its meaningful parameters, as the page is asked for and stored; None for what is not kept.

    Two addresses have one key exactly when they show one page. A parameter nobody knows is not kept: Django answers.
    """
    if len(path) + len(query) > LONGEST:
        return None
    read = next((reader for pattern, reader in KEPT if pattern.fullmatch(path)), None)
    if read is None:
        return None
    given = QueryDict(query, mutable=True)
    for name in [name for name in given if ADVERTISERS.fullmatch(name)]:
        del given[name]
    meant = read(given)
    if meant is None:
        return None
    return f"{path}?{meant}" if meant else path


def _nothing(given: QueryDict) -> str | None:
    return None if given else ""


def _list(given: QueryDict) -> str | None:
    if not OF_A_LIST.issuperset(given):
        return None
    page = given.get("page", "1")
    if not (page.isascii() and page.isdecimal() and len(page) < 6):
        return None
    return Filters.from_query(given).query(page=int(page))


def _product(given: QueryDict) -> str | None:
    """A variant or a colour, whichever the page looks at first."""
    if not {"variant", "colour"}.issuperset(given):
        return None
    words = {name: given.get(name, "") for name in ("variant", "colour") if given.get(name)}
    if not all(A_WORD.fullmatch(word) for word in words.values()):
        return None
    return "&".join(f"{name}={word}" for name, word in words.items())


KEPT: tuple[tuple[re.Pattern[str], Callable[[QueryDict], str | None]], ...] = (
    (re.compile(rf"/products|/category/{SLUG}|/collection/{SLUG}"), _list),
    (re.compile(rf"/products/{SLUG}"), _product),
    (re.compile(rf"/|/size-guide|/offline|/pages/{SLUG}|/robots\.txt|/sitemap\.xml|/site\.webmanifest"), _nothing),
)
