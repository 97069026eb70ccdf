"""The first run: what a shop needs before its first real customer, each with the page where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kidspetite.faces.edge.staff import has_second_factor
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.plumbing import wiring
from kidspetite.goods.catalog.models import Category, Colour, Product, Size
from kidspetite.sales.orders.models import Order
from kidspetite.sales.shipping import queries as shipping

TEXTS = ("shipping", "returns", "privacy", "terms")


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    hint: str
    path: str
    is_done: bool


def steps(user: Any) -> list[Step]:
    """The steps in the order they are best done."""
    shop = content.settings_in_force()
    own = shop.pk is not None and not shop.is_demo and bool(shop.email and shop.postal_address)
    has_demo = Product.objects.filter(is_demo=True).exists() or Order.objects.filter(is_demo=True).exists()
    gateways, postmen = wiring.codes("payments"), wiring.codes("mail")
    return [
        Step(
            _("Shop settings"), _("Name, mail, postal address: they stand in mails and on every page."),
            "/admin/settings", own,
        ),
        Step(
            _("Ways to send"), _("At least one, with a price for each zone."), "/admin/shipping/shippingmethod/",
            bool(shipping.rate_table().methods),
        ),
        Step(
            _("Where you collect tax"), _("Tick the states in which you are registered."), "/admin/settings#tax",
            own and bool(shop.collects_tax_in),
        ),
        *_goods(),
        Step(
            _("Your texts"), _("Shipping, returns, privacy, terms: footer, checkout and mails link to them."),
            "/admin/pages",
            set(TEXTS) <= {page.slug for page in content.pages() if not page.is_demo},
        ),
        Step(
            _("Payment gateway"), _("The sandbox takes no real money. Set STRIPE_SECRET_KEY, then restart."),
            "", bool(gateways) and gateways != ["sandbox"],
        ),
        Step(
            _("Mail"), _("Letters stay in the outbox until SENDGRID_API_KEY or SMTP_URL is set."),
            "/admin/notifications/message/", bool(postmen) and postmen != ["outbox"],
        ),
        Step(
            _("Your second factor"), _("A passkey or an authenticator app; in production you need one."),
            "/account/2fa/", has_second_factor(user),
        ),
        Step(
            _("Demo goods removed"), _("What you made yourself stays."), "/admin/demo", not has_demo,
        ),
    ]  # fmt: skip


def _goods() -> list[Step]:
    """From an empty shop to a product on sale, in the order in which one needs the other."""
    return [
        Step(
            _("A category"), _("Where a product hangs, such as Bodysuits."), "/admin/catalog/category/add/",
            Category.objects.exists(),
        ),
        Step(
            _("Sizes"), _("Each with height, weight and age, for shoppers to find theirs."), "/admin/catalog/size/add/",
            Size.objects.exists(),
        ),
        Step(_("Colors"), _("Each with the look of its cloth."), "/admin/catalog/colour/add/", Colour.objects.exists()),
        Step(
            _("First product of your own"), _("Sizes and prices in one grid, pictures from your phone."),
            "/admin/catalog/product/add/", Product.objects.filter(is_demo=False, status=Product.Status.ACTIVE).exists(),
        ),
    ]  # fmt: skip


def is_for(user: Any) -> bool:
    """The checklist is for whoever may do all of it."""
    return bool(user.has_perm("content.add_shopsettings"))
