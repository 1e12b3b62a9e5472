"""Pages of a stage: address on the right host, a bucket read by this host only, the headers of the local server."""

from __future__ import annotations

import json
import subprocess
from fnmatch import fnmatchcase
from typing import Any

import pytest
from merged import NODE, merged
from test_stage_roles import STAGES
from test_trail import ACCOUNT, PEOPLE, rings

from local import site
from local.door import doors
from local.site import FOR_EVER, PAGE_HEADERS

FRONTS = {"public": "PublicFront", "staff": "StaffFront"}
BUCKETS = {"public": "PublicPages", "staff": "StaffPages"}


@pytest.fixture(params=STAGES)
def resources(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)["Resources"]
    return found


def behaviours(resources: dict[str, Any], front: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = resources[front]["Properties"]["DistributionConfig"]["CacheBehaviors"]
    return found


def chosen(resources: dict[str, Any], front: str, path: str) -> dict[str, Any] | None:
    return next((one for one in behaviours(resources, front) if fnmatchcase(path, one["PathPattern"])), None)


@pytest.mark.parametrize("host", FRONTS)
def test_every_page_is_served_by_its_own_host_only(resources: dict[str, Any], host: str) -> None:
    for door in doors():
        for address in {**door.pages, **door.fixed}:
            found = chosen(resources, FRONTS[host], address)
            if door.host == host:
                assert found, address
                assert found["TargetOriginId"] == "pages", address
                assert found["CachePolicyId"] == {"Ref": "PageCache"}
            else:
                assert found is None or found["TargetOriginId"] != "pages", address


def test_page_without_last_slash_redirects_and_drops_query(resources: dict[str, Any]) -> None:
    served = site.Site({"host": "practice.tamga.kg", "issuer": "KG", "practice": True})
    code = resources["WithSlash"]["Properties"]["FunctionCode"]
    association = {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["WithSlash", "FunctionARN"]}}
    for door in doors():
        for address in (each.rstrip("/") for each in door.pages if each.endswith("/")):
            found = chosen(resources, FRONTS[door.host], address)
            assert found, address
            assert found["FunctionAssociations"] == [association]
            asked = json.dumps({"request": {"uri": address, "querystring": {"code": {"value": "secret"}}}})
            call = f"console.log(JSON.stringify(handler({asked})))"
            done = subprocess.run(
                [NODE, "-e", f"{code}\n{call}"], capture_output=True, text=True, check=True, timeout=60
            )
            there = json.loads(done.stdout)
            here = site.answer(served, "GET", address, {})
            assert here
            assert (there["statusCode"], there["headers"]["location"]["value"]) == (301, f"{address}/")
            assert (here[0], dict(here[1])["Location"]) == (301, f"{address}/")
            headers = {name: one["value"] for name, one in there["headers"].items()}
            assert headers.items() <= {name.lower(): value for name, value in here[1]}.items()


@pytest.mark.parametrize("host", FRONTS)
def test_versioned_files_are_cached_and_pages_are_not(resources: dict[str, Any], host: str) -> None:
    files = chosen(resources, FRONTS[host], "/w/0123456789abcdef/check/main.js")
    assert files
    assert (files["TargetOriginId"], files["CachePolicyId"]) == ("pages", {"Ref": "PageFileCache"})
    page, kept = (resources[name]["Properties"]["CachePolicyConfig"] for name in ("PageCache", "PageFileCache"))
    assert page["MaxTTL"] <= 60
    assert f"max-age={kept['MaxTTL']}" in FOR_EVER
    for one in (page, kept):
        by = one["ParametersInCacheKeyAndForwardedToOrigin"]
        assert (by["CookiesConfig"], by["HeadersConfig"], by["QueryStringsConfig"]) == (
            {"CookieBehavior": "none"}, {"HeaderBehavior": "none"}, {"QueryStringBehavior": "none"},
        )  # fmt: skip
        assert by["EnableAcceptEncodingBrotli"]


def test_pages_have_the_headers_of_the_local_server(resources: dict[str, Any]) -> None:
    for front in FRONTS.values():
        for one in behaviours(resources, front):
            if one["TargetOriginId"] == "pages":
                assert one["ResponseHeadersPolicyId"] == {"Ref": "PageHeaders"}
                assert one["AllowedMethods"] == ["GET", "HEAD"]
                assert one["Compress"] is True
    policy = resources["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    transport = security["StrictTransportSecurity"]
    sent = {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff" if security["ContentTypeOptions"]["Override"] else "",
        "Strict-Transport-Security": f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        **{one["Header"]: one["Value"] for one in policy["CustomHeadersConfig"]["Items"]},
    }
    assert transport["IncludeSubdomains"] is True
    assert sent == dict(PAGE_HEADERS)


@pytest.mark.parametrize("host", FRONTS)
def test_bucket_of_pages_is_read_by_its_own_front_only(resources: dict[str, Any], host: str) -> None:
    bucket = BUCKETS[host]
    for statement in resources[f"{bucket}Policy"]["Properties"]["PolicyDocument"]["Statement"]:
        if statement["Effect"] == "Allow":
            assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            source = statement["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]
            assert source.endswith(f"distribution/${{{FRONTS[host]}}}")
            assert statement["Action"] in {"s3:GetObject", "s3:ListBucket"}
    made = resources[bucket]["Properties"]
    assert set(made["PublicAccessBlockConfiguration"].values()) == {True}
    assert made["VersioningConfiguration"] == {"Status": "Enabled"}
    origins = resources[FRONTS[host]]["Properties"]["DistributionConfig"]["Origins"]
    pages = next(one for one in origins if one["Id"] == "pages")
    assert pages["DomainName"] == {"Fn::GetAtt": [bucket, "RegionalDomainName"]}
    assert pages["OriginAccessControlId"] == {"Fn::GetAtt": ["StaticAccess", "Id"]}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("bucket", ["public-pages", "staff-pages"])
def test_change_of_pages_raises_alarm(stage: str, bucket: str) -> None:
    def heard(name: str, *, read_only: bool = False, where: str = f"tamga-{stage}-{bucket}-{ACCOUNT}") -> bool:
        event = {"eventSource": "s3.amazonaws.com", "eventName": name, "readOnly": read_only,
                 "userIdentity": PEOPLE["root"], "requestParameters": {"bucketName": where, "key": "1"}}  # fmt: skip
        return rings(stage, "PagesChangedLine", event, absent_differs=False)

    assert heard("PutObject")
    assert heard("DeleteObject")
    assert heard("PutBucketPolicy")
    assert not heard("GetObject", read_only=True)
    assert not heard("PutObject", where="another-bucket")
    selectors = merged(stage)["Resources"]["Trail"]["Properties"]["AdvancedEventSelectors"]
    written = next(one for one in selectors if one["Name"] == "pages-written")["FieldSelectors"]
    assert {"Field": "readOnly", "Equals": ["false"]} in written
    alarm = merged(stage)["Resources"]["PagesChangedAlarm"]["Properties"]
    assert (alarm["MetricName"], alarm["AlarmActions"]) == ("PagesChanged", [{"Ref": "Warn"}])
