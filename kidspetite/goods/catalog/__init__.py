"""What we sell: products, variants, sizes, colours, categories, collections."""
