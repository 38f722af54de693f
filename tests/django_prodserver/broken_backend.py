"""A module of somebody else that fails when it is imported."""

1 / 0  # noqa: B018
