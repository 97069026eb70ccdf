"""Cards that a provider keeps for a customer, and the wishes to keep one."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

from kidspetite.foundation.kernel import ids

WISHES = [(each, each) for each in ("sent", "requires_action", "unknown", "kept", "refused")]
SANDBOX = [("asking", "Asking"), ("kept", "Kept"), ("refused", "Refused"), ("forgotten", "Forgotten")]


def own_id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def customer():
    return (
        "customer",
        models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    )


def payer_of(related_name):
    return (
        "payer",
        models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to="payments.payer"
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_store_credit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "Payer",
            [
                own_id(),
                ("provider", models.CharField(max_length=20)),
                ("reference", models.CharField(help_text="the provider's id", max_length=120)),
                ("created_at", models.DateTimeField(db_default=Now())),
                customer(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "provider"), name="payments_one_payer_a_provider"),
                    models.UniqueConstraint(fields=("provider", "reference"), name="payments_one_payer_a_reference"),
                ]
            },
        ),
        migrations.CreateModel(
            "SavedCard",
            [
                own_id(),
                (
                    "name",
                    models.CharField(
                        default=ids.token, help_text="ours, for pages and the API", max_length=40, unique=True
                    ),
                ),
                ("reference", models.CharField(help_text="the provider's id", max_length=120)),
                ("brand", models.CharField(max_length=30)),
                ("last4", models.CharField(max_length=4)),
                ("exp_month", models.PositiveSmallIntegerField()),
                ("exp_year", models.PositiveSmallIntegerField()),
                (
                    "card_print",
                    models.CharField(blank=True, help_text="names the card, and is not its number", max_length=64),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField(db_default=Now())),
                customer(),
                payer_of("cards"),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("payer", "reference"), name="payments_one_row_a_card"),
                    models.UniqueConstraint(
                        condition=~Q(card_print=""), fields=("payer", "card_print"), name="payments_a_card_is_kept_once"
                    ),
                    models.UniqueConstraint(
                        condition=Q(is_default=True), fields=("customer",), name="payments_one_default_card"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            "CardAttempt",
            [
                own_id(),
                (
                    "name",
                    models.CharField(default=ids.token, help_text="ours, in the way back", max_length=40, unique=True),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="sent to the provider as its idempotency key", max_length=80, unique=True
                    ),
                ),
                ("method", models.CharField(help_text="the provider's token for the card", max_length=120)),
                ("status", models.CharField(choices=WISHES, default="sent", max_length=16)),
                ("reference", models.CharField(blank=True, help_text="the provider's id", max_length=120)),
                ("reason", models.CharField(blank=True, help_text="why it was refused", max_length=60)),
                ("next_action_url", models.CharField(blank=True, max_length=2000)),
                ("card_print", models.CharField(blank=True, max_length=64)),
                ("traces", ArrayField(models.CharField(max_length=60), blank=True, default=list, size=None)),
                ("return_url", models.CharField(blank=True, max_length=400)),
                ("created_at", models.DateTimeField(db_default=Now())),
                customer(),
                payer_of("+"),
                (
                    "card",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                        to="payments.savedcard",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["created_at"], name="payments_card_attempts_at")]},
        ),
        migrations.CreateModel(
            "SandboxCard",
            [
                own_id(),
                ("key", models.CharField(max_length=80, unique=True)),
                ("reference", models.CharField(max_length=60, unique=True)),
                ("payer", models.CharField(max_length=60)),
                ("token", models.CharField(max_length=40)),
                ("exp_month", models.PositiveSmallIntegerField()),
                ("exp_year", models.PositiveSmallIntegerField()),
                ("status", models.CharField(choices=SANDBOX, max_length=10)),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("return_url", models.CharField(blank=True, max_length=400)),
                ("created_at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.AddField(
            "payment",
            "payer",
            models.ForeignKey(
                blank=True, help_text="whose saved cards", null=True, related_name="+",
                on_delete=django.db.models.deletion.SET_NULL, to="payments.payer",
            ),
        ),
        migrations.AddField(
            "payment",
            "keeps_card",
            models.BooleanField(default=False, help_text="the shopper ticked: save this card for next time"),
        ),
    ]
