"""The PostgreSQL server that tests of reading databases share."""

from collections.abc import Iterator

import pytest

from tests.postgres import HOW_TO_GET_IT, Postgres, binaries, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of our own, started for this run."""
    programs = binaries()
    if programs is None:
        pytest.skip(HOW_TO_GET_IT)
    with running_postgres(programs) as server:
        yield server
