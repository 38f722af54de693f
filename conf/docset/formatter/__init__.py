"""How the Markdown of the pages looks: rewritten where that is safe, reported where it is not."""
