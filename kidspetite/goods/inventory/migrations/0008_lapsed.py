import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_alerts")]
    operations = [
        migrations.AddIndex("hold", models.Index(fields=["level", "expires_at"], name="inventory_lapsed")),
        migrations.AlterField(
            "hold",
            "level",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holds",
                to="inventory.stocklevel",
            ),
        ),
    ]
