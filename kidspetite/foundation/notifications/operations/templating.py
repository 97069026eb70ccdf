"""Templates that a mail provider keeps: written from our paper, and looked through for fields that no letter has."""

from __future__ import annotations

from collections.abc import Iterable

from kidspetite.foundation.notifications.errors import NoSuchKind, NoTemplates, TemplatesRefused
from kidspetite.foundation.notifications.messages.handlebars import template_of, unknown_fields
from kidspetite.foundation.notifications.ports import TemplateShelf
from kidspetite.foundation.notifications.queries import examples
from kidspetite.foundation.notifications.types import Case, Letter, TemplateReport
from kidspetite.foundation.plumbing import wiring

PREFIX = "kidspetite "


def push_templates(kinds: Iterable[str] = ()) -> dict[str, str]:
    """Write a template for each kind of letter, or for those named; gives its id by kind. Done twice there is still one
    template a kind, with a newer version. Asks the provider, so never inside a transaction. Raises NoTemplates,
    NoSuchKind, TemplatesRefused and PostUnreachable; what was written before stays, and is found again."""
    shelf, samples = _shelf(), _samples(kinds)
    kept = shelf.kept()
    written: dict[str, str] = {}
    for kind, sample in samples.items():
        name = f"{PREFIX}{kind}"
        template_id = shelf.chosen.get(kind) or kept.get(name) or shelf.add(name)
        shelf.write(template_id, template_of(sample), name=kind)
        written[kind] = template_id
    return written


def check_templates() -> list[TemplateReport]:
    """Look through the templates that are switched on: is each there, and does it show only what its letters have?
    Asks the provider, as above. Raises NoTemplates and PostUnreachable."""
    shelf = _shelf()
    return [_looked_at(shelf, kind, template_id) for kind, template_id in shelf.chosen.items()]


def _looked_at(shelf: TemplateShelf, kind: str, template_id: str) -> TemplateReport:
    try:
        template = shelf.read(template_id)
    except TemplatesRefused as refusal:
        return TemplateReport(kind, template_id, fault=str(refusal.facts.get("answer", refusal.message)))
    if template is None:
        return TemplateReport(kind, template_id, fault="no version of it is active")
    sample = examples()[kind](Case.REAL)
    return TemplateReport(kind, template_id, unknown=tuple(unknown_fields(template, sample)), known=_known(sample))


def _known(sample: Letter) -> tuple[str, ...]:
    return tuple(sorted(sample.fields))


def _samples(kinds: Iterable[str]) -> dict[str, Letter]:
    drawn, wanted = examples(), list(kinds)
    for kind in wanted:
        if kind not in drawn:
            raise NoSuchKind(kind=kind, known=sorted(drawn))
    return {kind: drawn[kind](Case.REAL) for kind in wanted or drawn}


def _shelf() -> TemplateShelf:
    if not wiring.codes("templates"):
        raise NoTemplates()
    shelf: TemplateShelf = wiring.provider("templates")
    return shelf
