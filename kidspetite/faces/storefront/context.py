from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.forms import BaseForm
from django.http import HttpRequest

from kidspetite.faces.storefront import presenting, promoting
from kidspetite.faces.storefront.card_choice import gateway
from kidspetite.foundation.content.queries import shop_settings
from kidspetite.foundation.ui.jinja import Later
from kidspetite.goods.catalog import queries as catalog


def shop(request: HttpRequest) -> dict[str, Any]:
    """The shop's facts and the tape in the head of every page, read once and only when a template asks."""
    return {
        "shop": Later(shop_settings),
        "size_row": Later(_size_row),
        "promo_bar": Later(promoting.bar),
        "promo_words_of": promoting.beside,
        "quick_pay": Later(_takes_wallets),
        "get_messages": get_messages,
        "form_errors_of": form_errors_of,
    }


def form_errors_of(form: BaseForm) -> list[dict[str, str]]:
    """A Django form's errors for `ui.form_errors`: general ones first, each other one with the id of its control."""
    faults = [{"field": "", "message": str(words)} for words in form.non_field_errors()]
    return faults + [
        {"field": form[name].auto_id, "message": str(words)}
        for name, sentences in form.errors.items()
        if name != "__all__"
        for words in sentences
    ]


def _takes_wallets() -> bool:
    return bool(gateway())


def _size_row() -> tuple[Any, ...]:
    return presenting.tape(catalog.sizes())
