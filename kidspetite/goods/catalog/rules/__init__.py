"""Pure decisions of the catalogue: which products a choice of filters leaves, how many, in which order."""
