"""The paper every room writes on: one layout in MJML, light and dark, with its plain-text twin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import mrml
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kidspetite.foundation.notifications import types
from kidspetite.foundation.notifications.messages.fields import fields_of
from kidspetite.foundation.notifications.queries import unsubscribe_url
from kidspetite.foundation.notifications.types import Letter, Letterhead, Part, Sheet, Topic, Wish
from kidspetite.foundation.ui import formats

TEMPLATES = Path(__file__).parents[1] / "jinja2"
KINDS = {
    types.Paragraph: "paragraph",
    types.Quotation: "quotation",
    types.Button: "button",
    types.Facts: "facts",
    types.Goods: "goods",
    types.PencilMarks: "marks",
}


def letter(
    sheet: Sheet,
    *,
    head: Letterhead,
    key: str,
    kind: str,
    to: str,
    subject: str,
    subject_key: str = "",
    topic: Topic = Topic.SERVICE,
    guard: str = "",
    facts: Mapping[str, str] | None = None,
) -> Letter:
    """A letter drawn from its parts. The HTML works at 320 px, in light and dark; the text says the same words. One
    about a topic that people choose says at its foot how to end it. `facts` are named for templates besides."""
    way_out = unsubscribe_url(Wish(to, topic)) if topic is not Topic.SERVICE else ""
    told = {"sheet": sheet, "head": head, "subject": subject, "kind_of": _kind_of, "way_out": way_out}
    mjml = environment(is_markup=True).get_template("mails/letter.mjml").render(told)
    text = environment(is_markup=False).get_template("mails/letter.txt").render(told)
    return Letter(
        key=key,
        kind=kind,
        to=to,
        subject=subject,
        text=_tidy(text),
        html=str(mrml.to_html(mjml).content),
        subject_key=subject_key,
        topic=topic,
        guard=guard,
        fields=fields_of(sheet, head, subject=subject, way_out=way_out, facts=facts or {}),
    )


def _kind_of(part: Part) -> str:
    return KINDS[type(part)]


@cache
def environment(*, is_markup: bool) -> Environment:
    """What draws letters: for HTML with everything escaped, for text as it is."""
    env = Environment(  # nosec B701 - text letters have nothing to escape
        loader=FileSystemLoader(TEMPLATES),
        autoescape=is_markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(money=formats.money, date=formats.day)
    return env


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"
