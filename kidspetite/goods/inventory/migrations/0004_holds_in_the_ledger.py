from django.db import migrations, models
from django.db.models import Q

# Holds that live when the ledger begins to tell of them, so that it sums to what is promised.
OPENING = """
insert into inventory_movement (level_id, kind, quantity, promised, reason, cause, actor, at)
select level_id, 'held', 0, quantity, '', holder, 'shopper', created_at from inventory_hold
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_held_band")]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="client",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(condition=Q(("client", ""), _negated=True), fields=["client"], name="inventory_by_client"),
        ),
        migrations.AddField(
            model_name="movement",
            name="promised",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="movement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("sold", "sold"),
                    ("returned", "returned"),
                    ("adjusted", "adjusted"),
                    ("damaged", "damaged"),
                    ("held", "held"),
                    ("released", "released"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="movement",
            name="cause",
            field=models.CharField(blank=True, help_text="order:KP-…, cart:12, sheet:3", max_length=60),
        ),
        migrations.RemoveConstraint(model_name="movement", name="inventory_a_movement_moves_something"),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=Q(("promised", 0), ("quantity", 0), _negated=True),
                name="inventory_a_movement_moves_something",
            ),
        ),
        migrations.RunSQL(OPENING, migrations.RunSQL.noop),
    ]
