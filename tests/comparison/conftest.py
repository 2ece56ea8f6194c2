"""One panel for all comparisons."""

import pytest

from tests.comparison.panels import panel_of, swarms


@pytest.fixture(scope="module")
def panel():
    return panel_of(swarms())
