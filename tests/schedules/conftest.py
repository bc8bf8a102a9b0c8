import pytest

for name in ("instance", "link", "phone", "schedules", "story", "world"):
    pytest.register_assert_rewrite(f"tests.schedules.{name}")
