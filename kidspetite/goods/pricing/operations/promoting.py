from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.kernel.ids import CROCKFORD
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.goods.pricing.errors import CodeTaken, NoSuchPromotion, PromotionInvalid
from kidspetite.goods.pricing.events import PromotionsChanged
from kidspetite.goods.pricing.models import PromoCode, Promotion, Redemption
from kidspetite.goods.pricing.rules.codes import code_key, normal_email

LETTERS = 10
"""Ten Crockford characters are 50 random bits: nobody guesses a code of a batch."""
MOST_AT_ONCE = 10_000
NEEDED = {
    Promotion.Kind.PERCENT: ("percent",),
    Promotion.Kind.AMOUNT: ("amount_minor",),
    Promotion.Kind.FIXED_PRICE: ("amount_minor",),
    Promotion.Kind.BUY_GET: ("percent", "buy", "get"),
}
GOODS = ("products", "categories", "collections")


@transaction.atomic
def save_promotion(row: Promotion, *, by: str, **goods: Iterable[Any]) -> Promotion:
    """Keep a new or changed promotion; `products`, `categories`, `collections` name what it is about, where given.

    One for first orders may be had once a customer. Raises PromotionInvalid with the fields at fault. What orders
    have been given stays with them.
    """
    row.people = sorted({normal_email(address) for address in row.people if address.strip()})
    if row.first_order_only:
        row.limit_per_customer = 1
    is_shipping = row.kind == Promotion.Kind.FREE_SHIPPING
    if is_shipping or row.lane == Promotion.Lane.SHIPPING:
        row.lane = Promotion.Lane.SHIPPING if is_shipping else Promotion.Lane.BASKET
    _check(row)
    is_new = row.pk is None
    row.announced_until = None
    row.save()
    for name in GOODS:
        if name in goods:
            getattr(row, name).set(goods[name])
    verb = "pricing.add_promotion" if is_new else "pricing.change_promotion"
    audit.record(actor=by, verb=verb, subject=f"promotion:{row.pk}", name=row.name)
    publish(PromotionsChanged((row.pk,)))
    return row


@transaction.atomic
def stop_promotion(promotion_id: int, *, by: str) -> Promotion:
    """The kill switch: from now on it counts in no basket, also for orders that are being placed. Twice is harmless."""
    row = _locked(promotion_id)
    if row.stopped_at is None:
        row.stopped_at = clock.now()
        _switch(row, by=by, verb="pricing.stop_promotion")
    return row


@transaction.atomic
def resume_promotion(promotion_id: int, *, by: str) -> Promotion:
    """It counts again, as far as its dates allow."""
    row = _locked(promotion_id)
    if row.stopped_at is not None:
        row.stopped_at = None
        _switch(row, by=by, verb="pricing.resume_promotion")
    return row


@transaction.atomic
def add_code(
    promotion: Promotion, code: str, *, limit: int | None = None, only_for: str = "", by: str, batch: str = ""
) -> PromoCode:
    """A code that opens a promotion. Raises CodeTaken when there is one that reads the same, PromotionInvalid for
    what is no code."""
    written = "-".join(code.upper().split())
    row = PromoCode(
        promotion=promotion, code=written, key=code_key(code), limit_total=limit, batch=batch,
        only_for=normal_email(only_for), is_demo=promotion.is_demo,
    )  # fmt: skip
    if len(row.key) < 3:
        raise PromotionInvalid(errors=(FieldError("code", _("A code has at least three letters or digits.")),))
    _check(row, skip=("key",))
    if PromoCode.objects.filter(key=row.key).exists():
        raise CodeTaken(promo_code=written)
    row.save()
    audit.record(actor=by, verb="pricing.add_code", subject=f"promotion:{promotion.pk}", limit=limit)
    return row


@transaction.atomic
def set_limit(code: str, *, limit: int | None, by: str) -> PromoCode:
    """Change how often a code may be used in all. Raises NoSuchPromotion; refuses a limit below the uses that live."""
    row = PromoCode.objects.select_for_update().filter(key=code_key(code)).first()
    if row is None:
        raise NoSuchPromotion()
    used = Redemption.objects.filter(code=row, released_at=None).count()
    if limit is not None and limit < used:
        raise PromotionInvalid(errors=(FieldError("limit", _("It has been used more often than that already.")),))
    row.limit_total = limit
    row.save(update_fields=["limit_total"])
    _renumber(row)
    audit.record(actor=by, verb="pricing.set_limit", subject=f"promotion:{row.promotion_id}", limit=limit)
    return row


