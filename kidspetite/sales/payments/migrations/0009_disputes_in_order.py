"""Late news of a dispute is known by its moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_news_read")]

    operations = [
        migrations.AddField(
            "dispute",
            "told_at",
            models.DateTimeField(blank=True, help_text="when the provider told it so", null=True),
        ),
    ]
