"""CloudFront: each host offers its routes only, nothing goes around it, no verdict is cached and no query is logged."""

from __future__ import annotations

import json
import subprocess
from fnmatch import fnmatchcase
from typing import Any

import pytest
from merged import NODE, merged
from test_stage_roles import STAGES, of_type

from app import app
from chalicelib.composition import openapi
from chalicelib.http import problems
from chalicelib.http.blueprint import SECURITY_HEADERS
from chalicelib.kernel import errors
from infra.gateway_responses import PROBLEMS
from infra.template import us_east_1

UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # Managed-CachingDisabled
LISTS = ("/trust-list", "/trust-list.json", "/s/*")
PRACTICE = ("/practice/trust-list", "/practice/s/*")  # the practice host's lists, for practice inside the scanner
PAGES = ("/", "/v1/docs")  # for people: a program with http instead of https must get an error (ASVS 5.0 4.1.2)
QUERY = ("query", "uri-query", "requestline", "$context.path", "cookie", "authorization")


@pytest.fixture(params=STAGES)
def resources(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)["Resources"]
    return found


@pytest.fixture
def east() -> dict[str, Any]:
    found: dict[str, Any] = us_east_1()["Resources"]
    return found


def distribution(resources: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[name]["Properties"]["DistributionConfig"]
    return found


def behaviour(config: dict[str, Any], path: str) -> dict[str, Any]:
    """The first behaviour whose pattern matches, as CloudFront chooses.

    The only wildcard used here is *, never ?.
    """
    for one in config["CacheBehaviors"]:
        if fnmatchcase(path, one["PathPattern"]):
            return one
    found: dict[str, Any] = config["DefaultCacheBehavior"]
    return found


def test_public_host_offers_exactly_the_public_routes(resources: dict[str, Any]) -> None:
    config = distribution(resources, "PublicFront")
    for operation in openapi.operations_of(app.routes):
        path = operation.path.replace("{", "").replace("}", "")
        chosen = behaviour(config, path)
        if not operation.public or operation.refused:  # Parties use the exchange's own host (exchange.yaml)
            assert chosen is config["DefaultCacheBehavior"], path
            continue
        assert chosen["TargetOriginId"] == ("lists" if any(fnmatchcase(path, one) for one in LISTS) else "api"), path
        assert operation.method in chosen["AllowedMethods"], path
    default = config["DefaultCacheBehavior"]
    assert default["FunctionAssociations"] == [
        {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["PublicOnly", "FunctionARN"]}}
    ]


@pytest.mark.parametrize("name", ["PublicFront", "StaffFront"])
def test_each_path_pattern_occurs_once(resources: dict[str, Any], name: str) -> None:
    """CloudFront refuses a distribution with a pattern twice. Neither cfn-lint nor checkov reports it."""
    patterns = [one["PathPattern"] for one in distribution(resources, name)["CacheBehaviors"]]
    assert sorted(set(patterns)) == sorted(patterns)


def test_path_that_is_not_public_returns_problem_404(resources: dict[str, Any]) -> None:
    code = resources["PublicOnly"]["Properties"]["FunctionCode"]
    call = "console.log(JSON.stringify(handler({context: {requestId: 'r-1'}})))"
    done = subprocess.run([NODE, "-e", f"{code}\n{call}"], capture_output=True, text=True, check=True, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"]["value"] == problems.MEDIA_TYPE
    assert json.loads(answer["body"]["data"]) == problems.body_of(errors.NoMatch(), "r-1")
    headers = {name: one["value"] for name, one in answer["headers"].items()}
    assert {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items() <= headers.items()


OPEN_TO_ALL = ("/v1/requirements", "/v1/identification", "/v1/species")  # small; requested before the sign-in


def test_staff_host_offers_the_api_after_sign_in_only(resources: dict[str, Any]) -> None:
    config = distribution(resources, "StaffFront")
    signed_in = [{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["SignedIn", "FunctionARN"]}}]
    nothing = [{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["PublicOnly", "FunctionARN"]}}]
    for operation in openapi.operations_of(app.routes):
        path = operation.path.replace("{", "").replace("}", "")
        chosen = behaviour(config, path)
        if path.startswith(("/trust-list", "/s/")):
            assert chosen["TargetOriginId"] == "lists", path
        elif operation.refused or not path.startswith("/v1/"):
            assert chosen["FunctionAssociations"] == nothing, path
        else:
            assert (chosen["TargetOriginId"], operation.method in chosen["AllowedMethods"]) == ("api", True), path
            free = operation.public and path.startswith(OPEN_TO_ALL)
            assert chosen.get("FunctionAssociations") == (None if free else signed_in), path
    assert config["DefaultCacheBehavior"]["FunctionAssociations"] == nothing
    others = [one["PathPattern"] for one in config["CacheBehaviors"] if one["TargetOriginId"] in {"practice", "people"}]
    assert others == [*PRACTICE, "/oauth2/token"]


