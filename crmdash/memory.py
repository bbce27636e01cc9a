"""What freed memory becomes: the system's at once, not a second later.

Polars' allocator marks pages that are free and leaves it to the system to take them, for a second; while millions of
rows are worked on, that second is a fifth of all the memory held. Set here, before Polars is loaded; whoever loads
Polars first, or sets the variable, decides.
"""

import os
from typing import Final

VARIABLE: Final = "_RJEM_MALLOC_CONF"
AT_ONCE: Final = "muzzy_decay_ms:0"

os.environ.setdefault(VARIABLE, AT_ONCE)
