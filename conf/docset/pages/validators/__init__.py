"""Checks of texts that pages show: the table says which text is checked by what."""
