"""The manifests: valid by Kubernetes' own schemas, and nothing in them that a careful operator would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import kubernetes_validate  # pyright: ignore[reportMissingTypeStubs] -- it has no types of its own
import pytest
import yaml

from tests.parts import ROOT

FOLDER: Final = ROOT / "deploy" / "kubernetes"
Manifest = dict[str, Any]


def kustomization() -> Manifest:
    read: Manifest = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
    return read


def manifests() -> list[Manifest]:
    return [one for name in kustomization()["resources"] for one in yaml.safe_load_all((FOLDER / name).read_text())]


def of(kind: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in manifests() if one["kind"] == kind}


def containers() -> Iterator[tuple[Manifest, Manifest]]:
    """Each container, with its pod."""
    for deployment in of("Deployment").values():
        pod: Manifest = deployment["spec"]["template"]["spec"]
        yield from ((container, pod) for container in [*pod["containers"], *pod.get("initContainers", [])])


def test_every_file_is_part_of_the_kustomization() -> None:
    assert {path.name for path in FOLDER.glob("*.yaml")} == {*kustomization()["resources"], "kustomization.yaml"}


@pytest.mark.parametrize("manifest", manifests(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_each_is_valid_by_the_newest_schema_that_we_have_and_by_one_of_two_years_ago(manifest: Manifest) -> None:
    for version in (kubernetes_validate.latest_version(), "1.31"):
        kubernetes_validate.validate(manifest, version, strict=True)


def test_a_wrong_field_would_be_found() -> None:
    wrong = of("Deployment")["worker"]
    wrong["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


def test_no_container_is_root_or_writes_outside_its_volumes_or_is_without_limits() -> None:
    assert len(list(containers())) == 3
    for container, pod in containers():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= container["resources"]["limits"].keys() & container["resources"]["requests"].keys()
        assert {mount["name"] for mount in container["volumeMounts"] if not mount.get("readOnly")} == {"scratch"}
        assert pod["automountServiceAccountToken"] is False
        assert {"startupProbe", "livenessProbe"} <= container.keys()


def test_what_is_mounted_is_a_volume_of_the_pod_and_probes_ask_ports_that_are_there() -> None:
    for container, pod in containers():
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
        ports = {port["name"] for port in container["ports"]}
        assert {probe["httpGet"]["port"] for name, probe in container.items() if name.endswith("Probe")} <= ports


def test_no_secret_is_in_a_manifest_and_each_is_taken_by_reference() -> None:
    assert of("Secret") == {}
    values = [(env["name"], env["value"]) for container, _ in containers() for env in container.get("env", []) if "value" in env]
    values += list(of("ConfigMap")["afterword"]["data"].items())
    secret = ("KEYS", "TOKENS", "PASSWORD", "SMTP_URL")
    assert [name for name, value in values if name.endswith(secret) and not value.startswith("file:")] == []


def test_every_deployment_keeps_one_of_two_and_what_selects_a_pod_finds_it() -> None:
    labels = {name: one["spec"]["template"]["metadata"]["labels"] for name, one in of("Deployment").items()}
    for name in ("worker", "api"):
        assert of("Deployment")[name]["spec"]["replicas"] == 2
        assert of("PodDisruptionBudget")[name]["spec"] == {"minAvailable": 1, "selector": {"matchLabels": labels[name]}}
        assert of("HorizontalPodAutoscaler")[name]["spec"]["scaleTargetRef"]["name"] == name
    for name, service in of("Service").items():
        assert service["spec"]["selector"].items() <= labels[name].items()
    assert of("HorizontalPodAutoscaler")["worker"]["spec"]["metrics"][0]["type"] == "External"


def test_a_rolling_update_needs_no_promotion() -> None:
    """Workers that know their build get no work until they are promoted, and by then the old ones would be gone."""
    assert of("Deployment")["worker"]["spec"]["strategy"]["type"] == "RollingUpdate"
    assert of("ConfigMap")["afterword"]["data"]["AFTERWORD_BUILD"] == ""


def test_nobody_is_let_in_or_out_unless_a_policy_says_so() -> None:
    nobody = of("NetworkPolicy")["nobody"]["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    others = [rule for name, policy in of("NetworkPolicy").items() if name != "nobody" for rule in policy["spec"].get("ingress", [])]
    assert all("from" in rule and "ports" in rule for rule in others)
