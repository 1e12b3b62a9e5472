"""Who may do what: the one table of roles and operations.

An applicant reaches only what is their own, whatever the table allows ("another's object is 404, a wrong role 403").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.errors import Forbidden

ROLES = (
    "applicant", "preparer", "scientist", "approver", "border", "inspector", "customs", "enforcement", "auditor",
    "admin",
)  # fmt: skip
MINISTRY = frozenset({"preparer", "approver", "scientist", "auditor", "admin"})
OFFICERS = frozenset({"border", "inspector", "customs"})

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
    "create": frozenset({"applicant", "preparer"}),
    "edit": frozenset({"applicant", "preparer"}),
    "submit": frozenset({"applicant", "preparer"}),
    "attach": frozenset({"applicant", "preparer"}),
    "lost": frozenset({"applicant", "preparer"}),
    "see": frozenset({"applicant"}) | MINISTRY,
    "history": frozenset({"applicant"}) | MINISTRY,
    "return": frozenset({"preparer"}),
    "find": frozenset({"preparer", "scientist"}),
    "approve": frozenset({"approver"}),
    "refuse": frozenset({"approver"}),
    "issue": frozenset({"preparer", "approver"}),
    "replace": frozenset({"preparer"}),
    "suspend": frozenset({"approver"}),
    "reinstate": frozenset({"approver"}),
    "revoke": frozenset({"approver"}),
    "original": frozenset({"preparer", "approver"}),  # the print that gets the stamp
    "scan": OFFICERS,
    "resolve": OFFICERS,
    "endorse": OFFICERS,  # and only at a post whose data name the role's body
    "undo": OFFICERS | {"approver"},  # an approver after the first 24 hours
    "sync": OFFICERS,
    "device": OFFICERS,
    "bundle": OFFICERS,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the token's subject, a name to record, roles, and the posts the person is assigned to."""

    id: str
    name: str
    roles: frozenset[str]
    posts: frozenset[str] = frozenset()

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
