"""The links that leave the site, and whether they still lead somewhere.

httpx asks, not the program lychee: what is a link, and where it stands, is read from MyST and from
docstrings, which lychee does not know, and contributors need no further program.
"""
