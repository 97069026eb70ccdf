"""PayPal has a name of its own for money taken; a refund that a provider tells of is booked once."""

from django.db import migrations, models
from django.db.models import Q

TELL_WHAT_EACH_REFUND_WAS = """
update payments_sandboxcharge c set refunds = coalesce((
    select jsonb_agg(jsonb_build_object('id', r.reference, 'amount_minor', r.amount_minor, 'key', r.key) order by r.id)
    from payments_refund r join payments_payment p on p.id = r.payment_id
    where p.key = c.key and p.provider = 'sandbox' and r.reference <> ''), '[]')
where c.refunds <> '[]'
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_saved_cards")]

    operations = [
        migrations.AddField(
            "payment",
            "taken_as",
            models.CharField(blank=True, default="", help_text="the provider's id of the money taken", max_length=120),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "payment",
            models.Index(condition=~Q(taken_as=""), fields=["taken_as"], name="payments_taken_as"),
        ),
        migrations.AddConstraint(
            "refund",
            models.UniqueConstraint(
                condition=~Q(reference=""), fields=["payment", "reference"], name="payments_one_row_a_refund"
            ),
        ),
        migrations.AddField(
            "sandboxcharge",
            "cancel_url",
            models.CharField(blank=True, default="", max_length=400),
            preserve_default=False,
        ),
        migrations.AlterField(
            "sandboxcharge",
            "refunds",
            models.JSONField(blank=True, default=list, help_text="made: id, amount_minor, key"),
        ),
        migrations.RunSQL(TELL_WHAT_EACH_REFUND_WAS, migrations.RunSQL.noop),
    ]
