"""The cards that providers keep for a customer. Whoever asks for one says whose it must be."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import wiring
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.models import CardAttempt, SavedCard
from kidspetite.sales.payments.ports import CardVault
from kidspetite.sales.payments.types import SAVED, SavedCardView, WishView

BRANDS = {"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay"}
AT_ONCE = 200


def vault_of(provider: str) -> CardVault:
    """Who keeps the cards. Raises LookupError for a provider that is off, or keeps none."""
    vault: CardVault = wiring.provider("cards", provider)
    return vault


def keeps_cards(provider: str) -> bool:
    """Whether cards can be kept with this provider."""
    return provider in wiring.codes("cards")


def saved_cards_for(customer_id: int, *, provider: str = "") -> list[SavedCardView]:
    """A customer's cards with the providers that are on, or with one of them; the default first, then the newest."""
    providers = [provider] if provider else wiring.codes("cards")
    rows = SavedCard.objects.filter(customer_id=customer_id, payer__provider__in=providers).select_related("payer")
    return [view_of(row) for row in rows.order_by("-is_default", "-added_at", "-pk")]


def saved_card_for(customer_id: int | None, provider: str, token: str) -> SavedCard | None:
    """The card that a purchase names, if it is this customer's and kept with this provider."""
    if customer_id is None or not is_saved(token):
        return None
    rows = SavedCard.objects.filter(customer_id=customer_id, payer__provider=provider, name=token.removeprefix(SAVED))
    return rows.select_related("payer").first()


def is_saved(token: str) -> bool:
    """Whether a token names a saved card, whosever it is."""
    return token.startswith(SAVED)


def wish_for(customer_id: int, name: str) -> WishView | None:
    """How a customer's own wish to keep a card stands."""
    row = CardAttempt.objects.filter(customer_id=customer_id, name=name).select_related("card__payer").first()
    return wish_view(row) if row else None


def wishes_to_settle(*, before: datetime) -> list[int]:
    """Wishes without an answer that began before a moment, but not so long ago that nobody waits for them any more."""
    rows = CardAttempt.objects.filter(status__in=rules.OPEN_WISHES, created_at__lte=before)
    rows = rows.filter(created_at__gt=clock.now() - rules.SILENT_FOR)
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])


def view_of(row: SavedCard, *, today: date | None = None) -> SavedCardView:
    return SavedCardView(
        name=row.name,
        provider=row.payer.provider,
        brand=row.brand,
        last4=row.last4,
        exp_month=row.exp_month,
        exp_year=row.exp_year,
        label=card_words(row.brand, row.last4),
        is_default=row.is_default,
        is_expired=rules.is_expired(row.exp_month, row.exp_year, today=today or clock.now().date()),
    )


def wish_view(row: CardAttempt) -> WishView:
    return WishView(row.name, row.status, row.reason, row.next_action_url, view_of(row.card) if row.card else None)


def card_words(brand: str, last4: str) -> str:
    """Visa ending 4242."""
    return _("%(brand)s ending %(last4)s") % {"brand": BRANDS.get(brand, brand.title()), "last4": last4}
