from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kidspetite.journeys.winback.types import Why


class Contact(models.Model):
    """Whoever filled this basket typed an address in checkout and ticked that we may remind them. It goes with the
    basket."""

    cart = models.OneToOneField("cart.Cart", models.CASCADE, related_name="contact")
    address = models.EmailField(help_text="in small letters")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.address} of cart {self.cart_id}"


class Round(models.Model):
    """One person's round of reminders: at most three letters, whatever number of baskets and devices they use.

    A held-out round goes the same way without letters, so that the two can be compared. Its address is forgotten
    after 90 days; what is left are counts.
    """

    address = models.EmailField(blank=True, db_index=True, help_text="in small letters")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="if they sign in"
    )
    is_held_out = models.BooleanField(default=False, help_text="gets no letters, for comparison")
    opened_at = models.DateTimeField(db_index=True)
    left_at = models.DateTimeField(help_text="when they were last at a basket of theirs")
    told = models.PositiveSmallIntegerField(default=0, help_text="the latest letter: 1, 2 or 3")
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=8, blank=True, choices=[(each.value, each.value) for each in Why])
    bought_at = models.DateTimeField(null=True, blank=True, help_text="within a week of the first letter")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(ended_at=None) & ~Q(address=""), name="winback_one_round_a_person"
            ),
            models.CheckConstraint(condition=Q(told__lte=3), name="winback_three_letters_at_most"),
            models.CheckConstraint(
                condition=Q(ended_at=None, why="") | (Q(ended_at__isnull=False) & ~Q(why="")),
                name="winback_an_end_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.pk}, letter {self.told}"

    @property
    def subject_key(self) -> str:
        """The name under which its letters are withdrawn."""
        return f"reminder:{self.pk}"
