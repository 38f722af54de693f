from shared import configure

globals().update(configure("explanation"))
