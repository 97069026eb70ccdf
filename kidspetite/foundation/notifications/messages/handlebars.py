"""Our letters as templates that a mail provider keeps and fills in, and which fields such a template may show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mrml

from kidspetite.foundation.notifications.messages import TEMPLATES, environment
from kidspetite.foundation.notifications.types import Letter, Letterhead, ProviderTemplate, Sheet, Topic

EXPRESSION = re.compile(r"\{\{\{?(.*?)\}?\}\}", re.DOTALL)
WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s]+")
PATH = re.compile(r"[A-Za-z_][\w-]*")
# Words of the language itself; `insert` and its like come before the field that they show.
HELPERS = frozenset({
    "if", "unless", "each", "else", "with", "insert", "formatDate", "equals", "notEquals", "and", "or", "greaterThan",
    "lessThan", "length", "this", "true", "false",
})  # fmt: skip
# What a part of a letter may be, as messages.fields names it; not every letter has every one.
PARTS = frozenset({
    "paragraph", "quotation", "heading", "lines", "button", "label", "url", "facts", "name", "text", "goods",
    "quantity", "detail", "amount", "sums", "total", "marks", "day",
})  # fmt: skip


def template_of(letter: Letter) -> ProviderTemplate:
    """The paper of one kind of letter with places for its words; `letter` is a sample of it, and fills it in trials."""
    head = Letterhead("{{shop.name}}", "{{shop.url}}", "{{shop.email}}", "{{shop.phone}}", ("{{shop.address}}",))
    sheet = Sheet("{{title}}", "{{preheader}}", (), "{{footnote}}")
    way_out = "{{unsubscribe_url}}" if letter.topic is not Topic.SERVICE else ""
    told = {"sheet": sheet, "head": head, "subject": "{{subject}}", "way_out": way_out}
    mjml = environment(is_markup=True).get_template("mails/template.mjml").render(told)
    return ProviderTemplate(
        subject="{{{subject}}}",
        html=str(mrml.to_html(mjml).content),
        text=Path(TEMPLATES, "mails", "template.txt").read_text(),
        sample=json.dumps(letter.fields, ensure_ascii=False),
    )


def unknown_fields(template: ProviderTemplate, letter: Letter) -> list[str]:
    """What a template shows that no letter of this kind has: such a place would stay empty in every letter."""
    known = PARTS | set(_names(dict(letter.fields)))
    shown = {path for words in (template.subject, template.html, template.text) for path in _paths(words)}
    return sorted(path for path in shown if not set(PATH.findall(path)) - {"this", "root"} <= known)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _names(inner)


def _paths(words: str) -> Iterator[str]:
    for expression in EXPRESSION.findall(words):
        inside = expression.strip()
        if inside.startswith(("!", "/")):
            continue
        for word in WORD.findall(inside.lstrip("#^&~")):
            if word[0] not in "\"'0123456789@(" and word not in HELPERS:
                yield word.strip("()~")
