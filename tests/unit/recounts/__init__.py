"""Each system on the sample, beside what `tests.unit.reference_systems` counts from the raw files."""

import pytest

# A recount that differs says by how much, as tests do.
pytest.register_assert_rewrite(
    *(
        f"tests.unit.recounts.{module}"
        for module in ("audit", "board_and_lifecycle", "value_and_kinds", "warnings_and_what_if", "found")
    )
)
