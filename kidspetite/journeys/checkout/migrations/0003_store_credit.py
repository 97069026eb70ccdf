from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0002_attempt_key")]

    operations = [
        migrations.AddField(
            "draft",
            "keeps_credit",
            models.BooleanField(default=False, help_text="store credit is left for another time"),
        ),
    ]
