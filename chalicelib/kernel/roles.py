"""Roles, the table of operations that each role may do, and the person who calls (`Actor`).

An applicant has access only to their own objects, whatever the table allows. Another person's object is 404, but a
wrong role is 403.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from chalicelib.kernel.errors import Forbidden

TOKEN_AT_MOST = 8192  # characters of an access token; API Gateway allows 10,240 for all headers together

ROLES = (
    "applicant",
    "preparer",
    "scientist",
    "approver",
    "border",
    "inspector",
    "customs",
    "enforcement",
    "auditor",
    "admin",
)

MINISTRY = frozenset({"preparer", "approver", "scientist", "auditor", "admin"})

OFFICERS = frozenset({"border", "inspector", "customs"})

ENFORCEMENT = frozenset({"enforcement"})  # police and prosecutors; they read what officers read

FINDING_ROLES: Mapping[str, str] = {
    "legal_acquisition": "preparer",
    "lawful_import": "preparer",
    "live_transport": "preparer",
    "not_primarily_commercial": "preparer",
    "non_detriment": "scientist",  # Art. III, IV: the Scientific Authority
    "bred_or_propagated": "scientist",
    "import_not_detrimental": "scientist",
    "suitably_equipped": "scientist",
}

OPERATIONS: Mapping[str, frozenset[str]] = {
    "me": frozenset(ROLES),
    "create": frozenset({"applicant", "preparer"}),
    "edit": frozenset({"applicant", "preparer"}),
    "submit": frozenset({"applicant", "preparer"}),
    "attach": frozenset({"applicant", "preparer"}),
    "detach": frozenset({"applicant", "preparer"}),  # remove a supporting document; only the person who attached it
    "withdraw": frozenset({"applicant", "preparer"}),  # before approval; only a person who may submit the application
    "lost": frozenset({"applicant", "preparer"}),
    "surrender": frozenset({"applicant", "preparer"}),  # return an unused permit to the issuer
    "notify": frozenset({"applicant"}),  # set the address for notices about their own applications
    "see": frozenset({"applicant"}) | MINISTRY,
    "history": frozenset({"applicant"}) | MINISTRY,
    "return": frozenset({"preparer"}),
    "find": frozenset({"preparer", "scientist"}),
    "approve": frozenset({"approver"}),
    "refuse": frozenset({"approver"}),
    "override": frozenset({"approver"}),  # override a hard stop, with a reason; not one of `excluded_approvers`
    "stops": MINISTRY,  # hard stops of an application, overrides, and the number of overrides of each approver
    "issue": frozenset({"preparer", "approver"}),
    "replace": frozenset({"preparer"}),
    "suspend": frozenset({"approver"}),
    "reinstate": frozenset({"approver"}),
    "revoke": frozenset({"approver"}),
    "settle_difference": frozenset({"approver", "admin"}),  # two people
    "stamps": frozenset({"preparer", "approver", "auditor", "admin"}),  # stock that is left, permit of each stamp
    "stock": frozenset({"admin"}),  # enter a received run of stamps
    "write_off": frozenset({"preparer", "admin"}),
    "stamp": frozenset({"preparer", "approver"}),  # record the stamp that was put on an issued permit by hand
    "quotas": MINISTRY,  # the year's figures, the quantities counted against them, and every change
    "set_quota": frozenset({"admin"}),
    "species_lists": MINISTRY,  # the list in use, the proposed one, and the earlier ones
    "propose_species": frozenset({"admin"}),  # upload a list; this only shows its differences
    "publish_species": frozenset({"approver"}),  # put the proposed list in use; another person
    "reports": MINISTRY,  # annual report, illegal trade report, reconciliation of permits and exports
    "deputies": frozenset({"preparer", "approver", "auditor", "admin"}),
    "name_deputy": frozenset({"approver", "admin"}),  # never the deputy; a second person confirms an approver's
    "import_legacy": frozenset({"preparer", "admin"}),  # propose rows of the paper register
    "confirm_legacy": frozenset({"approver"}),  # the rows can be found from then on
    "original": frozenset({"preparer", "approver"}),  # the print that gets the security stamp
    "preview": frozenset({"preparer", "approver"}),  # the form as it would print, marked PREVIEW
    "scan": OFFICERS,
    "resolve": OFFICERS,
    "endorse": OFFICERS,  # only at a post that has the role among its bodies
    "see_photos": OFFICERS | MINISTRY,  # photographs of block 14; officers: those of their posts
    "undo": OFFICERS | {"approver"},  # an approver after the first 24 hours
    "sync": OFFICERS,
    "ask_expert": OFFICERS,  # ask the Scientific Authority what goods are
    "see_questions": OFFICERS | MINISTRY,  # officers: those of their posts
    "answer_question": frozenset({"scientist"}),
    "record_foreign": OFFICERS,  # another Party's permit without a code; only a body of the post may endorse it
    "see_foreign": OFFICERS | MINISTRY | ENFORCEMENT,  # officers: those of their posts
    "ask_issuer": frozenset({"preparer", "approver"}),  # enquiry of our Management Authority to the issuer's
    "open_case": OFFICERS | ENFORCEMENT,
    "see_cases": OFFICERS | MINISTRY | ENFORCEMENT,  # people/model.py lists the parts that each agency sees
    "custody": OFFICERS | ENFORCEMENT,
    "follow_up": ENFORCEMENT | {"preparer", "scientist", "approver"},
    "amend_case": ENFORCEMENT,
    "case_history": ENFORCEMENT | {"auditor"},
    "share_abroad": ENFORCEMENT | {"approver"},
    "import_cases": ENFORCEMENT,
    "export_cases": ENFORCEMENT | {"approver", "auditor"},
    "export_people": ENFORCEMENT,
    "patterns": ENFORCEMENT | {"auditor"},  # suspicious patterns; those about staff only for the auditor
    "answer_pattern": ENFORCEMENT | {"auditor"},  # only flags that their role owns, never one that names them
    "operations": ENFORCEMENT | MINISTRY,  # the register of breeding operations
    "set_operation": frozenset({"admin"}),
    "see_alerts": OFFICERS | MINISTRY | ENFORCEMENT,  # people/model.py lists the parts that each agency sees
    "acknowledge": OFFICERS | ENFORCEMENT | {"preparer", "approver"},
    "watch": ENFORCEMENT,
    "see_watch": ENFORCEMENT,
    "duty_desks": frozenset({"admin"}),
    "see_duty_desks": frozenset({"admin", "auditor"}),
    "device": OFFICERS,
    "devices": OFFICERS | {"auditor", "admin"},  # holders, last contact, and events of lost devices
    "lose_device": OFFICERS | {"admin"},
    "bundle": OFFICERS,
    "exchange": MINISTRY,  # messages between Parties, and the access list
    "set_aside_report": frozenset({"preparer", "approver"}),  # propose that a Party's report of arrival does not count
    "confirm_set_aside": frozenset({"approver"}),  # confirm that; another person
    "parties": frozenset({"admin"}),  # the access list of the exchange
    "ask_party": frozenset({"preparer", "approver"}) | OFFICERS | ENFORCEMENT,  # ask another Party about its permit
    "trust": frozenset({"admin"}),  # propose and publish a trust list; two admins
    "restore": frozenset({"admin"}),  # open the restored register; two admins
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts: the token's subject, a name to record, roles, and the posts that the person is assigned to.

    `deputy_for`: the approver whose role the person has today (`people/model.py`).
    `brought_by`: id of the uploader, if another person's device sends this person's offline event.
    `deputy_for_name`, `brought_by_name`: the names of these two people.
    `by_uploaders_rights`: the event counts by the uploader's rights alone (`offline/services/proxy_upload.py`).
    """

    id: str
    name: str
    roles: frozenset[str]
    posts: frozenset[str] = frozenset()
    deputy_for: str = ""
    deputy_for_name: str = ""
    brought_by: str = ""
    brought_by_name: str = ""
    by_uploaders_rights: bool = False

    @property
    def same_person_ids(self) -> set[str]:
        """Ids that count as this person in the rule of two people: their own, and the approver they stand in for."""
        return {self.id, self.deputy_for} - {""}

    @property
    def upload_detail(self) -> dict[str, str]:
        """Members that a history entry gets for a proxy upload, or none without one."""
        return {"brought_by": self.brought_by} if self.brought_by else {}

    def only_as_deputy(self, operation: str) -> bool:
        """True if the person may do this only as a deputy."""
        own = self.roles - {"approver"}
        return bool(self.deputy_for) and own.isdisjoint(OPERATIONS.get(operation, own))

    def may(self, operation: str) -> bool:
        return not self.roles.isdisjoint(OPERATIONS[operation])

    def require(self, operation: str) -> None:
        """Raise `Forbidden` unless one of the person's roles may do this."""
        if not self.may(operation):
            allowed = ", ".join(sorted(OPERATIONS[operation]))
            raise Forbidden(f"You need one of these roles: {allowed}.")

    @property
    def only_own(self) -> bool:
        """True if the person has no role of the ministry, like an exporter, who may see and change only their own
        permits.
        """
        return self.roles.isdisjoint(MINISTRY)


type Agency = Literal["customs", "border", "ministry", "police"]

AGENCIES: tuple[Agency, ...] = get_args(Agency.__value__)

_POLICE: Mapping[str, Agency] = dict.fromkeys(ENFORCEMENT, "police")

_MINISTRY: Mapping[str, Agency] = dict.fromkeys(MINISTRY, "ministry")

AGENCY_OF: Mapping[str, Agency] = MappingProxyType(
    {"customs": "customs", "border": "border", "inspector": "border", **_POLICE, **_MINISTRY}
)


def agencies_of(actor: Actor) -> frozenset[Agency]:
    """Return the agencies that the person's roles belong to, or none for an applicant."""
    return frozenset(AGENCY_OF[role] for role in actor.roles if role in AGENCY_OF)


OFFICIALS = OFFICERS | MINISTRY | ENFORCEMENT
