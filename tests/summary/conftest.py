"""One panel for all summaries."""

import pytest

from tests.synthetic_panel import simulate_panel


@pytest.fixture(scope="module")
def panel():
    return simulate_panel(n_nights=400, n_regions=12)
