from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Q

CAPTURES = [("at_once", "with the order"), ("at_shipping", "when it ships")]
STATUSES = [
    ("intended", "not sent yet"),
    ("requires_action", "waiting for the bank"),
    ("unknown", "asking the provider"),
    ("authorised", "held by the bank"),
    ("captured", "paid"),
    ("declined", "declined"),
    ("voided", "given up"),
    ("surplus", "paid twice, given back"),
]
WHAT_WAS_PAID_WAS_TAKEN = """
update payments_payment set captured_minor = amount_minor where status in ('captured', 'surplus');
update payments_sandboxcharge set captured_minor = amount_minor where status = 'captured';
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_sandbox_memory_and_surplus")]

    operations = [
        migrations.AddField("payment", "card_print", models.CharField(blank=True, default="", max_length=64, help_text="names the card, and is not its number"), preserve_default=False),
        migrations.AddField("payment", "traces", ArrayField(models.CharField(max_length=60), blank=True, default=list, help_text="whose attempt it was, as digests", size=None)),
        migrations.AddField("payment", "capture", models.CharField(choices=CAPTURES, default="at_once", max_length=12)),
        migrations.AddField("payment", "captured_minor", models.BigIntegerField(default=0, help_text="taken of what was asked for")),
        migrations.AddField("sandboxcharge", "capture", models.CharField(choices=CAPTURES, default="at_once", max_length=12)),
        migrations.AddField("sandboxcharge", "captured_minor", models.BigIntegerField(default=0)),
        migrations.AlterField("payment", "next_action_url", models.CharField(blank=True, max_length=2000)),
        migrations.AlterField("payment", "status", models.CharField(choices=STATUSES, default="intended", max_length=16)),
        migrations.RunSQL(WHAT_WAS_PAID_WAS_TAKEN, migrations.RunSQL.noop),
        migrations.RemoveConstraint("payment", "payments_never_refund_more_than_paid"),
        migrations.AddConstraint("payment", models.CheckConstraint(condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("captured_minor")), name="payments_never_refund_more_than_taken")),
        migrations.AddConstraint("payment", models.CheckConstraint(condition=Q(captured_minor__lte=F("amount_minor")), name="payments_never_take_more_than_asked")),
        migrations.RemoveConstraint("payment", "payments_one_capture_an_order"),
        migrations.AddConstraint("payment", models.UniqueConstraint(fields=["order"], condition=Q(status__in=["authorised", "captured"]), name="payments_one_tender_an_order")),
        migrations.AddIndex("payment", GinIndex(fields=["traces"], condition=Q(status="declined"), name="payments_declines_of")),
    ]
