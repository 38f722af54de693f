"""Executes the pages: their files are written, their commands typed, their output compared.

This is a plugin of pytest: where docset is installed, ``pytest tutorials`` runs the pages of the
root ``tutorials``, each as one test, and ``docset pages tutorials`` runs nothing else. It works in
every project whose pyproject.toml has roots, ``[[tool.docset.roots]]``.

What an author writes
---------------------

``console`` blocks are sessions: ``$`` before a command, ``>`` before a line with which it goes on,
the output below it, ``^C`` where Ctrl+C is pressed. The caption ``Terminal 2`` opens a second
terminal. ``pycon`` blocks are typed into the terminal's Python. ``...`` stands for any output, and
what differs from run to run is equal: ``normalize`` knows it.

Every other block with a path as its caption is a file: the whole of it, an addition, as in
``mysite/settings.py (add at the end)``, or a new value, as in ``mysite/settings.py (replace
DEBUG)``. A command after it, or another block, must name it (see ``uses``), unless a validator
knows what it is for. ``literalinclude`` quotes a file of the repository. A
text without a caption is validated by what ``validators.table`` names for its language.

A comment right above a block, ``% test: key: value``, tells the tests what readers need not see:

* ``port: 8000``: the last command serves this port, and goes on until the page ends.
* ``port: none``: the last command serves none, and goes on all the same; it is ready when it has
  printed what the page shows.
* ``exit: 1``: the last command ends with this status.
* ``timeout: 60``: the seconds that each command may take, instead of 120, and for which output of
  a server is awaited, instead of 5.
* ``requires: psql``: without this program the page ends here.
* ``dry-run: web``: the block is the command line of this process of the settings above.
* ``skip: needs a real DNS name``: nothing is done with the block; ``notes`` tells readers so.

These stand alone, and are done where they stand:

* ``setup: mkdir a``: a command that readers do not see.
* ``copy: examples/shop``: a folder of the repository that readers have too.
* ``checkout: shop``: a copy of the whole repository, with the tools that are installed in it, in
  the folder ``shop`` where terminals open and files are written. It stands above all else.

What a project sets
-------------------

The table ``[tool.docset.pages]`` may have these keys:

* ``caches``: folders that git ignores, and that a checkout has: they spare its tools work.
* ``coverage``: the file that keeps how many blocks are checked (see ``ratchet``); without it they
  may become fewer.
* ``examples``: folders whose files run elsewhere, so that pages may quote them as they are.
* ``most-skipped``: the percentage of all blocks that may be skipped; 100 without it.

The options of pytest are ``--update-pages``, which writes real output into the pages, and
``--ratchet-pages``, which keeps the coverage: ``docset pages --update`` and ``--ratchet``.
``rules`` names each kind of fault.
"""
