"""Checks of what the pages say and how they are written: words, structure and markup."""
