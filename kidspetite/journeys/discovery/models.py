from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Synonym(models.Model):
    """What shoppers type, and what we call it: another word, or one of our colours. Staff may add to them."""

    word = models.CharField(_("shoppers type"), max_length=60, help_text=_("up to three words"))
    means = models.CharField(_("we say"), max_length=60, help_text=_("a word of ours, or the name of a color"))
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["word", "means"]
        constraints = [models.UniqueConstraint(fields=["word", "means"], name="discovery_say_it_once")]

    def __str__(self) -> str:
        return f"{self.word} = {self.means}"


class Term(models.Model):
    """A word that products carry, with how many do: what mistyped words are compared with."""

    word = models.CharField(max_length=60, primary_key=True)
    stem = models.CharField(max_length=60)
    products = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["stem"], name="discovery_by_stem"),
            models.Index(fields=["word"], opclasses=["text_pattern_ops"], name="discovery_by_beginning"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="discovery_by_likeness"),
        ]

    def __str__(self) -> str:
        return self.word
