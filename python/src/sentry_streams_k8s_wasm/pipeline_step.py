"""The macro as sentry-kube loads it."""

import threading
from typing import TYPE_CHECKING, Any

from . import api
from .context import fingerprint
from .manifests import Manifests

if TYPE_CHECKING:
    from libsentrykube.ext import ExternalMacro
else:
    try:
        from libsentrykube.ext import ExternalMacro
    except ModuleNotFoundError as missing:
        if missing.name != "libsentrykube":
            raise
        ExternalMacro = object

__all__ = ["PipelineStep"]

# What `validate_context` rendered last in this thread: sentry-kube asks `run` for the same right after.
_validated = threading.local()


class PipelineStep(ExternalMacro):
    """Renders the manifests of a pipeline step in a sentry-kube template.

    ```
    {% set manifests = render_external(
        "sentry_streams_k8s_wasm.pipeline_step.PipelineStep",
        {
            "service_name": "my-service",
            "pipeline_name": "profiles",
            "deployment_template": deployment.deployment(),
            "container_template": container.container(),
            "pipeline_config": values.pipeline_config,
            "pipeline_module": "sbc.profiles",
            "image_name": "us-central1-docker.pkg.dev/my-project/my-image:latest",
            "segment_id": 0,
            "cpu_per_process": 1000,
            "memory_per_process": 512,
            "replicas": 3,
            "with_canary": true,
        }
    ) %}
    {% for manifest in manifests.values() %}
    ---
    {{ manifest | yaml }}
    {% endfor %}
    ```
    """

    @staticmethod
    def validate_context(context: dict[str, Any]) -> None:
        """Raises a `ContextError`, of the class that the reference implementation raises, where `run` would."""
        request = api.request(context)
        _validated.result = request, api.manifests(context, request)

    def run(self, context: dict[str, Any]) -> Manifests:
        """Renders the Deployment, the ConfigMap and, where one is asked for, the canary Deployment."""
        # Compared with what it is now, so that a context changed in between is rendered again; taken, so that nobody
        # shares it.
        validated, manifests = vars(_validated).pop("result", (None, None))
        if validated and validated.fingerprint and validated.fingerprint == fingerprint(context):
            return manifests  # type: ignore[no-any-return]
        request = api.request(context)
        return manifests if request == validated else api.manifests(context, request)
