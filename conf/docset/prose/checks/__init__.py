"""One check a module; ``docset.prose.check`` says what such a module has."""
