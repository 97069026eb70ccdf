from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_discounts")]

    operations = [
        migrations.AddField(
            "order",
            "tenders",
            models.JSONField(
                blank=True, default=list, help_text="what it was paid with: provider, label, amount_minor"
            ),
        ),
    ]
