from shared import configure

globals().update(configure("how-to"))
