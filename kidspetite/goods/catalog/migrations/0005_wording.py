from django.db import migrations, models

# Lists forget what they know of words only when words change, not at every sale. And who makes thousands of products in
# one transaction says so once, with a note that names none, instead of thousands of times.
NOTED_AT_ONCE = "current_setting('catalog.noted_at_once', true) IS NOT DISTINCT FROM 'on'"
NOTES = f"""
CREATE FUNCTION catalog_note_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_shelfchange (product_id, transaction, is_wording)
    VALUES (NEW.id, pg_current_xact_id()::text::bigint, true);
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_note_wording AFTER UPDATE OF words, being ON catalog_product FOR EACH ROW
    WHEN (NOT {NOTED_AT_ONCE} AND (OLD.words, OLD.being) IS DISTINCT FROM (NEW.words, NEW.being))
    EXECUTE FUNCTION catalog_note_wording();

DROP TRIGGER catalog_note_product ON catalog_product;
CREATE TRIGGER catalog_note_product AFTER INSERT OR DELETE ON catalog_product FOR EACH ROW
    WHEN (NOT {NOTED_AT_ONCE}) EXECUTE FUNCTION catalog_note_product();
DROP TRIGGER catalog_note_change ON catalog_product;
CREATE TRIGGER catalog_note_change AFTER UPDATE ON catalog_product FOR EACH ROW
    WHEN (NOT {NOTED_AT_ONCE} AND
          (OLD.status, OLD.published_at, OLD.category_id, OLD.season, OLD.price_from_minor, OLD.is_available, OLD.sold,
           OLD.piece_keys)
        IS DISTINCT FROM
          (NEW.status, NEW.published_at, NEW.category_id, NEW.season, NEW.price_from_minor, NEW.is_available, NEW.sold,
           NEW.piece_keys))
    EXECUTE FUNCTION catalog_note_product();
"""
NO_NOTES = """
DROP TRIGGER catalog_note_change ON catalog_product;
CREATE TRIGGER catalog_note_change AFTER UPDATE ON catalog_product FOR EACH ROW
    WHEN ((OLD.status, OLD.published_at, OLD.category_id, OLD.season, OLD.price_from_minor, OLD.is_available, OLD.sold,
           OLD.piece_keys)
        IS DISTINCT FROM
          (NEW.status, NEW.published_at, NEW.category_id, NEW.season, NEW.price_from_minor, NEW.is_available, NEW.sold,
           NEW.piece_keys))
    EXECUTE FUNCTION catalog_note_product();
DROP TRIGGER catalog_note_product ON catalog_product;
CREATE TRIGGER catalog_note_product AFTER INSERT OR DELETE ON catalog_product
    FOR EACH ROW EXECUTE FUNCTION catalog_note_product();
DROP TRIGGER catalog_note_wording ON catalog_product;
DROP FUNCTION catalog_note_wording();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_being")]

    operations = [
        migrations.AddField("shelfchange", "is_wording", models.BooleanField(db_default=False)),
        migrations.RunSQL(NOTES, NO_NOTES),
    ]
