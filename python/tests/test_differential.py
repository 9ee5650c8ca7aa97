"""Some contexts of the differential run, the same every time."""

from importlib.util import find_spec

import pytest

if find_spec("sentry_streams_k8s") is None:
    pytest.skip("the reference is not installed", allow_module_level=True)

import differential

import sentry_streams_k8s_wasm as macro


@pytest.mark.filterwarnings("ignore")
def test_every_difference_is_one_that_deviations_names() -> None:
    rules, unexplained = differential.run(count=400, start=1000)
    assert unexplained == {}
    assert rules["contexts"] >= 400
    # Most contexts render with both: a comparison of errors would show nothing.
    assert rules["same"] + rules["D11"] > 150


def test_every_field_of_a_context_is_varied() -> None:
    schema = macro.schema()["definitions"]
    ours = {
        "allow_unknown_fields",
        "feature_gates",
        "kubernetes_version",
        "pipeline_config_schema",
        "segment_label",
        "silence",
    }
    assert differential.required.keys() == set(schema["context"]["required"])
    assert differential.required.keys() | differential.optional.keys() == schema["fields"]["properties"].keys() - ours
