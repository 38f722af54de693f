"""Programs that take the place of a package's own command where that has a fault.

They import nothing of the backends, so they start as fast as what they stand for.
"""
