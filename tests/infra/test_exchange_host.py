"""Host of the exchange: no access without a client certificate, and no way around the host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from merged import merged
from test_stage_roles import STAGES, arn, listed, of_type, statements

from infra.template import build


@pytest.fixture(params=STAGES)
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)
    return found


def made(template: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][name]["Properties"]
    return found


def test_exchange_host_requires_client_certificate(template: dict[str, Any]) -> None:
    assert made(template, "ExchangeApi")["DisableExecuteApiEndpoint"] is True
    domain = made(template, "ExchangeDomain")
    assert domain["MutualTlsAuthentication"] == {
        "TruststoreUri": {"Fn::Sub": "s3://${Truststore}/truststore.pem"},
        "TruststoreVersion": {"Ref": "TruststoreVersion"},
    }
    assert domain["SecurityPolicy"] == "TLS_1_2"
    (mapping,) = of_type(template["Resources"], "AWS::ApiGateway::BasePathMapping").values()
    assert mapping["RestApiId"] == {"Ref": "ExchangeApi"}


def test_api_function_knows_the_exchange_host(template: dict[str, Any]) -> None:
    told = made(template, "APIHandler")["Environment"]["Variables"]
    assert told["TAMGA_EXCHANGE_HOST"] == {"Ref": "ExchangeHost"} == made(template, "ExchangeDomain")["DomainName"]


def test_exchange_api_has_one_route_and_calls_one_function(template: dict[str, Any]) -> None:
    methods = of_type(template["Resources"], "AWS::ApiGateway::Method")
    assert list(methods) == ["ExchangeAsk"]
    assert methods["ExchangeAsk"]["HttpMethod"] == "POST"
    assert made(template, "ExchangeRoute")["PathPart"] == "epix"
    source = made(template, "ExchangeMayCall")["SourceArn"]["Fn::Sub"]
    assert source.endswith(":${ExchangeApi}/*/POST/v1/epix")


def deployment(template: dict[str, Any]) -> str:
    (name,) = (name for name in template["Resources"] if name.startswith("ExchangeDeployment"))
    return name


def test_exchange_deployment_changes_with_its_resources_only(template: dict[str, Any], tmp_path: Path) -> None:
    first = deployment(template)
    assert made(template, "ExchangeStage")["DeploymentId"] == {"Ref": first}
    assert template["Resources"][first]["DependsOn"] == ["ExchangeAsk"]
    overlay = tmp_path / "more.yaml"
    overlay.write_text("Resources: {ExchangeAsk: {Properties: {ApiKeyRequired: true}}}")
    assert deployment(build("practice", overlays=[overlay])) != first == deployment(build("practice"))


def test_exchange_is_absent_without_host(template: dict[str, Any]) -> None:
    optional = {name for name, one in template["Resources"].items() if one.get("Condition") == "HasExchange"}
    assert optional == {
        "ExchangeApi", "ExchangeVersion", "ExchangeRoute", "ExchangeAsk", "ExchangeMayCall", deployment(template),
        "ExchangeStage", "ExchangeDomain", "ExchangeAtHost",
    }  # fmt: skip
    assert template["Parameters"]["ExchangeHost"]["Default"] == ""


def test_truststore_is_written_by_the_deployer_only(template: dict[str, Any]) -> None:
    found = {one["Sid"]: one for one in made(template, "TruststorePolicy")["PolicyDocument"]["Statement"]}
    writes = found["TheDeployerAloneWrites"]
    assert (writes["Effect"], writes["Principal"]) == ("Deny", "*")
    assert writes["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": {"Ref": "KeyAdministratorArn"}}}
    assert made(template, "Truststore")["VersioningConfiguration"] == {"Status": "Enabled"}


def test_client_certificate_is_read_by_one_function(template: dict[str, Any]) -> None:
    resources = template["Resources"]
    for role in of_type(resources, "AWS::IAM::Role"):
        reads = [s for s in statements(resources, role) if "secretsmanager:GetSecretValue" in listed(s["Action"])]
        assert bool(reads) == (role == "AskPartyRole"), role
    (key,) = [s for s in made(template, "DataKey")["KeyPolicy"]["Statement"] if s["Sid"] == "OurCertificateForOthers"]
    assert (key["Principal"], key["Action"]) == ({"AWS": arn("AskPartyRole")}, ["kms:Decrypt"])