def test_staff_host_refuses_a_request_without_a_token(resources: dict[str, Any]) -> None:
    code = resources["SignedIn"]["Properties"]["FunctionCode"]

    def handled(headers: dict[str, Any]) -> Any:
        event = json.dumps({"context": {"requestId": "r-1"}, "request": {"uri": "/v1/verify", "headers": headers}})
        call = f"console.log(JSON.stringify(handler({event})))"
        done = subprocess.run([NODE, "-e", f"{code}\n{call}"], capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)

    passed = {"authorization": {"value": "Bearer abc.def.ghi"}}
    assert handled(passed) == {"uri": "/v1/verify", "headers": passed}
    for headers in ({}, {"authorization": {"value": ""}}, {"authorization": {"value": "Basic YTpi"}}):
        answer = handled(headers)
        assert answer["statusCode"] == 401
        assert json.loads(answer["body"]["data"]) == problems.body_of(errors.Unauthenticated(), "r-1")
        given = {name: one["value"] for name, one in answer["headers"].items()}
        assert (given["content-type"], given["www-authenticate"]) == (problems.MEDIA_TYPE, "Bearer")
        assert {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items() <= given.items()


def test_staff_wall_limits_rate_by_person_and_never_by_address(east: dict[str, Any]) -> None:
    rules = {one["Name"]: one for one in east["StaffWall"]["Properties"]["Rules"]}
    rates = {name: one["Statement"]["RateBasedStatement"] for name, one in rules.items() if "RateBased" in str(one)}
    assert set(rates) == {"numbers", "documents", "everything"}
    for rate in rates.values():
        assert rate["AggregateKeyType"] == "CUSTOM_KEYS"
        (key,) = rate["CustomKeys"]
        assert key["Header"]["Name"] == "authorization"
    public = {one["Name"] for one in east["PublicWall"]["Properties"]["Rules"]}
    assert public == set(rules)  # the staff host has the same rules as the public one
    paths = [one["ByteMatchStatement"]["SearchString"] for one in
             rates["documents"]["ScopeDownStatement"]["OrStatement"]["Statements"]]  # fmt: skip
    raw = {operation.path for operation in openapi.operations_of(app.routes) if operation.path.endswith("/document")}
    assert set(paths) == raw


def test_practice_path_serves_published_lists_of_practice_host_only(resources: dict[str, Any]) -> None:
    config = distribution(resources, "StaffFront")
    (origin,) = (one for one in config["Origins"] if one["Id"] == "practice")
    first = {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "PracticeHosts"}]}]}
    assert origin["DomainName"] == {"Fn::Select": [1, {"Fn::Split": ["=", first]}]}
    assert origin["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    assert "OriginCustomHeaders" not in origin  # without the secret that opens the API
    led = [one for one in config["CacheBehaviors"] if one["TargetOriginId"] == "practice"]
    assert tuple(one["PathPattern"] for one in led) == PRACTICE
    for one in led:
        assert one["AllowedMethods"] == ["GET", "HEAD"]
        assert one["CachePolicyId"] == {"Ref": "ListCache"}  # neither cookie, header nor query is forwarded
        assert "OriginRequestPolicyId" not in one
        assert one["ResponseHeadersPolicyId"] == {"Ref": "PracticeHeaders"}
    headers = resources["PracticeHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    assert policy["Override"] is True  # the practice host's own policy is replaced
    assert {"default-src 'none'", "sandbox"} <= set(policy["ContentSecurityPolicy"].split("; "))
    assert headers["CustomHeadersConfig"]["Items"][0]["Value"] == "attachment"
    code = resources["PracticePath"]["Properties"]["FunctionCode"]
    for asked, there in (("/practice/trust-list", "/trust-list"), ("/practice/s/26q4", "/s/26q4")):
        call = f"console.log(handler({{request: {{uri: '{asked}'}}}}).uri)"
        done = subprocess.run([NODE, "-e", f"{code}\n{call}"], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.strip() == there
    assert all(one["Id"] != "practice" for one in distribution(resources, "PublicFront")["Origins"])


@pytest.mark.parametrize("name", ["PublicFront", "StaffFront"])
def test_only_lists_and_pages_are_cached(resources: dict[str, Any], name: str) -> None:
    config = distribution(resources, name)
    for one in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        if one.get("PathPattern") in (*LISTS, *PRACTICE):
            assert one["CachePolicyId"] == {"Ref": "ListCache"}
        elif one["TargetOriginId"] == "pages":
            assert one["CachePolicyId"]["Ref"] in {"PageCache", "PageFileCache"}
        else:
            assert one["CachePolicyId"] == UNCACHED
    kept = resources["ListCache"]["Properties"]["CachePolicyConfig"]
    assert kept["MaxTTL"] <= 60
    refusals = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in config["CustomErrorResponses"]}
    assert refusals == dict.fromkeys((400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0)


@pytest.mark.parametrize("name", ["PublicFront", "StaffFront"])
def test_hosts_require_tls_1_2_and_send_security_headers(resources: dict[str, Any], name: str) -> None:
    config = distribution(resources, name)
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    for one in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        page = one["TargetOriginId"] == "pages" and one["PathPattern"] != "/w/*"
        typed = page or (name == "PublicFront" and one.get("PathPattern") in PAGES)
        assert one["ViewerProtocolPolicy"] == ("redirect-to-https" if typed else "https-only")
        policy = resources[one["ResponseHeadersPolicyId"]["Ref"]]["Properties"]["ResponseHeadersPolicyConfig"]
        headers = policy["SecurityHeadersConfig"]
        assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000
        assert headers["ContentTypeOptions"] == {"Override": True}
        assert headers["FrameOptions"]["FrameOption"] == "DENY"
        assert "default-src 'none'" in headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    api = next(one for one in config["Origins"] if one["Id"] == "api")
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert config["WebACLId"] == {"Ref": {"PublicFront": "PublicWallArn", "StaffFront": "StaffWallArn"}[name]}


def test_api_accepts_requests_from_the_fronts_only(resources: dict[str, Any]) -> None:
    wall = resources["ApiWall"]["Properties"]
    assert wall["DefaultAction"] == {"Block": {}}
    (rule,) = wall["Rules"]
    secret = {"Fn::Sub": "{{resolve:secretsmanager:${FrontSecret}}}"}
    assert rule["Action"] == {"Allow": {}}
    match = rule["Statement"]["ByteMatchStatement"]
    assert match["SearchString"] == secret
    header = match["FieldToMatch"]["SingleHeader"]["Name"]
    for name in ("PublicFront", "StaffFront"):
        api = next(one for one in distribution(resources, name)["Origins"] if one["Id"] == "api")
        assert api["OriginCustomHeaders"] == [{"HeaderName": header, "HeaderValue": secret}]
    assert "GenerateSecretString" in resources["FrontSecret"]["Properties"]
    here = resources["ApiWallHere"]["Properties"]["ResourceArn"]["Fn::Sub"]
    assert "/restapis/${RestAPI}/stages/" in here


def test_published_lists_are_read_by_the_fronts_only(resources: dict[str, Any]) -> None:
    allowed = [
        s for s in resources["StaticPolicy"]["Properties"]["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"
    ]
    for statement in allowed:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        sources = [one["Fn::Sub"] for one in statement["Condition"]["StringEquals"]["aws:SourceArn"]]
        assert [one.rpartition("/")[2] for one in sources] == ["${PublicFront}", "${StaffFront}"]
    read_ = next(s for s in allowed if s["Action"] == "s3:GetObject")
    assert [one["Fn::Sub"] for one in read_["Resource"]] == [f"${{Static.Arn}}{path}" for path in LISTS]
    for name in ("PublicFront", "StaffFront"):
        lists = next(one for one in distribution(resources, name)["Origins"] if one["Id"] == "lists")
        assert lists["OriginAccessControlId"] == {"Fn::GetAtt": ["StaticAccess", "Id"]}


@pytest.mark.parametrize("name", ["PublicWall", "StaffWall"])
def test_walls_limit_rate_and_size(east: dict[str, Any], name: str) -> None:
    wall = east[name]["Properties"]
    assert wall["Scope"] == "CLOUDFRONT"
    rules = {one["Name"]: one for one in wall["Rules"]}
    assert len({one["Priority"] for one in wall["Rules"]}) == len(rules)
    numbers, everything = (rules[n]["Statement"]["RateBasedStatement"] for n in ("numbers", "everything"))
    assert numbers["Limit"] * 10 <= everything["Limit"]
    assert numbers["ScopeDownStatement"]["ByteMatchStatement"]["SearchString"] == "/v1/verify/number"
    assert "too-large" in rules
    groups = {one["Statement"]["ManagedRuleGroupStatement"]["Name"] for one in wall["Rules"] if "OverrideAction" in one}
    assert groups == {
        "AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesCommonRuleSet",
    }  # fmt: skip
    refusals = [one["Action"]["Block"]["CustomResponse"] for one in wall["Rules"] if "Action" in one]
    assert len(refusals) >= 3
    for refusal in refusals:
        said = {header["Name"]: header["Value"] for header in refusal["ResponseHeaders"]}
        assert SECURITY_HEADERS.items() <= said.items()
    for answer in wall["CustomResponseBodies"].values():
        body = json.loads(answer["Content"])
        kind = {"too-many": errors.TooMany, "too-large": errors.TooLarge}[body["type"].removeprefix(problems.TYPE)]
        assert body == problems.body_of(kind(), "")


def test_wall_admits_every_permitted_size(east: dict[str, Any]) -> None:
    import re

    from chalicelib.kernel.files import FILE_CAP
    from chalicelib.verification.http import VERIFY_CAP

    rules = {one["Name"]: one["Statement"] for one in east["PublicWall"]["Properties"]["Rules"]}
    whole = re.compile(rules["too-large"]["RegexMatchStatement"]["RegexString"])
    code = re.compile(rules["code-too-large"]["AndStatement"]["Statements"][1]["RegexMatchStatement"]["RegexString"])
    for pattern, cap, first in ((whole, FILE_CAP, 4_200_000), (code, VERIFY_CAP, 140_000)):
        assert not [n for n in (0, 9, 4096, cap - 1, cap, first - 1) if pattern.search(str(n))]
        assert all(pattern.search(str(n)) for n in (first, first + 1, 9_999_999, 10**7, 10**12))


def test_no_log_contains_a_query(resources: dict[str, Any], east: dict[str, Any]) -> None:
    kept = resources["RestAPI"]["Properties"]["AccessLogSetting"]["Format"].lower()
    assert not [word for word in (*QUERY, "$context.requestoverride", "sourceip") if word in kept]
    assert set(json.loads(kept)) >= {"request", "route", "status"}
    for setting in resources["RestAPI"]["Properties"]["MethodSettings"]:
        assert (setting["DataTraceEnabled"], setting["LoggingLevel"]) == (False, "OFF")
    for delivery in of_type(east, "AWS::Logs::Delivery").values():
        assert not [field for field in delivery["RecordFields"] if any(word in field.lower() for word in QUERY)]
    loggings = [*of_type(resources, "AWS::WAFv2::LoggingConfiguration").values(),
                *of_type(east, "AWS::WAFv2::LoggingConfiguration").values()]  # fmt: skip
    assert len(loggings) == 3
    for logging in loggings:
        assert {"QueryString": {}} in logging["RedactedFields"]
        assert {"SingleHeader": {"Name": "authorization"}} in logging["RedactedFields"]
    for acl in (*of_type(resources, "AWS::WAFv2::WebACL").values(), *of_type(east, "AWS::WAFv2::WebACL").values()):
        for one in (acl, *acl["Rules"]):  # a sample shows the request unchanged
            assert one["VisibilityConfig"]["SampledRequestsEnabled"] is False
    for name in ("PublicFront", "StaffFront"):
        assert "Logging" not in distribution(resources, name)


def test_gateway_responses_are_problems(resources: dict[str, Any]) -> None:
    made = resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    assert set(made) == set(PROBLEMS)
    statuses = {}
    for kind, response in made.items():
        body = json.loads(response["responseTemplates"]["application/json"])
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == f"'{problems.MEDIA_TYPE}'"
        assert body["correlation_id"] == "$context.requestId"
        assert str(body["status"]) == response["statusCode"]
        assert "$" not in json.dumps({**body, "correlation_id": ""})
        if body["status"] in {429, 503}:
            assert int(headers["gatewayresponse.header.Retry-After"].strip("'")) > 0
        if body["status"] == 401:
            assert headers["gatewayresponse.header.WWW-Authenticate"] == "'Bearer'"
        statuses[kind] = body["status"]
    assert (statuses["ACCESS_DENIED"], statuses["UNAUTHORIZED"], statuses["MISSING_AUTHENTICATION_TOKEN"]) == (
        401,
        401,
        404,
    )
    assert (statuses["THROTTLED"], statuses["INTEGRATION_TIMEOUT"], statuses["REQUEST_TOO_LARGE"]) == (429, 503, 413)
    known = {one["slug"] for one in openapi.problem_schema()["x-problems"]}
    assert {
        json.loads(r["responseTemplates"]["application/json"])["type"].rpartition("/")[2] for r in made.values()
    } <= known


def test_gateway_has_tls_policy_and_rate_limits(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL"
    assert (api["SecurityPolicy"], api["EndpointAccessMode"]) == ("SecurityPolicy_TLS13_1_2_2021_06", "STRICT")
    limits = {(one["HttpMethod"], one["ResourcePath"]): one["ThrottlingRateLimit"] for one in api["MethodSettings"]}
    assert 0 < limits[("GET", "/~1v1~1verify~1number")] < limits[("*", "/*")]
