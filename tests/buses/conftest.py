import pytest

pytest.register_assert_rewrite("goldenpath.testing")
