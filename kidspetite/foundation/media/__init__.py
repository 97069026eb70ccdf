"""Pictures: files, turning upright, cutting, widths; and the drawings of the demo shop."""
