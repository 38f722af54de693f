"""Executes the pages: their files are written, their commands typed, their output compared."""
