"""Fills a shop with demo goods, people and orders, and takes them out again."""
