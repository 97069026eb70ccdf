from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Wait(models.Model):
    """Somebody wants to hear when a variant can be had again: one row an address and variant, used anew each time.

    It is asked for, stands in line since a moment, and is offered one piece, which is held under `holder` until
    `offered_until`. Then it was taken, missed or ended, and `why` says what ended it.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("the mailbox has not said yes")
        WAITING = "waiting", _("in line")
        OFFERED = "offered", _("a piece is set aside")
        TAKEN = "taken", _("put into a basket")
        MISSED = "missed", _("nobody came in time")
        ENDED = "ended", _("ended")

    class Why(models.TextChoices):
        BY_HAND = "by_hand", _("not wanted any more")
        BOUGHT = "bought", _("bought meanwhile")
        UNWELCOME = "unwelcome", _("no letters go there")
        ARCHIVED = "archived", _("not sold any more")

    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="waits")
    address = models.EmailField(help_text="in small letters")
    customer = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="waits")
    status = models.CharField(max_length=8, choices=Status)
    why = models.CharField(max_length=10, choices=Why, blank=True, default="")
    since = models.DateTimeField(help_text="in this status, or in line, since then")
    offers = models.PositiveIntegerField(default=0, help_text="how often a piece was set aside")
    unheard = models.PositiveSmallIntegerField(default=0, help_text="offers in a row whose letter never left")
    offered_until = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=60, blank=True, default="", help_text="the holder the piece went to")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "address"], name="inventory_one_wait_an_address"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="inventory_wait_in_small_letters"),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offered_until__isnull=False, offers__gt=0),
                name="inventory_an_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(status="ended") & ~Q(why="") | ~Q(status="ended") & Q(why=""),
                name="inventory_an_end_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["variant", "since", "id"], condition=Q(status="waiting"), name="inventory_line"),
            models.Index(fields=["offered_until"], condition=Q(status="offered"), name="inventory_offers"),
            models.Index(fields=["address"], name="inventory_waits_of"),
        ]

    def __str__(self) -> str:
        return f"wait:{self.pk}"

    @property
    def holder(self) -> str:
        """The name under which the piece that is set aside is held."""
        return f"wait:{self.pk}"
