"""The manifests: valid by Kubernetes' own schemas, and nothing in them that a careful operator would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Address, ip_address, ip_network
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


def led_out(address: str) -> bool:
    """Whether a worker may call it."""
    [rule] = of("NetworkPolicy")["world"]["spec"]["egress"]
    blocks = [(ip_network(one["cidr"]), [ip_network(part) for part in one["except"]]) for one in (to["ipBlock"] for to in rule["to"])]
    where = ip_address(address)
    return any(where in whole and not any(where in part for part in left_out) for whole, left_out in blocks)


OUTSIDE: Final = ("8.8.8.8", "100.128.0.1", "172.32.0.1", "193.168.0.1", "2001:4860:4860::8888", "2a00:1450::1", "64:ff9b::808:808")
INSIDE: Final = ("10.1.2.3", "100.100.100.200", "127.0.0.1", "169.254.169.254", "172.31.255.255", "192.168.1.1")


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_worker_reaches_what_is_outside_by_either_family(address: str) -> None:
    """The last one is a board that has IPv4 alone, from a cluster that has IPv6 alone."""
    assert led_out(address)


@pytest.mark.parametrize("address", [*INSIDE, "::", "::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1"])
def test_a_worker_reaches_neither_the_machine_nor_its_network_nor_the_clouds_own_addresses(address: str) -> None:
    assert not led_out(address)


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.parametrize("way", ["64:ff9b::", "::ffff:0:0"])
def test_what_ipv4_does_not_lead_to_ipv6_does_not_either(way: str, address: str) -> None:
    inside = IPv6Address(int(IPv6Address(way)) + int(ip_address(address)))
    assert not led_out(str(inside))


def test_every_range_that_is_left_out_of_ipv4_is_left_out_of_its_translation() -> None:
    four, six = (block["except"] for block in (to["ipBlock"] for to in of("NetworkPolicy")["world"]["spec"]["egress"][0]["to"]))
    translated = {f"64:ff9b::{int(one.network_address) >> 16:x}:0/{96 + one.prefixlen}" for one in map(IPv4Network, four)}
    assert translated == {one for one in six if one.startswith("64:ff9b::")}
