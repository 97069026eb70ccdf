"""An order is paid by a list of tenders; store credit is one, with a ledger. What was paid before is told as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

CAUSES = [
    ("granted", "from the shop"), ("taken_back", "taken back"), ("spent", "used for an order"),
    ("returned", "not used after all"), ("refunded", "refund of an order"),
]  # fmt: skip
TELL_WHAT_WAS_PAID = """
update orders_order o set tenders = jsonb_build_array(
    jsonb_build_object('provider', p.provider, 'label', p.label, 'amount_minor', p.amount_minor))
from payments_payment p
where p.order_id = o.id and p.status in ('authorised', 'captured') and p.amount_minor > 0 and o.paid_at is not null
"""


def own_id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def account_of(related_name, **more):
    return models.ForeignKey(
        "payments.creditaccount", on_delete=django.db.models.deletion.PROTECT, related_name=related_name, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_disputes"),
        ("orders", "0003_tenders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "CreditAccount",
            [
                own_id(),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(default="USD", max_length=3)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="store_credit",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(balance_minor__gte=0), name="payments_credit_is_never_below_zero"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "CreditEntry",
            [
                own_id(),
                ("amount_minor", models.BigIntegerField(help_text="what came, or below zero what went")),
                ("cause", models.CharField(choices=CAUSES, max_length=12)),
                ("subject", models.CharField(blank=True, help_text="the order it is about", max_length=40)),
                (
                    "reason",
                    models.CharField(blank=True, help_text="in the words of who did it", max_length=200),
                ),
                ("actor", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField(db_default=Now())),
                ("account", account_of("entries")),
            ],
            options={
                "verbose_name_plural": "credit entries",
                "constraints": [
                    models.CheckConstraint(condition=~Q(amount_minor=0), name="payments_an_entry_moves_credit")
                ],
            },
        ),
        migrations.CreateModel(
            "RefundedPieces",
            [
                own_id(),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunded_pieces",
                        to="orders.order",
                    ),
                ),
                ("action", models.CharField(max_length=80)),
                (
                    "sku",
                    models.CharField(blank=True, help_text="of a line; empty for the sending", max_length=40),
                ),
                ("pieces", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name_plural": "refunded pieces",
                "constraints": [
                    models.UniqueConstraint(fields=["action", "sku"], name="payments_one_row_a_line_and_refund"),
                    models.CheckConstraint(condition=Q(pieces__gte=1), name="payments_refunded_pieces_are_some"),
                ],
            },
        ),
        migrations.AddField(
            "payment",
            "account",
            account_of("tenders", blank=True, null=True, help_text="whose credit it takes"),
        ),
        migrations.AddField(
            "payment",
            "beside",
            models.ForeignKey(
                "payments.payment",
                on_delete=django.db.models.deletion.PROTECT,
                blank=True,
                null=True,
                related_name="companions",
            ),
        ),
        migrations.AddField("refund", "account", account_of("refunds", blank=True, null=True)),
        migrations.AddField("refund", "action", models.CharField(db_index=True, default="", max_length=80)),
        migrations.RemoveConstraint("payment", "payments_one_tender_an_order"),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["authorised", "captured"], account=None),
                name="payments_one_gateway_tender_an_order",
            ),
        ),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                fields=["order", "account"],
                condition=Q(status__in=["authorised", "captured"], account__isnull=False),
                name="payments_one_tender_an_account",
            ),
        ),
        migrations.AddConstraint(
            "payment",
            models.CheckConstraint(
                condition=Q(account=None, beside=None) | Q(account__isnull=False, beside__isnull=False),
                name="payments_credit_stands_beside_a_payment",
            ),
        ),
        migrations.RunSQL("update payments_refund set action = key", migrations.RunSQL.noop),
        migrations.RunSQL(TELL_WHAT_WAS_PAID, migrations.RunSQL.noop),
    ]
