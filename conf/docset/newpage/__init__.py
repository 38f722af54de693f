"""A new page of a mode: it passes every check from its first minute on."""
