"""Our facts as the API's documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui.types import Card, Picture
from kidspetite.goods.catalog.types import CollectionView, Listing, ProductView
from kidspetite.goods.inventory.types import ShelfAlert
from kidspetite.goods.pricing.queries import explanation
from kidspetite.goods.pricing.types import Rate, Verdict
from kidspetite.journeys.checkout.types import BasketView, Bought
from kidspetite.sales.payments.types import SavedCardView, WishView


def listing_document(found: Listing) -> dict[str, Any]:
    return {
        "items": [_card(card) for card in found.cards],
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
    }


def product_document(product: ProductView, available: Mapping[int, int]) -> dict[str, Any]:
    """A product with the exact pieces of each variant that are free now."""
    return {
        "slug": product.slug,
        "name": product.name,
        "url": _absolute(product.url),
        "summary": product.summary,
        "description": product.description,
        "category": {"slug": product.category.slug, "name": product.category.name},
        "price_cents": product.price.minor,
        "compare_at_cents": _cents(product.compare_at),
        "currency": product.price.currency,
        "available": any(available.get(piece.id, 0) > 0 for piece in product.pieces),
        "facts": list(product.facts),
        "fibre": [{"material": fibre.material, "percent": fibre.percent} for fibre in product.fibre],
        "care": list(product.care),
        "safety": product.safety,
        "origin": product.origin,
        "size_note": product.size_note,
        "pictures": [
            _picture(photo.picture) | {"colour": photo.colour_slug or None, "view": photo.view}
            for photo in product.photos
        ],
        "variants": [
            {
                "sku": piece.sku,
                "size": piece.size.label,
                "colour": piece.colour.name,
                "price_cents": piece.price.minor,
                "compare_at_cents": _cents(piece.compare_at),
                "available": max(0, available.get(piece.id, 0)),
            }
            for piece in product.pieces
        ],
    }


def suggestions_document(found: Any) -> dict[str, Any]:
    if not found:
        return {"queries": [], "categories": [], "products": []}
    return {
        "queries": list(found.queries),
        "categories": [{"slug": one.slug, "name": one.name, "url": _absolute(one.url)} for one in found.categories],
        "products": [
            {
                "slug": _slug(card),
                "name": card.name,
                "url": _absolute(card.url),
                "price_cents": card.price.minor,
                "currency": card.price.currency,
            }
            for card in found.products
        ],
    }


def collection_document(collection: CollectionView) -> dict[str, Any]:
    return {
        "slug": collection.slug,
        "title": collection.title,
        "description": collection.description,
        "url": _absolute(collection.url),
        "count": collection.count,
    }


def cart_document(basket: BasketView) -> dict[str, Any]:
    quote = basket.quote
    return {
        "token": basket.token,
        "items": [
            {
                "id": line.id,
                "sku": line.sku,
                "name": line.variant.name,
                "quantity": line.quantity,
                "unit_price_cents": line.unit_price.minor,
                "line_total_cents": line.line_total.minor,
                "available": max(0, line.available),
                "held": line.held,
                "hold_expires_at": line.hold_expires_at,
                "hold_note": _("In the basket, but not set aside: this is more than we hold for one shopper at a time.")
                if line.is_past_cap
                else None,
            }
            for line in basket.lines
        ],
        "promo_codes": list(basket.promo_codes),
        "promotions": [_promotion(verdict) for verdict in basket.verdicts],
        "subtotal_cents": quote.subtotal.minor,
        "discount_cents": quote.discount.minor,
        "shipping_cents": _cents(quote.shipping),
        "tax_cents": _cents(quote.tax),
        "tax_is_estimate": quote.tax_is_estimate,
        "total_cents": _cents(quote.total),
        "currency": quote.subtotal.currency,
    }


def code_document(verdict: Verdict) -> dict[str, Any]:
    return {"valid": True} | _promotion(verdict)


def rates_document(rates: Iterable[Rate]) -> dict[str, Any]:
    rows = [
        {
            "method": rate.method_code,
            "label": rate.label,
            "price_cents": rate.price.minor,
            "days_from": rate.days_from,
            "days_to": rate.days_to,
            "arrives_from": rate.arrives_from,
            "arrives_to": rate.arrives_to,
            "is_free_reason": rate.is_free_reason,
        }
        for rate in rates
    ]
    return {"rates": rows, "currency": Money.zero().currency}


def bought_document(bought: Bought) -> dict[str, Any]:
    return {
        "order_number": bought.order_number,
        "token": bought.token,
        "status": bought.status,
        "total_cents": bought.total.minor,
        "currency": bought.total.currency,
        "next_action": {"url": _absolute(bought.next_action_url)} if bought.next_action_url else None,
    }


def quote_document(basket: BasketView) -> dict[str, Any]:
    """The quote as a wallet's sheet shows it: pieces, what promotions take off, tax; shipping apart."""
    quote = basket.quote
    lines = [(f"{one.quantity} × {one.variant.name}, {one.variant.size_label}", one.line_total) for one in basket.lines]
    lines += [(one.name, -one.amount) for one in quote.applied if one.amount]
    lines += [(_("Tax"), quote.tax)] if quote.tax else []
    return {
        "lines": [{"name": name, "amount_cents": amount.minor} for name, amount in lines],
        "rates": rates_document(quote.rates)["rates"],
        "shipping_method": quote.method or None,
        "shipping_cents": _cents(quote.shipping),
        "total_cents": _cents(quote.total),
        "currency": quote.subtotal.currency,
    }


def saved_card_document(card: SavedCardView) -> dict[str, Any]:
    return {
        "id": card.name,
        "provider": card.provider,
        "token": card.token,
        "brand": card.brand,
        "last4": card.last4,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "label": card.label,
        "expired": card.is_expired,
        "default": card.is_default,
    }


def wish_document(wish: WishView) -> dict[str, Any]:
    return {
        "status": wish.status,
        "card": saved_card_document(wish.card) if wish.card else None,
        "next_action": {"url": _absolute(wish.next_action_url)} if wish.next_action_url else None,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "slug": _slug(card),
        "name": card.name,
        "url": _absolute(card.url),
        "price_cents": card.price.minor,
        "compare_at_cents": _cents(card.compare_at),
        "currency": card.price.currency,
        "available": card.available,
        "sizes": list(card.sizes_in_stock),
        "colours": [swatch.name for swatch in card.colours],
        "picture": _picture(card.picture) if card.picture else None,
    }


def _slug(card: Card) -> str:
    return card.url.rsplit("/", 1)[-1]


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "src": _absolute(picture.src),
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
    }


def _absolute(address: str) -> str:
    return f"{settings.BASE_URL}{address}" if address.startswith("/") else address


def _promotion(verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.code or None,
        "name": verdict.name,
        "applied": verdict.is_applied,
        "saves_cents": verdict.saves.minor if verdict.is_applied else 0,
        "explanation": explanation(verdict),
    }


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def alert_document(alert: ShelfAlert) -> dict[str, Any]:
    """A shelf that needs somebody of the team."""
    return {
        "sku": alert.sku, "name": alert.name, "size": alert.size, "colour": alert.colour, "state": alert.state,
        "on_hand": alert.on_hand, "held": alert.held, "available": alert.available, "low_at": alert.mark,
        "sold_30_days": alert.sold, "days_of_cover": alert.cover, "waiting": alert.waiting,
    }  # fmt: skip
