"""What parents in the United States say for the same things. Staff change the list as they like."""

from django.db import migrations

SAME = {
    "bodysuit": ("onesie", "creeper", "vest"),
    "romper": ("playsuit", "jumpsuit", "coverall"),
    "sleepsuit": ("sleeper", "footie", "babygrow", "sleep suit", "sleep and play"),
    "pajamas": ("pjs", "pyjamas", "jammies", "nightwear", "pj"),
    "sweater": ("jumper", "pullover", "knitwear"),
    "hoodie": ("sweatshirt", "hooded sweatshirt"),
    "tee": ("t shirt", "tshirt", "shirt"),
    "leggings": ("tights",),
    "joggers": ("sweatpants", "track pants", "pants", "trousers"),
    "dungarees": ("overalls", "bib overalls"),
    "raincoat": ("rain jacket", "slicker", "rainwear"),
    "beanie": ("winter hat", "knit hat", "cap"),
    "booties": ("crib shoes", "slippers"),
    "socks": ("stockings",),
    "bib": ("burp cloth",),
    "blanket": ("swaddle", "throw"),
    "sleep sack": ("sleeping bag", "wearable blanket", "sleepbag"),
    "nappy": ("diaper",),
    "dress": ("frock", "gown"),
    "cord": ("corduroy",),
    "muslin": ("gauze",),
    "oilskin": ("waterproof", "rainproof"),
}


def add_synonyms(apps, schema_editor):
    synonyms = apps.get_model("discovery", "Synonym")
    synonyms.objects.bulk_create(
        [synonyms(word=word, means=ours) for ours, words in SAME.items() for word in words], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("discovery", "0001_initial")]

    operations = [migrations.RunPython(add_synonyms, migrations.RunPython.noop)]
