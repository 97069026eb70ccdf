"""What a provider told and never got through is read in its own list, or asked for charge by charge."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_provider_news")]

    operations = [
        migrations.CreateModel(
            "NewsRead",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20, unique=True)),
                ("until", models.DateTimeField()),
            ],
            {"verbose_name_plural": "news read"},
        ),
        migrations.AddIndex(
            "payment",
            models.Index(
                condition=Q(status__in=["captured", "surplus"], account=None),
                fields=["provider", "asked_at"],
                name="payments_to_look_over",
            ),
        ),
    ]
