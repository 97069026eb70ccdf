"""A refund that came back is sold anew in the provider's books of taxes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pricing", "0004_local_taxes")]

    operations = [
        migrations.AddField(
            "taxfiling",
            "anew_of",
            models.ForeignKey(
                help_text="the sale as it was first",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pricing.taxfiling",
            ),
        ),
        migrations.AlterField(
            "taxfiling",
            "sale",
            models.ForeignKey(
                help_text="empty: a sale",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returns",
                to="pricing.taxfiling",
            ),
        ),
    ]
