"""Memory that was freed goes back to the system at once, unless somebody decides otherwise."""

import os
import subprocess
import sys

import pytest

from crmdash import memory

TELL = "import crmdash, os; print(os.environ['_RJEM_MALLOC_CONF'])"


@pytest.mark.parametrize(("given", "told"), [(None, memory.AT_ONCE), ("muzzy_decay_ms:7", "muzzy_decay_ms:7")])
def test_the_allocator_is_told_before_polars_is_loaded(given: str | None, told: str):
    variables = {name: value for name, value in os.environ.items() if name != memory.VARIABLE}
    variables |= {} if given is None else {memory.VARIABLE: given}
    found = subprocess.run(
        [sys.executable, "-c", TELL], env=variables, capture_output=True, text=True, check=True
    ).stdout.strip()
    # Polars puts its own wishes first, and the last one counts.
    assert found.endswith(told) and found.startswith("dirty_decay_ms:")
