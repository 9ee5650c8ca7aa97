"""The `sentry-kube` command renders services with our macro: the reference's documents, and right in every form."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import sentry_streams_k8s_wasm as macro

jinja2 = pytest.importorskip("jinja2")
yaml = pytest.importorskip("yaml")
if find_spec("libsentrykube") is None:
    pytest.skip("sentry-infra-tools is not installed", allow_module_level=True)

TREE = Path(__file__).with_name("sentry-kube")
REFERENCE = "sentry_streams_k8s.pipeline_step"
OURS = "sentry_streams_k8s_wasm.pipeline_step"


def sentry_kube(tree: Path, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SENTRY_KUBE_ROOT": str(tree),
        "DD_API_KEY": "unused",
        "SENTRY_KUBE_NO_SENTRY": "1",
        "KUBERNETES_OFFLINE": "1",
    }
    if path:
        environment["PYTHONPATH"] = str(path)
    command = Path(sys.executable).with_name("sentry-kube")
    return subprocess.run(
        [command, "-q", "-C", "us", "render", "--no-pager", *arguments],
        env=environment,
        cwd=tree,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TREE, tmp_path / "tree"))


def migrate(tree: Path) -> None:
    """The whole migration of a service: the package's name in its template."""
    template = tree / "k8s/services/my-consumer/deployment.yaml"
    text = template.read_text("utf-8")
    assert REFERENCE in text
    template.write_text(text.replace(REFERENCE, OURS), "utf-8")


def expected() -> str:
    """What sentry-kube printed with the reference."""
    return TREE.joinpath("expected.yaml").read_text("utf-8")


@pytest.mark.skipif(find_spec("sentry_streams_k8s") is None, reason="the reference is not installed")
def test_the_reference_prints_what_is_expected(tree: Path) -> None:
    assert sentry_kube(tree, "my-consumer").stdout == expected()


def test_the_migrated_service_prints_the_same(tree: Path) -> None:
    migrate(tree)
    assert sentry_kube(tree, "my-consumer").stdout == expected()


@pytest.mark.skipif(find_spec("sentry_streams_k8s") is None, reason="the reference is not installed")
def test_contexts_can_be_recorded_as_the_page_says(tree: Path) -> None:
    page = Path(__file__).parents[2].joinpath("docs/explain.md").read_text("utf-8")
    recorder = page.split("```python\n")[1].split("```")[0]
    tree.joinpath("recorder.py").write_text(recorder, "utf-8")
    template = tree / "k8s/services/my-consumer/deployment.yaml"
    template.write_text(template.read_text("utf-8").replace(REFERENCE, "recorder"), "utf-8")

    assert sentry_kube(tree, "my-consumer", path=tree).stdout == expected()
    [context] = tree.joinpath("contexts").iterdir()
    recorded = json.loads(tree.joinpath("recorded", context.name).read_text("utf-8"))
    assert {role: dict(manifest) for role, manifest in macro.render(context.read_text("utf-8")).items()} == recorded


def test_canaries_can_be_chosen(tree: Path) -> None:
    migrate(tree)
    documents = list(yaml.safe_load_all(sentry_kube(tree, "my-consumer", "--use-canary").stdout))
    assert [document["metadata"]["name"] for document in documents] == ["my-consumer-pipeline-profiles-0-canary"]


def test_the_python_api_gives_the_same_documents(tree: Path) -> None:
    migrate(tree)
    # In a process of its own: sentry-kube keeps the tree it works on in globals.
    program = """if True:
        from libsentrykube.cluster import load_cluster_configuration
        from libsentrykube.config import Config
        from libsentrykube.customer import get_region_config
        from libsentrykube.kube import render_templates
        from libsentrykube.service import set_service_paths
        from libsentrykube.utils import set_workspace_root_start
        set_workspace_root_start(".")
        name, customer = get_region_config(Config(), "us")
        cluster = load_cluster_configuration(customer.k8s_config, "default")
        set_service_paths(cluster.services, helm=cluster.helm_services.services)
        print(render_templates(name, "my-consumer", cluster.name))
    """
    environment = {**os.environ, "SENTRY_KUBE_ROOT": str(tree), "KUBERNETES_OFFLINE": "1"}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tree, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == 0, result.stderr
    documents = [document for document in yaml.safe_load_all(result.stdout) if document]
    assert documents == list(yaml.safe_load_all(expected()))


def test_every_printing_form_gives_the_right_values(tree: Path) -> None:
    result = sentry_kube(tree, "forms")
    assert result.returncode == 0, result.stderr
    documents = list(yaml.safe_load_all(result.stdout))

    values = yaml.safe_load((tree / "k8s/services/forms/_values.yaml").read_text("utf-8"))
    wanted: list[Any] = []
    for form in ("plain", "tojson", "yaml"):
        wanted.extend(macro.render({**values["context"], "service_name": form}).values())
    wanted.append(macro.render({**values["context"], "service_name": "whole"}))
    assert sorted(documents, key=json.dumps) == sorted(
        wanted, key=lambda document: json.dumps(document, sort_keys=True)
    )
    assert "\U0001f600" in wanted[0]["metadata"]["annotations"]["emoji"]


def test_other_services_print_what_they_print_without_us(tree: Path) -> None:
    """To the byte: an annotation with a checksum of it restarts their pods where it changes."""
    result = sentry_kube(tree, "neighbour")
    assert result.returncode == 0, result.stderr
    (document,) = yaml.safe_load_all(result.stdout)
    settings = yaml.safe_load((tree / "k8s/services/neighbour/_values.yaml").read_text("utf-8"))["settings"]
    alone = jinja2.Environment()
    text = alone.from_string("{{ settings | tojson }}").render(settings=settings)
    assert "1e-05" in text
    assert "\\ud83d\\ude00" in text
    assert document["metadata"]["annotations"]["checksum"] == hashlib.md5(text.encode()).hexdigest()
    assert document["data"]["settings"] == f"{text}\n"
    assert document["data"]["list"] == "[1.5e-07, null, true]\n"


def test_an_error_reads_well_in_the_traceback(tree: Path) -> None:
    migrate(tree)
    template = tree / "k8s/services/my-consumer/deployment.yaml"
    text = template.read_text("utf-8").replace('"segment_id": 0,', "").replace('"image_name"', '"image_nam"')
    template.write_text(text, "utf-8")
    result = sentry_kube(tree, "my-consumer")
    assert result.returncode != 0
    assert "missing required field `segment_id`" in result.stderr
    assert "did you mean" in result.stderr


def test_an_undefined_value_names_its_field(tree: Path) -> None:
    migrate(tree)
    template = tree / "k8s/services/my-consumer/deployment.yaml"
    template.write_text(template.read_text("utf-8").replace("values.image", "values.imge"), "utf-8")
    result = sentry_kube(tree, "my-consumer")
    assert result.returncode != 0
    assert "image_name: 'dict object' has no attribute 'imge'" in result.stderr
