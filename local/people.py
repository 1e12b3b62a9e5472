"""People of the local ministry: a user pool with a client and a group for each role.

A person is a name, so the same name is the same person in every role. A token has the roles that were requested with
it. Names that are new are added to the pool when first requested, and assigned to every post.
"""

from __future__ import annotations

import base64
import json
import re
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.roles import ROLES
from local.country import MinistryStaff, load_country
from local.place import HOME

POOL_NAME = CLIENT_NAME = "tamga-local"
TOKEN_HOURS = 8  # a shift; Cognito allows up to 24
NAME = re.compile(r"[a-z][a-z0-9._-]{0,39}", re.ASCII)
# The person for each role when no name is given: different people, so that rules of two people can be met.
DEFAULT_NAMES: Mapping[str, str] = {
    "applicant": "sunkar",
    "preparer": "ainura",
    "scientist": "turgunbek",
    "approver": "bakyt",
    "border": "daniyar",
    "inspector": "erkin",
    "customs": "aizada",
    "enforcement": "jyldyz",
    "auditor": "nurlan",
    "admin": "gulnara",
}
ROLE_WORDS: Mapping[str, str] = {  # each role for readers who do not know Tamga
    "applicant": "applies for permits",
    "preparer": "prepares and issues permits",
    "scientist": "gives the Scientific Authority's findings",
    "approver": "approves permits",
    "border": "border guard",
    "inspector": "veterinary and plant inspection",
    "customs": "customs officer",
    "enforcement": "police, wildlife crime",
    "auditor": "audits who did what",
    "admin": "administers quotas, stamps, devices",
}
NEWCOMER = "meerim"  # a preparer on her first day
# Names on paper (block 13) and in histories. Without an entry, it is the capitalized sign-in name.
FULL_NAMES: Mapping[str, str] = {
    "sunkar": "Sunkar Falcon Breeding Centre",
    "outfitter": "Tian Shan Hunting Outfitters",
    "tortoises": "Chuy Tortoise Farm",
    "caviar": "Issyk-Kul Delicatessen",
    "zoo": "Bishkek Zoological Society",
    "almaz": "Almaz Sagynbaev",
    "ainura": "Ainura Jumabaeva, CITES Department",
    "turgunbek": "Dr Turgunbek Osmonov, Institute of Biology",
    "bakyt": "Bakyt Isakov, Head of CITES Department",
    "aizada": "Aizada Toktogulova",
    "bekzat": "Bekzat Mamytov",
    "gulnara": "Gulnara Asanova",
    "marat": "Marat Kydyrov",
    NEWCOMER: "Meerim Bekova, CITES Department",
}


KYRGYZ = MinistryStaff(
    {  # bekzat: a second customs officer at another post, for second uses of a permit
        **{name: role for role, name in DEFAULT_NAMES.items()},
        NEWCOMER: "preparer",
        "bekzat": "customs",
    },
    FULL_NAMES,
    ("gulnara", "marat"),
)


class Unknown(ValueError):
    """Raised for an unknown role or an impossible name."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A user pool. `endpoint`: the engine's. `password`: the same for everybody. `country`: the ministry's."""

    id: str
    client_id: str
    endpoint: str
    region: str
    password: str
    country: str = HOME

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}"

    @property
    def jwks_url(self) -> str:
        return f"{self.endpoint}/{self.id}/.well-known/jwks.json"


def roles_of(text: str) -> tuple[str, ...]:
    """Parse one role (`customs`) or several (`preparer,approver`). Raises `Unknown`."""
    asked = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not asked or any(role not in ROLES for role in asked):
        raise Unknown(f"ROLE: give one of {', '.join(ROLES)}.")
    return asked


def staff_of(country: str) -> MinistryStaff:
    """The people of this country's ministry. Raises `IncompleteCountry`."""
    return KYRGYZ if country == HOME else load_country(country).cast


def local_counterpart(name: str, role: str, country: str) -> str:
    """The person in this country's ministry who takes the part of a person of the Kyrgyz one.

    Stories use Kyrgyz names. Only the default person of a role is replaced.
    """
    return staff_of(country).of(role)[0] if name == DEFAULT_NAMES[role] else name


