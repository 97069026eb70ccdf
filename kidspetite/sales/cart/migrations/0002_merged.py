from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cart", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="cart",
            name="status",
            field=models.CharField(
                choices=[("open", "Open"), ("ordered", "Ordered"), ("merged", "Merged")], default="open", max_length=8
            ),
        ),
    ]
