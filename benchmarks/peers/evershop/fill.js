// Fill the shop through its own services, while it runs (it gives goods their addresses itself): node fill.js 500
import { mkdirSync } from 'node:fs';
import { createCategory, createCollection, createProduct } from '@evershop/evershop/catalog/services';
import { createCoreShippingRate } from '@evershop/evershop/checkout/services';
import { pool } from '@evershop/evershop/lib/postgres';
import sharp from 'sharp';

const description = (text) => [
  { id: 'r1', size: 1, columns: [{ id: 'c1', size: 1, data: { blocks: [{ type: 'paragraph', data: { text } }] } }] },
];
const one = async (sql, values = []) => (await pool.query(sql, values)).rows[0];

async function fillShelves(count) {
  const clothes = await createCategory(
    { name: 'Clothes', url_key: 'clothes', status: '1', include_in_nav: '1', show_products: '1' },
    {},
  );
  const featured = await createCollection({ name: 'Featured', code: 'homepage' }, {});
  const { package_id: box } = await one('SELECT package_id FROM package WHERE is_default');
  const picture = sharp({ create: { width: 480, height: 600, channels: 3, background: 'teal' } });
  mkdirSync('media/catalog', { recursive: true });
  for (let number = 0; number < count; number += 1) {
    await picture.clone().jpeg().toFile(`media/catalog/${number}.jpg`);
    const product = await createProduct(
      {
        name: `Striped bodysuit ${number}`, url_key: `striped-bodysuit-${number}`, sku: `S${number}`, status: 1,
        price: 18, weight: 0.2, qty: 100000, manage_stock: 1, stock_availability: 1, visibility: 1, group_id: 1,
        category_id: clothes.insertId, package_id: box, images: [`/assets/catalog/${number}.jpg`],
        description: description('Soft cotton, cut for the height. '.repeat(4)),
      },
      {},
    );
    if (number < 8) {
      const link = 'INSERT INTO product_collection (collection_id, product_id) VALUES ($1, $2)';
      await pool.query(link, [featured.insertId, product.insertId]);
    }
  }
}

// What is otherwise clicked together in its back office: a home page with goods, a way to ship, payment on delivery.
async function furnish() {
  const widget = await one(
    `INSERT INTO widget_instance (name, type, settings, status) VALUES ('Featured', 'collection_products', $1, true)
     RETURNING widget_instance_id AS id`,
    [{ collection: 'homepage', count: 8, countPerRow: 4 }],
  );
  await pool.query(
    `INSERT INTO widget_placement (widget_instance_id, route, area) VALUES ($1, 'homepage', 'content')`,
    [widget.id],
  );
  const zone = await one(`INSERT INTO shipping_zone (name) VALUES ('US') RETURNING shipping_zone_id AS id`);
  await pool.query(`INSERT INTO shipping_zone_country (zone_id, country) VALUES ($1, 'US')`, [zone.id]);
  await pool.query(`INSERT INTO shipping_zone_provider (zone_id, provider_code) VALUES ($1, 'core')`, [zone.id]);
  const way = await one(
    `INSERT INTO core_shipping_method (name) VALUES ('Standard') RETURNING core_shipping_method_id AS id`,
  );
  await createCoreShippingRate({ method_id: way.id, zone_id: zone.id, cost: 5 });
  await pool.query(`INSERT INTO setting (name, value, is_json) VALUES ('codPaymentStatus', '1', false)`);
}

await fillShelves(Number(process.argv[2]));
await furnish();
await pool.end();
