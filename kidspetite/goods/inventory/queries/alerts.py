"""What runs low, what is out, and who of the team hears of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.goods.inventory.models import Hold, LowMark, LowStock, LowStockChoice, Movement, StockLevel, Wait
from kidspetite.goods.inventory.rules import PACE_DAYS, cover_of
from kidspetite.goods.inventory.types import ShelfAlert, ShelfState, StockSummary

How = LowStockChoice.How
SEES_STOCK, CHANGES_STOCK = "inventory.view_stocklevel", "inventory.change_stocklevel"
VIEWS = ("", "out", "low", "held", "waited")


def watched(view: str = "") -> QuerySet[Any]:
    """What is on sale and needs a look, the emptiest first: `out`, `low`, both (""), `held` or `waited` for."""
    rows = _on_sale()
    match view:
        case "out":
            rows = rows.filter(here=0)
        case "low":
            rows = rows.filter(here__gt=0, here__lte=F("mark"))
        case "held":
            rows = rows.filter(stock__reserved__gt=0)
        case "waited":
            waited = Wait.objects.filter(status=Wait.Status.WAITING).values("variant_id")
            rows = rows.filter(pk__in=waited)
        case _:
            rows = rows.filter(here__lte=F("mark"))
    return rows.order_by("here", "product__name", "colour__position", "size__position", "pk")


def alerts_of(variants: Iterable[Any]) -> list[ShelfAlert]:
    """These of `watched`, with their pace and who waits; two queries for however many."""
    rows = list(variants)
    ids = [row.pk for row in rows]
    sold, waiting = _sold(ids), _waiting(ids)
    return [_alert(row, sold.get(row.pk, 0), waiting.get(row.pk, 0)) for row in rows]


def stock_summary() -> StockSummary:
    """All shelves in a few numbers."""
    shelves = _on_sale().aggregate(
        low=Count("pk", filter=Q(here__gt=0, here__lte=F("mark"))), out=Count("pk", filter=Q(here=0))
    )
    soft, firm = Q(kind=Hold.Kind.SOFT), Q(kind=Hold.Kind.FIRM)
    holds = Hold.objects.filter(expires_at__gt=clock.now()).aggregate(
        in_baskets=Coalesce(Sum("quantity", filter=soft), 0),
        baskets=Count("holder", filter=soft, distinct=True),
        being_paid=Coalesce(Sum("quantity", filter=firm), 0),
    )
    waits = Wait.objects.filter(status=Wait.Status.WAITING).aggregate(
        waiting=Count("pk"), waited_for=Count("variant", distinct=True)
    )
    negative = StockLevel.objects.filter(Q(on_hand__lt=0) | Q(reserved__gt=F("on_hand"))).count()
    return StockSummary(negative=negative, **shelves, **holds, **waits)


def default_mark() -> int:
    """At how many pieces a variant runs low that has no mark of its own."""
    return content.shop_settings().low_stock_at


def mark_of(variant_id: int) -> int | None:
    """A variant's own mark, where it has one."""
    return LowMark.objects.filter(variant_id=variant_id).values_list("pieces", flat=True).first()


def waiting_for(variant_id: int) -> int:
    """How many people stand in line for a variant."""
    return _waiting([variant_id]).get(variant_id, 0)


def low_now() -> set[int]:
    """The variants that are at their mark or below it."""
    return set(watched().order_by().values_list("pk", flat=True))


def open_crossings(*, after: int) -> list[LowStock]:
    """What has run low since a crossing that somebody was told of, and still is."""
    return list(LowStock.objects.filter(pk__gt=after, ended_at=None).order_by("pk"))


def readers() -> list[User]:
    """Everybody who works here, may see stock, and wants to hear of what runs low."""
    return [person for person in _team().order_by("pk") if _reads(person)]


def choice_of(person: User) -> How:
    """What they chose; else whoever changes shelves gets one letter a day, and others none."""
    chosen = LowStockChoice.objects.filter(user=person).values_list("how", flat=True).first()
    return How(chosen) if chosen else How.DAILY if person.has_perm(CHANGES_STOCK) else How.OFF


def is_reader(subject_key: str) -> bool:
    """Whether whoever a letter `low-stock:USER:CROSSING` is for still works here and wants it."""
    person = _team().filter(pk=subject_key.split(":")[1]).first()
    return person is not None and _reads(person)


def _reads(person: User) -> bool:
    return bool(person.email) and person.has_perm(SEES_STOCK) and choice_of(person) != How.OFF


def _team() -> QuerySet[User]:
    return User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)


def _on_sale() -> QuerySet[Any]:
    """What is on sale with the pieces `here`, and the `mark` at which it runs low."""
    rows = Variant.objects.filter(is_active=True, product__status=Product.Status.ACTIVE)
    return rows.select_related("product", "size", "colour", "stock").annotate(
        here=Coalesce(F("stock__on_hand"), Value(0)), mark=Coalesce(F("low_mark__pieces"), Value(default_mark()))
    )


def _sold(ids: Collection[int]) -> dict[int, int]:
    since = clock.now() - timedelta(days=PACE_DAYS)
    sold = Movement.objects.filter(level__variant__in=ids, kind=Movement.Kind.SOLD, at__gt=since)
    return dict(sold.values_list("level__variant_id").annotate(pieces=-Sum("quantity")))


def _waiting(ids: Collection[int]) -> dict[int, int]:
    waits = Wait.objects.filter(variant__in=ids, status=Wait.Status.WAITING)
    return dict(waits.values_list("variant_id").annotate(n=Count("pk")))


def _alert(row: Any, sold: int, waiting: int) -> ShelfAlert:
    here, mark = row.here, row.mark
    level = getattr(row, "stock", None)
    held = level.reserved if level else 0
    state = ShelfState.OUT if not here else ShelfState.LOW if here <= mark else ShelfState.ENOUGH
    return ShelfAlert(
        row.pk, row.sku, row.product.name, row.size.label, row.colour.name, here, held, here - held, mark, state, sold,
        cover_of(here, sold), waiting,
    )  # fmt: skip
