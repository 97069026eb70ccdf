from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now


class Picture(models.Model):
    """One picture, by content: a drawing kept as SVG, or a photograph turned upright and freed of its location.

    `original` is the stored file's name under MEDIA_ROOT. `widths` lists the raster widths that exist for every format
    in `formats`; while it is empty the original is shown. Rasters are cut to 4:5 around the focal point.
    """

    class Kind(models.TextChoices):
        DRAWING = "drawing"
        PHOTO = "photo"

    kind = models.CharField(max_length=8, choices=Kind)
    digest = models.CharField(max_length=40, unique=True)
    original = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(max_length=300)
    wash = models.CharField(max_length=12, blank=True, help_text="ground under a drawing; photographs lie on felt")
    focal_x = models.PositiveSmallIntegerField(default=50, validators=[MaxValueValidator(100)])
    focal_y = models.PositiveSmallIntegerField(default=50, validators=[MaxValueValidator(100)])
    widths = models.JSONField(default=list, blank=True)
    formats = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(width__gt=0, height__gt=0), name="media_a_picture_has_an_extent"),
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="media_focus_lies_in_the_picture"
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.digest
