"""What the desk's templates need beyond Django's own: the shop's icons and numbers, form fields with their words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats
from kidspetite.foundation.ui.jinja import icon_paths

register = template.Library()

STATUS_MARKS = {
    "paid": ("package", "next", _("to ship")),
    "shipped": ("truck", "calm", _("on its way")),
    "delivered": ("check", "done", _("delivered")),
    "cancelled": ("x", "off", _("cancelled")),
    "refunded": ("undo-2", "off", _("refunded")),
    "awaiting_payment": ("clock", "wait", _("awaiting payment")),
    "requires_action": ("clock", "wait", _("at the bank")),
    "payment_unknown": ("circle-alert", "wait", _("payment unknown")),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the shop's icons, beside words that say the same."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">{}</svg>', icon_paths(name)
    )


@register.filter
def money(amount: Money | int | None) -> str:
    return "" if amount is None else formats.money(amount)


@register.filter
def day(moment: date | datetime | None, pattern: str = "full") -> str:
    return "" if moment is None else formats.day(moment, pattern)


@register.filter
def moment(at: datetime | None) -> str:
    return "" if at is None else formats.day_and_time(at)


@register.filter
def signed(number: float) -> str:
    """ "+4.0" or "−2.6": a difference, with one digit."""
    return f"{number:+.1f}".replace("-", "−")


@register.filter
def brand(code: str) -> str:
    """A provider as it writes itself."""
    return {"paypal": "PayPal"}.get(code, code.title())


@register.filter
def words(code: str) -> str:
    """A provider's word, such as `needs_response`, as people read it."""
    return code.replace("_", " ")


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key, "")


def _mark(symbol: str, tone: str, words: Any) -> SafeString:
    return format_html('<span class="desk-status desk-status-{}">{}{}</span>', tone, icon(symbol), words)


@register.simple_tag
def status(code: str) -> SafeString:
    """Where an order stands, in staff's words: icon, word and tone, never tone alone."""
    return _mark(*STATUS_MARKS[code])


LETTER_MARKS = {
    "queued": ("clock", "wait", _("waits")),
    "sent": ("check", "done", _("sent")),
    "failed": ("circle-alert", "wait", _("refused by the post")),
    "withdrawn": ("x", "off", _("kept back")),
}


@register.simple_tag
def letter_status(code: str) -> SafeString:
    """What became of a letter, in the same way."""
    return _mark(*LETTER_MARKS[code])


PROMOTION_MARKS = {
    "running": ("check", "done", _("running")),
    "coming": ("calendar", "calm", _("coming")),
    "over": ("clock", "off", _("over")),
    "stopped": ("x", "wait", _("stopped")),
}


@register.simple_tag
def promotion_state(code: str) -> SafeString:
    """Where a promotion stands: icon, word and tone."""
    return _mark(*PROMOTION_MARKS[code])


VERDICT_MARKS = {
    "good": ("check", "done", _("good")),
    "fair": ("circle-alert", "wait", _("needs work")),
    "poor": ("triangle-alert", "bad", _("poor")),
}


@register.simple_tag
def verdict(code: str) -> SafeString:
    """What a number of a page's speed means: icon, word and tone."""
    return _mark(*VERDICT_MARKS[code])


@register.inclusion_tag("desk/bits/field.html")
def field(bound: BoundField, hint: str = "", width: str = "", inputmode: str = "") -> dict[str, Any]:
    """A form's field with label, hint and what is wrong with it; its widget keeps what was typed."""
    widget = bound.field.widget
    attributes: dict[str, str | bool] = {
        "class": "input",
        "aria-describedby": f"{bound.id_for_label}-hint {bound.id_for_label}-error",
    }
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if inputmode:
        attributes["inputmode"] = inputmode
    kind = "text"
    if isinstance(widget, CheckboxInput):
        kind, attributes["class"] = "checkbox", ""
    elif isinstance(widget, Textarea):
        kind = "textarea"
    elif isinstance(widget, Select):
        kind = "select"
    return {"bound": bound, "control": bound.as_widget(attrs=attributes), "hint": hint or bound.help_text,
            "kind": kind, "width": width}  # fmt: skip


@register.filter
def upto(count: int) -> range:
    """0 up to and with a number, for a choice of pieces."""
    return range(count + 1)
