"""Promotion codes on pages: the field, what was wrong with it, and a row for every code in the basket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.kernel.errors import DomainError, FieldError
from kidspetite.goods.pricing.errors import CodeUnknown
from kidspetite.goods.pricing.queries import explanation
from kidspetite.goods.pricing.rules.codes import code_key
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.types import BasketView
from kidspetite.sales.cart.models import Cart

TYPED = "code_typed"
LONGEST = 60


@dataclass(frozen=True)
class CodeRow:
    """A code in the basket, and what became of it."""

    code: str
    words: str
    counts: bool


def enter_code(request: HttpRequest, cart: Cart) -> Typed | None:
    """Put the code that was typed into the basket. Gives the field with what is wrong with it, or None."""
    typed = request.POST.get("code", "").strip()[:LONGEST]
    try:
        if not code_key(typed):
            return _wrong(typed, _how_codes_look(typed))
        checkout.use_code(cart, typed)
    except CodeUnknown as error:
        return _wrong(typed, _odd_letter(typed) or str(error.message))
    except DomainError as error:
        return _wrong(typed, str(error.message))
    return None


def keep_for_the_next_page(request: HttpRequest, field: Typed) -> None:
    """Checkout's forms answer with a redirect; what was typed and what is wrong with it is shown after it, once."""
    request.session[TYPED] = {"code": field.value("code"), "error": field.error("code")}


def code_context(request: HttpRequest, basket: BasketView | None, field: Typed | None = None) -> dict[str, Any]:
    """What `parts/codes.html` takes."""
    if field is None and (kept := request.session.pop(TYPED, None)):
        field = _wrong(kept["code"], kept["error"])
    return {"code_field": field or Typed({}), "code_rows": _rows(basket) if basket else []}


def _rows(basket: BasketView) -> list[CodeRow]:
    told = {verdict.code: verdict for verdict in basket.verdicts if verdict.code}
    return [
        CodeRow(code, explanation(told[code]), told[code].is_applied)
        if code in told
        else CodeRow(code, _("%(code)s does not work any more.") % {"code": code}, counts=False)
        for code in basket.promo_codes
    ]


def _wrong(typed: str, words: str) -> Typed:
    return Typed({"code": typed}, (FieldError("code", words),))


def _how_codes_look(typed: str) -> str:
    if not typed:
        return _("Type the code as it stands in the letter or on the card.")
    return _odd_letter(typed) or _("That is too long for a code.")


def _odd_letter(typed: str) -> str:
    """What is said of a letter that no code has; empty where there is none. It tells nothing of the codes there are."""
    odd = next((letter for letter in typed if not (letter.isascii() and letter.isalnum()) and letter not in " -."), "")
    return _("A code has letters, digits and hyphens; “%(odd)s” is none of them.") % {"odd": odd} if odd else ""
