"""Who may do what: the one table of roles and operations.

An applicant reaches only what is their own, whatever the table allows ("another's object is 404, a wrong role 403").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.kernel.errors import Forbidden

TOKEN_AT_MOST = 8192  # characters of an access token; API Gateway's own limit is 10,240 for all headers together

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

ENFORCEMENT = frozenset({"enforcement"})  # police, prosecutors: they read as officers do

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
    "detach": frozenset({"applicant", "preparer"}),  # take a paper out again that one put there
    "withdraw": frozenset({"applicant", "preparer"}),  # what is one's own to submit, before it is approved
    "lost": frozenset({"applicant", "preparer"}),
    "surrender": frozenset({"applicant", "preparer"}),  # an unused permit goes back to who issued it
    "notify": frozenset({"applicant"}),  # say where notices of their own go
    "see": frozenset({"applicant"}) | MINISTRY,
    "history": frozenset({"applicant"}) | MINISTRY,
    "return": frozenset({"preparer"}),
    "find": frozenset({"preparer", "scientist"}),
    "approve": frozenset({"approver"}),
    "refuse": frozenset({"approver"}),
    "override": frozenset({"approver"}),  # let a hard stop pass, with a reason; nobody who had a hand in it
    "stops": MINISTRY,  # what stands against an application, what was let pass, and by whom how often
    "issue": frozenset({"preparer", "approver"}),
    "replace": frozenset({"preparer"}),
    "suspend": frozenset({"approver"}),
    "reinstate": frozenset({"approver"}),
    "revoke": frozenset({"approver"}),
    "settle_difference": frozenset({"approver", "admin"}),  # two people
    "stamps": frozenset({"preparer", "approver", "auditor", "admin"}),  # what is left, who has which
    "stock": frozenset({"admin"}),  # enter a run of stamps that was received
    "write_off": frozenset({"preparer", "admin"}),
    "stamp": frozenset({"preparer", "approver"}),  # say which one was put on an issued paper by hand
    "quotas": MINISTRY,  # the year's figures, what is taken of them, and every change
    "set_quota": frozenset({"admin"}),
    "species_lists": MINISTRY,  # the list in use, the one that waits, and those before
    "propose_species": frozenset({"admin"}),  # upload a list: what it would change is told, nothing else happens
    "publish_species": frozenset({"approver"}),  # another person puts it in use
    "reports": MINISTRY,  # annual and illegal trade, permits issued against exports
    "deputies": frozenset({"preparer", "approver", "auditor", "admin"}),
    "name_deputy": frozenset({"approver", "admin"}),  # never the deputy; an approver's needs a second person
    "import_legacy": frozenset({"preparer", "admin"}),  # propose rows of the old paper register
    "confirm_legacy": frozenset({"approver"}),  # from then on they are found
    "original": frozenset({"preparer", "approver"}),  # the print that gets the stamp
    "preview": frozenset({"preparer", "approver"}),  # the form as it would print, marked as no permit
    "scan": OFFICERS,
    "resolve": OFFICERS,
    "endorse": OFFICERS,  # and only at a post whose data name the role's body
    "see_photos": OFFICERS | MINISTRY,  # of block 14; officers: of their posts
    "undo": OFFICERS | {"approver"},  # an approver after the first 24 hours
    "sync": OFFICERS,
    "ask_expert": OFFICERS,  # what something is: the Scientific Authority answers
    "see_questions": OFFICERS | MINISTRY,  # officers: of their posts
    "answer_question": frozenset({"scientist"}),
    "record_foreign": OFFICERS,  # another Party's paper without a code of ours; endorsing it belongs to the post's body
    "see_foreign": OFFICERS | MINISTRY | ENFORCEMENT,  # officers: of their posts
    "ask_issuer": frozenset({"preparer", "approver"}),  # the Management Authority asks its like
    "open_case": OFFICERS | ENFORCEMENT,
    "see_cases": OFFICERS | MINISTRY | ENFORCEMENT,  # of each what people/model.py names
    "custody": OFFICERS | ENFORCEMENT,
    "follow_up": ENFORCEMENT | {"preparer", "scientist", "approver"},
    "amend_case": ENFORCEMENT,
    "case_history": ENFORCEMENT | {"auditor"},
    "share_abroad": ENFORCEMENT | {"approver"},
    "import_cases": ENFORCEMENT,
    "export_cases": ENFORCEMENT | {"approver", "auditor"},
    "export_people": ENFORCEMENT,
    "patterns": ENFORCEMENT | {"auditor"},  # suspicious patterns; signs about people inside: the auditor alone
    "answer_pattern": ENFORCEMENT | {"auditor"},  # each the rules that are theirs, and nobody what names them
    "operations": ENFORCEMENT | MINISTRY,  # the register of breeding operations
    "set_operation": frozenset({"admin"}),
    "see_alerts": OFFICERS | MINISTRY | ENFORCEMENT,  # of each what people/model.py names
    "acknowledge": OFFICERS | ENFORCEMENT | {"preparer", "approver"},
    "watch": ENFORCEMENT,
    "see_watch": ENFORCEMENT,
    "duty_desks": frozenset({"admin"}),
    "see_duty_desks": frozenset({"admin", "auditor"}),
    "device": OFFICERS,
    "devices": OFFICERS | {"auditor", "admin"},  # who has one, when it last sent, what a lost one sent
    "lose_device": OFFICERS | {"admin"},
    "bundle": OFFICERS,
    "exchange": MINISTRY,  # what went between Parties, and who may ask
    "set_aside_report": frozenset({"preparer", "approver"}),  # propose that a Party's report of arrival does not count
    "confirm_set_aside": frozenset({"approver"}),  # another person; from then on it does not
    "parties": frozenset({"admin"}),  # the access list of the exchange
    "ask_party": frozenset({"preparer", "approver"}) | OFFICERS | ENFORCEMENT,  # another Party, about its permit
    "trust": frozenset({"admin"}),  # propose and publish a trust list: two of them
    "restore": frozenset({"admin"}),  # and two of them to open the register again
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the token's subject, a name to record, roles, and the posts the person is assigned to.

    `deputy_for`: the approver whose role they have today (`people/model.py`), and that person's name.
    `brought_by`: who sends what they recorded offline, with that person's name; `vouched`: on their word and rights
    alone.
    """

    id: str
    name: str
    roles: frozenset[str]
    posts: frozenset[str] = frozenset()
    deputy_for: str = ""
    deputy_for_name: str = ""
    brought_by: str = ""
    brought_by_name: str = ""
    vouched: bool = False

    @property
    def persons(self) -> set[str]:
        """Whose hands theirs are when two people are asked for: their own, and whom they stand in for."""
        return {self.id, self.deputy_for} - {""}

    @property
    def brought(self) -> dict[str, str]:
        """What a history tells of it."""
        return {"brought_by": self.brought_by} if self.brought_by else {}

    def lent(self, operation: str) -> bool:
        """Whether they may do this only as somebody's deputy."""
        own = self.roles - {"approver"}
        return bool(self.deputy_for) and own.isdisjoint(OPERATIONS.get(operation, own))

    def may(self, operation: str) -> bool:
        return not self.roles.isdisjoint(OPERATIONS[operation])

    def need(self, operation: str) -> None:
        """Raise `Forbidden` unless one of the actor's roles may do this."""
        if not self.may(operation):
            allowed = ", ".join(sorted(OPERATIONS[operation]))
            raise Forbidden(f"This needs one of the roles {allowed}.")

    @property
    def only_own(self) -> bool:
        """True for an exporter: sees and touches nothing but their own."""
        return self.roles.isdisjoint(MINISTRY)


AGENCIES = ("customs", "border", "ministry", "police")

AGENCY_OF: Mapping[str, str] = MappingProxyType(
    {"customs": "customs", "border": "border", "inspector": "border"}
    | dict.fromkeys(ENFORCEMENT, "police")
    | dict.fromkeys(MINISTRY, "ministry")
)


def agencies_of(actor: Actor) -> frozenset[str]:
    """For which agencies this person looks; none for an applicant."""
    return frozenset(AGENCY_OF[role] for role in actor.roles if role in AGENCY_OF)


OFFICIALS = OFFICERS | MINISTRY | ENFORCEMENT
