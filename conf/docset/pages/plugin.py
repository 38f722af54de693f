"""The pytest plugin that runs the pages."""
