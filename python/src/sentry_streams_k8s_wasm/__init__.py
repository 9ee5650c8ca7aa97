"""Kubernetes manifests for one step of a Sentry Streams pipeline, rendered by a WebAssembly component.

>>> import sentry_streams_k8s_wasm as macro
>>> manifests = macro.render({"service_name": "my-service", ...})  # doctest: +SKIP
>>> print(manifests.deployment)  # doctest: +SKIP

sentry-kube loads `sentry_streams_k8s_wasm.pipeline_step.PipelineStep` with `render_external`.
"""

from typing import TYPE_CHECKING, Any

from .api import explain, render, schema, validate, version
from .limits import Limits, set_limits
from .manifests import Manifests
from .problems import (
    ComponentError,
    ConfigError,
    ContextError,
    ContextWarning,
    Edit,
    Fix,
    MemoryLimitError,
    MissingFieldError,
    OutputLimitError,
    Position,
    Problem,
    ScalarOverwriteError,
    TimeLimitError,
    TypeMismatchError,
)

if TYPE_CHECKING:
    from .pipeline_step import PipelineStep

__all__ = [
    "ComponentError",
    "ConfigError",
    "ContextError",
    "ContextWarning",
    "Edit",
    "Fix",
    "Limits",
    "Manifests",
    "MemoryLimitError",
    "MissingFieldError",
    "OutputLimitError",
    "PipelineStep",
    "Position",
    "Problem",
    "ScalarOverwriteError",
    "TimeLimitError",
    "TypeMismatchError",
    "explain",
    "render",
    "schema",
    "set_limits",
    "validate",
    "version",
]


def __getattr__(name: str) -> Any:
    # Its base class comes from sentry-infra-tools, whose import takes seconds: only for those who ask.
    if name == "PipelineStep":
        from .pipeline_step import PipelineStep  # noqa: PLC0415

        return PipelineStep
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
