"""The manifest for Kubernetes: each object against Kubernetes' own schema, and what deploying.md promises of it."""

from __future__ import annotations

from typing import Any

import kubernetes_validate
import pytest
import yaml

from app.paths import ROOT

HEALTH = "/_stcore/health"
OBJECTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8"))
)


def one(kind: str, name: str) -> dict[str, Any]:
    (found,) = [thing for thing in OBJECTS if (thing["kind"], thing["metadata"]["name"]) == (kind, name)]
    return found


def pod(name: str) -> dict[str, Any]:
    return one("Deployment", name)["spec"]["template"]["spec"]


@pytest.mark.parametrize("thing", OBJECTS, ids=lambda thing: f"{thing['kind']} {thing['metadata']['name']}")
def test_every_object_is_one_that_kubernetes_takes(thing: dict[str, Any]) -> None:
    kubernetes_validate.validate(thing, kubernetes_validate.latest_version(), strict=True)


def test_a_field_that_kubernetes_does_not_know_is_found() -> None:
    wrong = {**one("Service", "facespace"), "sepc": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("name", ["facespace", "facespace-store"])
def test_a_pod_is_no_root_writes_nowhere_and_may_nothing(name: str) -> None:
    spec = pod(name)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] > 0
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    for container in spec["containers"]:
        held = container["securityContext"]
        assert held["readOnlyRootFilesystem"] is True
        assert held["allowPrivilegeEscalation"] is False
        assert held["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
        assert not container["image"].endswith(":latest")
        assert ":" in container["image"].rsplit("/", 1)[-1]


def test_a_server_is_asked_for_its_health_keeps_its_browsers_and_gets_its_code_from_a_secret() -> None:
    (server,) = pod("facespace")["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert server[probe]["httpGet"]["path"] == HEALTH
    service = one("Service", "facespace")
    cookie = "traefik.ingress.kubernetes.io/service.sticky.cookie"
    assert service["metadata"]["annotations"][cookie] == "true"
    assert service["spec"]["selector"] == one("Deployment", "facespace")["spec"]["template"]["metadata"]["labels"]
    (path,) = one("Ingress", "facespace")["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"]["service"]["name"] == service["metadata"]["name"]
    given = {entry["name"]: entry for entry in server["env"]}
    assert "value" not in given["FACESPACE_OWNER_CODE"]
    assert {mount["name"] for mount in server["volumeMounts"]} == {vol["name"] for vol in pod("facespace")["volumes"]}


def test_the_store_is_where_the_servers_look_and_nobody_else_reaches_it() -> None:
    (server,) = pod("facespace")["containers"]
    store = next(entry["value"] for entry in server["env"] if entry["name"] == "FACESPACE_CLASS_STORE")
    service = one("Service", "facespace-store")
    assert store == f"redis://{service['metadata']['name']}:{service['spec']['ports'][0]['port']}/0"
    (rule,) = one("NetworkPolicy", "facespace-store")["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": one("Deployment", "facespace")["spec"]["selector"]}]