def name_of(name: str, roles: Collection[str], country: str = HOME) -> str:
    """The given name, or the default person of the first role. Raises `Unknown`."""
    chosen = name.strip().lower() or staff_of(country).of(next(iter(roles)))[0]
    if not NAME.fullmatch(chosen):
        raise Unknown("NAME: give a Latin letter, then at most 39 Latin letters, digits, dots, hyphens or underscores.")
    return chosen


def full_name(name: str, country: str = HOME) -> str:
    return staff_of(country).full.get(name, name.capitalize())


def ensure_pool(cognito: Any, *, endpoint: str, region: str, password: str, country: str = HOME) -> Pool:
    """Return the pool with its client and groups; create what is missing. `cognito`: a `cognito-idp` client."""
    pools = cognito.list_user_pools(MaxResults=60)["UserPools"]
    pool_id = next((pool["Id"] for pool in pools if pool["Name"] == POOL_NAME), None)
    if pool_id is None:
        pool_id = cognito.create_user_pool(PoolName=POOL_NAME)["UserPool"]["Id"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
    client_id = next((client["ClientId"] for client in clients if client["ClientName"] == CLIENT_NAME), None)
    if client_id is None:
        made = cognito.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName=CLIENT_NAME,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            AccessTokenValidity=TOKEN_HOURS,
            TokenValidityUnits={"AccessToken": "hours"},
        )
        client_id = made["UserPoolClient"]["ClientId"]
    there = {group["GroupName"] for group in cognito.list_groups(UserPoolId=pool_id, Limit=60)["Groups"]}
    for role in ROLES:
        if role not in there:
            cognito.create_group(UserPoolId=pool_id, GroupName=role)
    return Pool(pool_id, client_id, endpoint, region, password, country)


def ensure_person(cognito: Any, pool: Pool, name: str, roles: Collection[str]) -> str:
    """Put the person into the pool, in exactly the groups of these roles. Return their `sub`.

    Everybody has the pool's password permanently. The newcomer has it for the first sign-in only, and then chooses one.
    """
    who = {"UserPoolId": pool.id, "Username": name}
    try:
        found = cognito.admin_get_user(**who)["UserAttributes"]
    except cognito.exceptions.UserNotFoundException:
        made = cognito.admin_create_user(
            **who,
            MessageAction="SUPPRESS",
            TemporaryPassword=pool.password,
            UserAttributes=[{"Name": "name", "Value": full_name(name, pool.country)}],
        )
        if name != NEWCOMER:
            cognito.admin_set_user_password(**who, Password=pool.password, Permanent=True)
        found = made["User"]["Attributes"]
    groups = {group["GroupName"] for group in cognito.admin_list_groups_for_user(**who)["Groups"]}
    for role in set(roles) - groups:
        cognito.admin_add_user_to_group(**who, GroupName=role)
    for role in groups - set(roles):
        cognito.admin_remove_user_from_group(**who, GroupName=role)
    return str(next(each["Value"] for each in found if each["Name"] == "sub"))


def sign_in(pool: Pool, name: str) -> str | None:
    """Sign in and return an access token. None for unknown people, and for those who must choose a password first."""
    known = {"USERNAME": name, "PASSWORD": pool.password}
    begun = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client_id, "AuthParameters": known}
    answer = call_pool(pool, "InitiateAuth", begun)
    return str(answer["AuthenticationResult"]["AccessToken"]) if answer and "AuthenticationResult" in answer else None


def call_pool(pool: Pool, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Call an action of the pool that needs no credentials, or return None if it refuses (400).

    The SDK is avoided, because it loads slowly.
    """
    request = urllib.request.Request(
        pool.endpoint,
        json.dumps(body).encode(),
        {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
        },
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=10) as answer:
            result: dict[str, Any] = json.loads(answer.read(100_000))
            return result
    except urllib.error.HTTPError as error:
        if error.code == 400:  # UserNotFoundException, NotAuthorizedException, CodeMismatchException
            return None
        raise


def groups_in(token: str) -> frozenset[str]:
    """Read the groups in a token without verifying it, because the token comes directly from the pool."""
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return frozenset(claims.get("cognito:groups", ()))


def subject_in(token: str) -> str:
    part = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sub"])
