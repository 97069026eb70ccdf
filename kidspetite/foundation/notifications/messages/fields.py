"""A letter's words as data, for templates that a mail provider keeps: named alike in every letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.types import (
    Button,
    Facts,
    Goods,
    Letterhead,
    Paragraph,
    Part,
    PencilMarks,
    Quotation,
    Sheet,
)
from kidspetite.foundation.ui import formats


def fields_of(
    sheet: Sheet, head: Letterhead, *, subject: str, way_out: str, facts: Mapping[str, str]
) -> dict[str, Any]:
    """What a template may show: the sheet part by part, who writes, and the facts that the room names besides."""
    return {
        **facts,
        "subject": subject,
        "preheader": sheet.preheader,
        "title": sheet.title,
        "parts": [_part(part) for part in sheet.parts],
        "footnote": sheet.footnote,
        "unsubscribe_url": way_out,
        "shop": {
            "name": head.shop_name,
            "url": head.shop_url,
            "email": head.email,
            "phone": head.phone,
            "address": ", ".join(line for line in head.address_lines if line != head.shop_name),
        },
    }


def _part(part: Part) -> dict[str, Any]:
    """One key that says what it is, so that a template asks `{{#if button}}`."""
    match part:
        case Paragraph(text):
            return {"paragraph": text}
        case Quotation(heading, text):
            return {"quotation": {"heading": heading, "lines": text.splitlines()}}
        case Button(label, url):
            return {"button": {"label": label, "url": url}}
        case Facts(rows):
            return {"facts": [{"name": name, "lines": [_line(line) for line in lines]} for name, lines in rows]}
        case Goods():
            return {"goods": _goods(part)}
        case PencilMarks(marks):
            return {"marks": [{"text": text, "day": formats.day(day) if day else ""} for text, day in marks]}


def _line(line: str) -> dict[str, str]:
    return {"url": line} if line.startswith("https://") else {"text": line}


def _goods(goods: Goods) -> dict[str, Any]:
    lines = [
        {"quantity": line.quantity, "name": line.name, "detail": line.detail, "amount": formats.money(line.amount)}
        for line in goods.lines
    ]
    *sums, total = [(name, _amount(amount)) for name, amount in goods.sums]
    return {
        "lines": lines,
        "sums": [{"name": name, "amount": amount} for name, amount in sums],
        "total": {"name": total[0], "amount": total[1]},
    }


def _amount(amount: Money | str) -> str:
    return amount if isinstance(amount, str) else formats.money(amount)
