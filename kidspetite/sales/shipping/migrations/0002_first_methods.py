"""Two ways to send, so that a shop without any data of its own can sell. Staff change them as they like."""

from django.db import migrations

ANY = None
TWO_KILOS = 2_000

# code, name, description, free from the threshold on, rates: zone, up to grams, cents, working days from and to
METHODS = (
    (
        "standard", "Standard", "In a paper mailer, tracked", True,
        (
            ("contiguous", TWO_KILOS, 5_95, 3, 5), ("contiguous", ANY, 8_95, 3, 5),
            ("outlying", TWO_KILOS, 9_95, 6, 10), ("outlying", ANY, 14_95, 6, 10),
            ("military", TWO_KILOS, 5_95, 7, 14), ("military", ANY, 8_95, 7, 14),
        ),
    ),
    (
        "express", "Express", "By air, tracked", False,
        (
            ("contiguous", TWO_KILOS, 14_95, 1, 2), ("contiguous", ANY, 19_95, 1, 2),
            ("outlying", TWO_KILOS, 24_95, 2, 4), ("outlying", ANY, 34_95, 2, 4),
        ),
    ),
)  # fmt: skip


def add_methods(apps, schema_editor):
    methods, rates = apps.get_model("shipping", "ShippingMethod"), apps.get_model("shipping", "ShippingRate")
    for position, (code, name, description, may_be_free, bands) in enumerate(METHODS):
        facts = {"name": name, "description": description, "may_be_free": may_be_free, "position": position}
        method, is_new = methods.objects.get_or_create(code=code, defaults=facts)
        if is_new:
            rates.objects.bulk_create(
                rates(method=method, zone=zone, up_to_g=up_to, price_minor=price, days_from=first, days_to=last)
                for zone, up_to, price, first, last in bands
            )


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_initial")]

    operations = [migrations.RunPython(add_methods, migrations.RunPython.noop)]
