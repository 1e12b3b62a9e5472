"""People who call the service in these tests. A token is a name, and the register has the person's posts."""

from __future__ import annotations

from dataclasses import replace

from office import AIZADA, APPLICANT, APPROVER, BEKZAT, OTHER_APPLICANT, PREPARER, SCIENTIST, MemoryOffice

from chalicelib.kernel.roles import ROLES, Actor
from chalicelib.kernel.rows import Put
from chalicelib.kernel.stage import Stage
from chalicelib.people.services import PERSONS, person_key

PEOPLE = {
    "applicant": APPLICANT,
    "other": OTHER_APPLICANT,
    "preparer": PREPARER,
    "scientist": SCIENTIST,
    "approver": APPROVER,
    "aizada": AIZADA,
    "bekzat": BEKZAT,
    **{f"a-{role}": Actor(f"u-a-{role}", f"A {role}", frozenset({role}), frozenset({"*"})) for role in ROLES},
    "a-admin2": Actor("u-a-admin2", "Second Admin", frozenset({"admin"}), frozenset({"*"})),
    "approver2": Actor("u-appr2", "Second Approver", frozenset({"approver"})),
    "elsewhere": Actor("u-elsewhere", "Elsewhere", frozenset({"customs"}), frozenset({"torugart"})),
}


def staffed(stage: Stage | None = None) -> MemoryOffice:
    """A ministry in memory with all of them. The register, not the token, contains each person's posts."""
    made = MemoryOffice(stage)
    for token, actor in PEOPLE.items():
        made.people[token] = replace(actor, posts=frozenset())
        row = {"name": actor.name, "posts": sorted(actor.posts), "roles": sorted(actor.roles)}
        made.register.commit(Put(person_key(actor.id), row, index={"shelf": PERSONS}))
    return made
