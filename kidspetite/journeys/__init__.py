"""Things people set out to do, across several rooms."""
