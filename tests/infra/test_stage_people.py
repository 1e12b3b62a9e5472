"""Sign-in: known people only, with a second factor and short-lived tokens."""

from __future__ import annotations

from typing import Any

import pytest
from merged import merged
from test_stage_roles import STAGES, of_type

from chalicelib.kernel.roles import ROLES
from local.door import doors


@pytest.fixture(params=STAGES)
def resources(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)["Resources"]
    return found


def test_groups_are_the_roles(resources: dict[str, Any]) -> None:
    groups = of_type(resources, "AWS::Cognito::UserPoolGroup").values()
    assert sorted(group["GroupName"] for group in groups) == sorted(ROLES)


def test_sign_up_is_closed_and_second_factor_required(resources: dict[str, Any]) -> None:
    pool = resources["People"]["Properties"]
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "admin_only", "Priority": 1}]
    assert pool["DeletionProtection"] == "ACTIVE"
    assert (pool["UserPoolTier"], pool["UserPoolAddOns"]) == ("PLUS", {"AdvancedSecurityMode": "ENFORCED"})
    password = pool["Policies"]["PasswordPolicy"]
    assert password["MinimumLength"] >= 15
    assert {value for name, value in password.items() if name.startswith("Require")} == {False}  # length is the rule


def test_stolen_password_is_blocked(resources: dict[str, Any]) -> None:
    risk = resources["PeopleRisk"]
    assert risk["DependsOn"] == ["PeopleHost"]
    assert risk["Properties"]["CompromisedCredentialsRiskConfiguration"]["Actions"] == {"EventAction": "BLOCK"}
    takeover = risk["Properties"]["AccountTakeoverRiskConfiguration"]["Actions"]
    assert {level: action["EventAction"] for level, action in takeover.items()} == {
        "HighAction": "BLOCK", "MediumAction": "MFA_REQUIRED", "LowAction": "MFA_REQUIRED",
    }  # fmt: skip


def test_browser_client_has_no_secret_and_short_lived_tokens(resources: dict[str, Any]) -> None:
    (client,) = of_type(resources, "AWS::Cognito::UserPoolClient").values()
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]  # no password through the API
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert client["AccessTokenValidity"] <= 60
    assert (client["EnableTokenRevocation"], client["PreventUserExistenceErrors"]) == (True, "ENABLED")
    staff = [page for door in doors() if door.host == "staff" for page in door.pages]
    back = {url["Fn::Sub"].removeprefix("https://${StaffHost}") for url in client["CallbackURLs"]}
    assert back >= set(staff)
    assert back <= {"/desk/", "/exporter/", "/scan/"}
    assert client["LogoutURLs"] == client["CallbackURLs"]


def test_page_exchanges_its_code_at_its_own_origin(resources: dict[str, Any]) -> None:
    front = resources["StaffFront"]["Properties"]["DistributionConfig"]
    token = next(one for one in front["CacheBehaviors"] if one["PathPattern"] == "/oauth2/token")
    origin = next(one for one in front["Origins"] if one["Id"] == token["TargetOriginId"])
    assert origin["DomainName"] == {"Fn::Sub": "${PeopleHost}.auth.${AWS::Region}.amazoncognito.com"}
    assert "OriginCustomHeaders" not in origin  # the user pool does not get the API's secret
    assert "POST" in token["AllowedMethods"]


def test_application_accepts_this_pool_and_client_only(resources: dict[str, Any]) -> None:
    for function in ("APIHandler", "Access"):
        variables = resources[function]["Properties"]["Environment"]["Variables"]
        issuer = variables["TAMGA_TOKEN_ISSUER"]["Fn::Sub"]
        assert issuer.endswith("/${People}")
        assert variables["TAMGA_JWKS_URL"] == {"Fn::Sub": f"{issuer}/.well-known/jwks.json"}
        assert variables["TAMGA_CLIENT_IDS"] == {"Ref": "PeopleClient"}
