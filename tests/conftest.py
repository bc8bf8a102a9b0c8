import hypothesis
import pytest

# A busy machine is no failure; how fast something is belongs in benchmarks.
hypothesis.settings.register_profile("goldenpath", deadline=None, print_blob=True)
hypothesis.settings.load_profile("goldenpath")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
