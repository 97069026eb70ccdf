"""What the states take on clothes, so that a shop can switch a state on without typing a table.

State rates without local taxes, as published by the states' tax agencies for 2026. The owner adds a row with a later
day when a rate changes; these stay, for the orders of their time.
"""

from datetime import date
from decimal import Decimal

from django.db import migrations, models

SINCE = date(2025, 7, 1)
SOURCE = "state tax agency; state rate without local taxes"

RATES = (
    "AL 4 AK 0 AZ 5.6 AR 6.5 CA 7.25 CO 2.9 CT 6.35 DE 0 DC 6 FL 6 GA 4 HI 4 ID 6 IL 6.25 IN 7 IA 6 KS 6.5 KY 6 LA 5"
    " ME 5.5 MD 6 MA 6.25 MI 6 MN 6.875 MS 7 MO 4.225 MT 0 NE 5.5 NV 6.85 NH 0 NJ 6.625 NM 4.875 NY 4 NC 4.75 ND 5"
    " OH 5.75 OK 4.5 OR 0 PA 6 PR 10.5 RI 7 SC 6 SD 4.2 TN 7 TX 6.25 UT 6.1 VT 6 VA 5.3 WA 6.5 WV 6 WI 5 WY 4"
).split()
EXEMPT = {"MN", "NJ", "PA", "VT"}
EXEMPT_BELOW = {"NY": 110_00}
EXCESS_TAXED = {"MA": 175_00, "RI": 250_00}
SHIPPING_TAXED = set("AR CT DC FL GA HI IN KS KY MN MS NE NJ NM NY NC ND OH PA RI SC SD TN TX VT WA WV WI".split())


def add_rules(apps, schema_editor):
    tax_rules = apps.get_model("pricing", "TaxRule").objects
    for state, rate in zip(RATES[::2], RATES[1::2], strict=True):
        tax_rules.get_or_create(
            state=state,
            valid_from=SINCE,
            defaults={
                "rate": Decimal(rate),
                "is_exempt": state in EXEMPT,
                "exempt_below_minor": EXEMPT_BELOW.get(state, EXCESS_TAXED.get(state)),
                "taxes_excess_only": state in EXCESS_TAXED,
                "taxes_shipping": state in SHIPPING_TAXED,
                "source": SOURCE,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="taxrule",
            name="taxes_excess_only",
            field=models.BooleanField(default=False, verbose_name="only the excess is taxed"),
        ),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
