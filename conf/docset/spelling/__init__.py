"""How words are spelled: in pages, docstrings and comments."""
