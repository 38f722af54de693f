"""The commands; whoever imports this is about to run one."""

import gc

# All that Django has loaded stays until the end: to look through it for garbage takes as long as
# all that a command does before it starts a process.
gc.freeze()
