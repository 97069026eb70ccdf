"""What the owner writes: pages and the facts of the shop."""
