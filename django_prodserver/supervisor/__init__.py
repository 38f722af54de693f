"""Several launches as the children of this process: what ``prodserver --all`` runs.

No shell stands in between, so a signal reaches the server itself, and its exit code comes back.
"""
