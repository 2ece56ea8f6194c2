"""What all tests share: where the collected record lies, and a Hypothesis profile without chance."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

#: The collected record stands beside the checkout, and is no part of it.
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the collected record; tests that need it are skipped elsewhere."""
    if not (SHARED / "data" / "mod_russia_posts.csv").exists():
        pytest.skip("the collected record is not beside this checkout")
    return SHARED
