from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cart", "0003_promo_codes")]

    operations = [
        migrations.AddField(
            model_name="cart",
            name="client",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="whose network opened it, as a digest",
                max_length=60,
            ),
        ),
    ]
