"""docset builds several Sphinx roots that refer to each other, in one run, as one site."""
