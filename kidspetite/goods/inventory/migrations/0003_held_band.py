from django.db import migrations

# What lies in baskets to its last piece is held and no longer called sold out.
HELD = """
UPDATE catalog_variant AS v SET band = 'held' FROM inventory_stocklevel AS l
 WHERE l.variant_id = v.id AND v.band = 'sold_out' AND l.on_hand > 0 AND l.on_hand <= l.reserved;
UPDATE catalog_product AS p SET band = 'held'
 WHERE p.band = 'sold_out'
   AND EXISTS (SELECT FROM catalog_variant AS v WHERE v.product_id = p.id AND v.is_active AND v.band = 'held');
"""
SOLD_OUT = """
UPDATE catalog_variant SET band = 'sold_out' WHERE band = 'held';
UPDATE catalog_product SET band = 'sold_out' WHERE band = 'held';
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_hold_origin"), ("catalog", "0006_held_band")]

    operations = [migrations.RunSQL(HELD, SOLD_OUT)]
