from django.db import migrations

# Whoever changes a product, by whatever way, leaves a note; lists read the notes (see queries/shelf.py).
NOTES = """
CREATE FUNCTION catalog_note_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        INSERT INTO catalog_shelfchange (product_id, transaction) VALUES (OLD.id, pg_current_xact_id()::text::bigint);
    ELSE
        INSERT INTO catalog_shelfchange (product_id, transaction) VALUES (NEW.id, pg_current_xact_id()::text::bigint);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_note_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_shelfchange (product_id, transaction)
    VALUES (coalesce(NEW.product_id, OLD.product_id), pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_note_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_shelfchange (product_id, transaction) VALUES (NULL, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;

CREATE TRIGGER catalog_note_product AFTER INSERT OR DELETE ON catalog_product
    FOR EACH ROW EXECUTE FUNCTION catalog_note_product();
CREATE TRIGGER catalog_note_change AFTER UPDATE ON catalog_product FOR EACH ROW
    WHEN ((OLD.status, OLD.published_at, OLD.category_id, OLD.season, OLD.price_from_minor, OLD.is_available, OLD.sold,
           OLD.piece_keys)
        IS DISTINCT FROM
          (NEW.status, NEW.published_at, NEW.category_id, NEW.season, NEW.price_from_minor, NEW.is_available, NEW.sold,
           NEW.piece_keys))
    EXECUTE FUNCTION catalog_note_product();
CREATE TRIGGER catalog_note_item AFTER INSERT OR UPDATE OR DELETE ON catalog_collectionitem
    FOR EACH ROW EXECUTE FUNCTION catalog_note_item();
CREATE TRIGGER catalog_note_emptied AFTER TRUNCATE ON catalog_product
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_everything();
CREATE TRIGGER catalog_note_items_emptied AFTER TRUNCATE ON catalog_collectionitem
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_everything();
"""
NO_NOTES = """
DROP TRIGGER catalog_note_items_emptied ON catalog_collectionitem;
DROP TRIGGER catalog_note_emptied ON catalog_product;
DROP TRIGGER catalog_note_item ON catalog_collectionitem;
DROP TRIGGER catalog_note_change ON catalog_product;
DROP TRIGGER catalog_note_product ON catalog_product;
DROP FUNCTION catalog_note_everything();
DROP FUNCTION catalog_note_item();
DROP FUNCTION catalog_note_product();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_shelf")]

    operations = [migrations.RunSQL(NOTES, NO_NOTES)]
