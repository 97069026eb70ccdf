import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cart", "0004_client")]
    operations = [
        migrations.AlterField(
            "cartline",
            "cart",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="cart.cart"
            ),
        ),
    ]
