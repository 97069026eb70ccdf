import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_captures_and_traces")]

    operations = [
        migrations.CreateModel(
            "Dispute",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=120, unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, help_text="in the provider's words", max_length=60)),
                ("status", models.CharField(help_text="in the provider's words", max_length=40)),
                ("opened_at", models.DateTimeField(db_default=Now())),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.payment"
                    ),
                ),
            ],
        ),
    ]
