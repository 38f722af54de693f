"""What tests of a backend are made of: fresh projects, started processes, and contracts.

A contract is a set of ready-made tests that start real processes: see
:mod:`django_prodserver.testing.contracts`.
They need nothing but Django and the standard library, and run under :mod:`unittest`, pytest and
``manage.py test``, on POSIX systems.
"""

__all__: list[str] = []
