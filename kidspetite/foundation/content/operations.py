from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.content import rules
from kidspetite.foundation.content.errors import AlreadyBegun, NoSuchPage, PageRefused, SettingsRefused
from kidspetite.foundation.content.events import PageSaved, ShopSettingsChanged
from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.content.types import ShopFacts
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish


@transaction.atomic
def save_shop_settings(facts: ShopFacts, *, by: str, valid_from: datetime | None = None) -> ShopSettings:
    """Write the facts of the shop anew, from now or from a later moment; the rows before stay as the record.

    Raises SettingsRefused with the fields, for a moment that has passed too. A second change for the same later
    moment takes the place of the first.
    """
    now = clock.now()
    faults = [FieldError(field, _(words)) for field, words in rules.faults_of(facts)]
    if valid_from is not None and valid_from <= now:
        faults.append(FieldError("valid_from", _("Choose a moment that is still to come, or let it hold from now.")))
    if faults:
        raise SettingsRefused(errors=tuple(faults))
    begins = (valid_from or now).astimezone(UTC)
    before = ShopSettings.objects.filter(valid_from__lte=begins).order_by("-valid_from").first()
    row, _is_new = ShopSettings.objects.update_or_create(
        valid_from=begins, defaults={**asdict(facts), "changed_by": by, "is_demo": False}
    )
    audit.record(
        actor=by, verb="content.save_shop_settings", subject=f"settings:{row.pk}",
        valid_from=begins.isoformat(), changed=_changes(before, facts),
    )  # fmt: skip
    publish(ShopSettingsChanged(row.pk, begins.isoformat()))
    return row


@transaction.atomic
def withdraw_settings(settings_id: int, *, by: str) -> None:
    """Take back a change that has not begun. Raises AlreadyBegun for one that has; one that is gone is no news."""
    row = ShopSettings.objects.select_for_update().filter(pk=settings_id).first()
    if row is None:
        return
    if row.valid_from <= clock.now():
        raise AlreadyBegun()
    audit.record(
        actor=by, verb="content.withdraw_settings", subject=f"settings:{row.pk}", valid_from=row.valid_from.isoformat()
    )
    publish(ShopSettingsChanged(row.pk, row.valid_from.isoformat()))
    row.delete()


@transaction.atomic
def save_page(slug: str, *, title: str, description: str, body: str, by: str) -> Page:
    """Write one of the owner's pages anew, in Markdown. Raises NoSuchPage, or PageRefused with the fields."""
    page = Page.objects.select_for_update().filter(slug=slug).first()
    if page is None:
        raise NoSuchPage()
    title, description = " ".join(title.split()), " ".join(description.split())
    if faults := rules.page_faults(title, description, body):
        raise PageRefused(errors=tuple(FieldError(field, _(words)) for field, words in faults))
    page.title, page.description, page.body = title, description, body.replace("\r\n", "\n")
    page.updated_at, page.is_demo = clock.now(), False  # a page the owner has written is the owner's
    page.save()
    audit.record(actor=by, verb="content.save_page", subject=f"page:{slug}", characters=len(page.body))
    publish(PageSaved(slug))
    return page


@transaction.atomic
def add_page(slug: str, *, title: str, by: str) -> Page:
    """Open an empty page under a new name. Raises PageRefused when the name is taken or no name at all."""
    title = " ".join(title.split())
    faults = [*rules.slug_faults(slug), *(f for f in rules.page_faults(title, "", "") if f[0] == "title")]
    if not faults and Page.objects.filter(slug=slug).exists():
        faults.append(("slug", "There is a page by this name already."))
    if faults:
        raise PageRefused(errors=tuple(FieldError(field, _(words)) for field, words in faults))
    page = Page.objects.create(slug=slug, title=title, updated_at=clock.now())
    audit.record(actor=by, verb="content.add_page", subject=f"page:{slug}")
    publish(PageSaved(slug))
    return page


def _changes(before: ShopSettings | None, facts: ShopFacts) -> dict[str, Any]:
    """Field → [before, after], of what differs. The facts of a shop are public; nobody's data is among them."""
    after: Mapping[str, Any] = asdict(facts)
    return {
        name: [rules.plain(getattr(before, name, None)), rules.plain(value)]
        for name, value in after.items()
        if before is None or getattr(before, name) != value
    }