@transaction.atomic
def make_codes(promotion: Promotion, *, count: int, prefix: str = "", batch: str, by: str) -> list[PromoCode]:
    """A batch of codes that each work once, of 50 random bits. Raises PromotionInvalid."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise PromotionInvalid(errors=(FieldError("count", _("Between 1 and 10,000 at once.")),))
    begins = "-".join(prefix.upper().split())
    rows = [_random_code(promotion, begins, batch) for _number in range(count)]
    _check(rows[0], skip=("key",))
    made = PromoCode.objects.bulk_create(rows)
    audit.record(actor=by, verb="pricing.make_codes", subject=f"promotion:{promotion.pk}", count=count, batch=batch)
    return made


@transaction.atomic
def announce_due() -> int:
    """Tell the pages of promotions that have begun or ended by the clock since they were told last, and once more of
    every change, for pages that were made while it was committed."""
    now = clock.now()
    due = Promotion.objects.filter(
        Q(announced_until=None)
        | Q(begins_at__lte=now, begins_at__gt=F("announced_until"))
        | Q(ends_at__lte=now, ends_at__gt=F("announced_until"))
    )
    ids = tuple(due.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
    if ids:
        Promotion.objects.filter(pk__in=ids).update(announced_until=now)
        publish(PromotionsChanged(ids))
    return len(ids)


@transaction.atomic
def forget_demo_promotions() -> int:
    """Delete the demo's promotions that no order has used, and stop the others; gives how many are gone."""
    rows = Promotion.objects.filter(is_demo=True).annotate(uses=Count("redemptions"))
    used = [row.pk for row in rows if row.uses]
    Promotion.objects.filter(pk__in=used, stopped_at=None).update(stopped_at=clock.now())
    unused = [row.pk for row in rows if not row.uses]
    PromoCode.objects.filter(promotion__in=unused).delete()
    Promotion.objects.filter(pk__in=unused).delete()
    if used or unused:
        publish(PromotionsChanged((*used, *unused)))
    return len(unused)


def _locked(promotion_id: int) -> Promotion:
    row = Promotion.objects.select_for_update().filter(pk=promotion_id).first()
    if row is None:
        raise NoSuchPromotion()
    return row


def _switch(row: Promotion, *, by: str, verb: str) -> None:
    row.announced_until = None
    row.save(update_fields=["stopped_at", "announced_until"])
    audit.record(actor=by, verb=verb, subject=f"promotion:{row.pk}", name=row.name)
    publish(PromotionsChanged((row.pk,)))


def _renumber(code: PromoCode) -> None:
    """Uses that were counted while the code had no limit get their places; those that have one keep it."""
    if code.limit_total is None:
        return
    rows = Redemption.objects.filter(code=code, released_at=None).order_by("at", "pk")
    Redemption.objects.filter(code=code, released_at=None).update(place=None, places=code.limit_total)
    for place, row in enumerate(rows, start=1):
        Redemption.objects.filter(pk=row.pk).update(place=place)


def _random_code(promotion: Promotion, prefix: str, batch: str) -> PromoCode:
    letters = "".join(secrets.choice(CROCKFORD) for _letter in range(LETTERS))
    code = "-".join(filter(None, (prefix, letters[:5], letters[5:])))
    return PromoCode(
        promotion=promotion, code=code, key=code_key(code), limit_total=1, batch=batch, is_demo=promotion.is_demo
    )


def _check(row: Promotion | PromoCode, *, skip: tuple[str, ...] = ()) -> None:
    if isinstance(row, Promotion):
        missing = [name for name in NEEDED.get(Promotion.Kind(row.kind), ()) if getattr(row, name) is None]
        if missing:
            raise PromotionInvalid(errors=tuple(FieldError(name, _("How much? This is needed.")) for name in missing))
    try:
        row.full_clean(exclude=[*skip, "promotion"], validate_unique=False)
    except ValidationError as fault:
        errors = tuple(
            FieldError("" if name == "__all__" else name, " ".join(sentences))
            for name, sentences in fault.message_dict.items()
        )
        raise PromotionInvalid(errors=errors) from fault
