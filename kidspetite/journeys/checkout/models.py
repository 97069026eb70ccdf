from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from kidspetite.foundation.kernel import ids


class Draft(models.Model):
    """What a shopper has typed so far, kept with the basket, so that nothing is typed twice and nothing is lost."""

    cart = models.OneToOneField("cart.Cart", models.CASCADE, related_name="draft")
    email = models.CharField(max_length=254, blank=True)
    address = models.JSONField(default=dict, blank=True)
    shipping_method = models.CharField(max_length=30, blank=True)
    gift_message = models.CharField(max_length=300, blank=True)
    gift_receipt = models.BooleanField(default=False)
    wants_news = models.BooleanField(default=False, help_text="ticked, so that the newsletter is asked about by mail")
    wants_texts = models.BooleanField(default=False, help_text="ticked, so that the phone is asked once it is paid")
    payment = models.JSONField(default=dict, blank=True, help_text="provider and token; never a card number")
    keeps_credit = models.BooleanField(default=False, help_text="store credit is left for another time")
    attempt_key = models.CharField(
        max_length=40, default=ids.token, help_text="sent with the pay button, so that two clicks are one purchase"
    )
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"draft of cart {self.cart_id}"
