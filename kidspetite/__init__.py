"""Kids Petite: a web shop for children's clothes, with a gift registry."""

__version__ = "0.1.0"
