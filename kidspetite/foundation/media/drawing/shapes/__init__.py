"""How each garment is cut: one module per family, each function gives a pile of pieces in centimetres."""
