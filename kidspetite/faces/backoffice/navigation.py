"""What the back office leads to, in plain words; each person sees what their role opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Link:
    """`symbol` is a Material symbol, as Unfold draws them; `icon` one of ours."""

    title: str | Promise
    path: str
    permission: str
    symbol: str
    icon: str

    def is_here(self, path: str) -> bool:
        if self.path == "/admin/":
            return path == self.path
        return path.rstrip("/") == self.path.rstrip("/") or path.startswith(f"{self.path.rstrip('/')}/")


@dataclass(frozen=True, slots=True)
class Section:
    title: str | Promise
    links: tuple[Link, ...]


SECTIONS = (
    Section(
        _("Daily work"),
        (
            Link(_("Today"), "/admin/", "", "today", "calendar"),
            Link(_("Orders"), "/admin/orders", "orders.view_order", "shopping_bag", "package"),
            Link(_("Stock"), "/admin/stock", "inventory.view_stocklevel", "inventory_2", "ruler"),
            Link(_("Stock alerts"), "/admin/stock-alerts", "inventory.view_stocklevel", "notifications",
                 "circle-alert"),
            Link(_("Enquiries"), "/admin/enquiries", "accounts.view_enquiry", "mail", "mail"),
            Link(_("Repairs"), "/admin/repairs", "procrastinate.change_procrastinatejob", "build", "rotate-ccw"),
        ),
    ),
    Section(
        _("Catalogue"),
        (
            Link(_("Products"), "/admin/catalog/product/", "catalog.view_product", "checkroom", "tag"),
            Link(_("Collections"), "/admin/catalog/collection/", "catalog.view_collection", "style", "heart"),
            Link(_("Promotions"), "/admin/promotions", "pricing.view_promotion", "sell", "tag"),
            Link(_("Categories"), "/admin/catalog/category/", "catalog.view_category", "account_tree", "menu"),
            Link(_("Sizes"), "/admin/catalog/size/", "catalog.view_size", "straighten", "ruler"),
            Link(_("Colors"), "/admin/catalog/colour/", "catalog.view_colour", "palette", "star"),
        ),
    ),
    Section(
        _("People and shop"),
        (
            Link(_("Customers and team"), "/admin/accounts/user/", "accounts.view_user", "group", "users"),
            Link(_("Subscribers"), "/admin/subscribers", "notifications.view_consent", "outgoing_mail", "mail"),
            Link(_("Reminders"), "/admin/reminders", "winback.view_round", "shopping_cart", "shopping-bag"),
            Link(_("Speed"), "/admin/speed", "vitals.view_vitalcount", "speed", "clock"),
            Link(_("Pages"), "/admin/pages", "content.view_page", "article", "pencil"),
            Link(_("Shop settings"), "/admin/settings", "content.view_shopsettings", "settings", "settings"),
            Link(_("Ways to send"), "/admin/shipping/shippingmethod/", "shipping.change_shippingmethod",
                 "local_shipping", "truck"),
            Link(_("Taxes"), "/admin/pricing/taxrule/", "pricing.view_taxrule", "percent", "credit-card"),
        ),
    ),
    Section(
        _("Records"),
        (
            Link(_("Payments"), "/admin/payments/payment/", "payments.view_payment", "payments", "credit-card"),
            Link(_("Letters"), "/admin/notifications/message/", "notifications.view_message", "outgoing_mail", "mail"),
            Link(_("Samples of letters"), "/admin/letters", "notifications.view_message", "draft", "mail"),
            Link(_("Closed addresses"), "/admin/notifications/suppression/",
                 "notifications.view_suppression", "unsubscribe", "mail"),
            Link(_("Answers to texts"), "/admin/notifications/answer/", "notifications.view_answer", "sms", "phone"),
            Link(_("Movements"), "/admin/inventory/movement/", "inventory.view_movement", "swap_vert", "arrow-up-down"),
            Link(_("Audit"), "/admin/plumbing/auditentry/", "plumbing.view_auditentry", "history", "clock"),
            Link(_("Webhooks"), "/admin/plumbing/inboxentry/", "plumbing.view_inboxentry", "webhook", "download"),
            Link(_("Jobs"), "/admin/procrastinate/procrastinatejob/", "procrastinate.view_procrastinatejob",
                 "work_history", "settings"),
        ),
    ),
    Section(
        _("You"),
        (
            Link(_("Letters to you"), "/admin/my-letters", "inventory.view_stocklevel", "mark_email_unread", "mail"),
            Link(_("Second factor"), "/account/2fa/", "", "lock", "lock"),
        ),
    ),
)  # fmt: skip


def sections(user: Any) -> list[Section]:
    """The sections with what this person may open; empty ones are left out."""
    seen = (
        Section(each.title, tuple(link for link in each.links if not link.permission or user.has_perm(link.permission)))
        for each in SECTIONS
    )
    return [section for section in seen if section.links]
