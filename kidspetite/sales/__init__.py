"""Baskets, orders, money and parcels."""
