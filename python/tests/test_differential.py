"""Some contexts of the differential run, the same every time."""

from importlib.util import find_spec

import pytest

if find_spec("sentry_streams_k8s") is None:
    pytest.skip("the reference is not installed", allow_module_level=True)

import differential


@pytest.mark.filterwarnings("ignore")
def test_every_difference_is_one_that_deviations_names() -> None:
    rules, unexplained = differential.run(count=400, start=1000)
    assert unexplained == {}
    assert rules["contexts"] >= 400
    # Most contexts render with both: a comparison of errors would show nothing.
    assert rules["same"] + rules["D11"] > 150
