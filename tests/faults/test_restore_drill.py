"""Restore drill: the table returns to an earlier moment, no number is assigned twice, no used permit becomes usable.

Later events are recovered from the published lists, the prints and the devices. The register stays locked until they
are applied and two people have opened it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from border import Phone, endorse, event, held, look
from life import APPLICATION, approved, endorsement, issue
from office import ADMIN, ADMIN2, AIZADA, APPROVER, BEKZAT, NOW, PREPARER
from proof import found as told
from proof import rng, size
from restoring import EngineRestorable, MemoryRestorable

from chalicelib.issuing.services import sign
from chalicelib.kernel.errors import AlreadyUsed, Forbidden, NotUsable, Restored, TwoPeople, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.restore.services import missing_data, open_register, replay
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.verify import verify_number

GREEN = {"accept", "accept_offline"}
Story = dict[str, Any]


def printed(office: Any, permit: Dossier) -> Dossier:
    office.print_here(permit.id, False)
    return permit


def fresh(office: Any, quantity: int) -> Dossier:
    return approved(office, replace(APPLICATION, lines=(replace(APPLICATION.lines[0], quantity=str(quantity)),)))


def lived(office: Any, each: int) -> Story:
    """Play a life until some minutes after the backup. `each` is the number of permits of each fate."""
    random = rng("restore")
    phone = Phone(office)
    story: Story = {"phone": phone, "sent": [], "numbers": Counter()}
    for fate in ("kept", "used", "told", "revoked", "suspended", "lost", "cause", "before"):
        story[fate] = [issue(office, fresh(office, random.randrange(1, 50))) for _ in range(each)]
    for fate, base in (("recovered", 50), ("unseen", 100)):
        story[fate] = [fresh(office, base + i) for i in range(each)]  # approved, each with its own digest
    for permit in story["before"]:
        endorse(office, permit)
    office.minute()
    rows = office.backup()
    office.later(120)
    story["since"] = office.now
    for permit in story["used"]:
        endorse(office, permit)
    for permit in story["told"]:  # uploaded by a device after the last list; the device keeps the events
        story["sent"].append(event(endorsement(office, permit, endorsed_at=office.now + 70), AIZADA))
    for fate, step in STEPS.items():
        for permit in story[fate]:
            step(office, permit)
    story["recovered"] = [printed(office, issue(office, dossier)) for dossier in story["recovered"]]
    story["unseen"] = [issue(office, dossier) for dossier in story["unseen"]]
    story["gone"] = [printed(office, issue(office, fresh(office, 200 + i))) for i in range(each)]
    office.minute()
    office.later(10)
    assert {answer["result"] for answer in phone.sync(*story["sent"])} == {"stored"}
    story["unseen"] += [issue(office, fresh(office, 300 + i)) for i in range(each)]  # after the register mark
    for permit in everything(story):
        story["numbers"][permit.number] += 1
    assert set(story["numbers"].values()) == {1}
    office.restore(rows)
    return story


def everything(story: Story) -> list[Dossier]:
    return [permit for fate in FATES for permit in story[fate]]


STEPS: dict[str, Callable[[Any, Dossier], Any]] = {
    "revoked": lambda office, permit: change_status.revoke(permit.id, "asked", False, APPROVER, office),
    "cause": lambda office, permit: change_status.revoke(permit.id, "fraud", True, APPROVER, office),
    "suspended": lambda office, permit: change_status.suspend(permit.id, "asked", APPROVER, office),
    "lost": lambda office, permit: change_status.report_lost(permit.id, "post", "stolen", PREPARER, office),
}
FATES = ("kept", "used", "told", "revoked", "suspended", "lost", "cause", "before", "recovered", "unseen", "gone")
SPENT = ("used", "told", "revoked", "suspended", "lost", "cause", "before")


def seen(office: Any, permit: Dossier) -> Verdict:
    return look(office, permit, "export", "osh-airport")


def values(office: Any) -> dict[tuple[str, int], int]:
    return {
        (listed.uri, index): value
        for listed in missing_data.lists(office.restorer)
        for index, value in listed.entries().items()
    }


@pytest.fixture(params=["memory", pytest.param("engine", marks=pytest.mark.engine)])
def office(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemoryRestorable(now=NOW)
    return EngineRestorable(request.getfixturevalue("engine").endpoint, now=NOW)


def test_restore_drill_assigns_no_number_twice_and_reuses_no_permit(office: Any) -> None:
    each = size(1, 40)
    story = lived(office, each)
    phone: Phone = story["phone"]
    listed = values(office)

    # The lock engages by itself: nothing is issued, endorsed, changed or swept; nothing is accepted or accused.
    assert office.restore_lock.shut(at_once=True)
    waiting = held(office, story["recovered"][0])
    assert waiting.state == "approved"
    for refused in (
        lambda: issue(office, waiting),
        lambda: endorse(office, endorsement(office, story["used"][0])),
        lambda: endorse(office, endorsement(office, story["kept"][0])),
        lambda: STEPS["revoked"](office, story["kept"][0]),
        lambda: change_status.replace_permit(story["kept"][0].id, "typo", PREPARER, office),
        lambda: Phone(office),
    ):
        with pytest.raises(Restored):
            refused()
    assert sign.give_up_signings(office) == []
    for permit in everything(story):
        verdict = seen(office, permit)
        assert verdict.outcome not in GREEN
        assert not {"F3", "F4"} & set(verdict.codes)
    assert "T5" in seen(office, story["unseen"][0]).codes
    for fate, code in (("used", "U5"), ("revoked", "S2"), ("suspended", "S3"), ("lost", "S6"), ("cause", "S7")):
        assert code in seen(office, story[fate][0]).codes, fate  # our own status list shows it
    office.later(4 * 3600)
    assert office.publish_due()
    assert listed.items() <= values(office).items()  # and continues to show it

    # replay
    restorer = office.restorer
    with pytest.raises(Forbidden):
        replay.numbers(APPROVER, restorer)
    with pytest.raises(Forbidden):  # an admin unknown to the register
        replay.numbers(Actor("u-x", "X", frozenset({"admin"})), restorer)
    with pytest.raises(WrongState, match="numbers of 20"):
        open_register.propose(ADMIN, restorer)
    done = replay.numbers(ADMIN, restorer)
    assert sorted(done["recovered"]) == sorted(p.number for p in story["recovered"])
    assert sorted(done["lost"]) == sorted(p.number for p in story["gone"])
    corrected = replay.status(ADMIN, restorer)
    assert (len(corrected["corrected"]), corrected["left"]) == (5 * each, [])
    replay.events(story["since"], ADMIN, restorer)
    office.forget_bundle()
    assert office.bundle()[0]["resend_since"] == story["since"]
    again = phone.sync(*story["sent"])
    assert {answer["result"] for answer in again} == {"stored"}
    assert {a["result"] for a in phone.sync(event(endorsement(office, story["gone"][0])))} == {"rejected"}
    repeated = replay.numbers(ADMIN, restorer), replay.status(ADMIN, restorer)
    assert not any(any(step.values()) for step in repeated)

    # opening by two people
    proposal = open_register.propose(ADMIN, office.restorer)
    assert sorted(proposal.facts["lost"]) == sorted(p.number for p in story["gone"])
    with pytest.raises(TwoPeople):
        open_register.confirm(proposal.digest, ADMIN, office.restorer)
    assert office.restore_lock.shut(at_once=True)
    open_register.confirm(proposal.digest, ADMIN2, office.restorer)
    assert office.restore_lock.shut(at_once=True) is None
    with pytest.raises(WrongState):
        replay.status(ADMIN, office.restorer)

    # No number is assigned twice, no used permit is usable. A recovered permit is the same, a kept one can be used.
    issued = [issue(office, fresh(office, 400 + i)) for i in range(each)]
    for permit in issued:
        story["numbers"][permit.number] += 1
    assert set(story["numbers"].values()) == {1}
    for fate in SPENT:
        for permit in story[fate]:
            assert seen(office, permit).outcome not in GREEN, fate
            with pytest.raises((AlreadyUsed, NotUsable)):
                endorse(office, endorsement(office, permit, post="osh-airport"), BEKZAT)
    for permit in story["recovered"]:
        now = held(office, permit)
        assert (now.number, now.tokens, now.check_code, now.state) == (
            permit.number, permit.tokens, permit.check_code, "issued",
        )  # fmt: skip
        history = [h["action"] for h in store.history(office.register, permit.id, PREPARER)[0]]
        assert history.count("restored") == 1
    for permit in (*story["kept"], *story["recovered"], *issued):
        assert seen(office, permit).outcome == "accept"
        assert endorse(office, permit)["use"] == "exported"
    for permit in story["gone"]:
        assert "F3" in seen(office, permit).codes  # the remaining risk: its number is in the report
    office.minute()
    assert listed.items() <= values(office).items()
    told("restore", restored=len(everything(story)), twice=0, usable_though_used=0)


def test_uploaded_event_replaces_inferred_use_from_status_list() -> None:
    office = MemoryRestorable(now=NOW)
    phone, permit = Phone(office), issue(office, fresh(office, 3))
    office.minute()
    rows = office.backup()
    office.later(100)
    asked = endorsement(office, permit)
    endorse(office, asked)
    office.minute()
    office.restore(rows)
    replay.numbers(ADMIN, office.restorer)
    replay.status(ADMIN, office.restorer)
    told_use = held(office, permit).uses[0]
    assert (told_use.recorded, told_use.kind, held(office, permit).use) == ("list", "export", "exported")
    assert phone.sync(event(asked, AIZADA))[0]["result"] == "stored"
    after = held(office, permit)
    assert [use.event_id for use in after.uses if use.counts] == [asked.event_id]
    assert after.uses[1].result == "accepted"  # the officer is not accused of a second use
    assert after.use == "exported"


def test_rows_restored_in_place_engage_the_lock() -> None:
    office = MemoryRestorable(now=NOW)
    issue(office, fresh(office, 3))
    office.minute()
    rows = office.backup()
    issue(office, fresh(office, 3))
    office.minute()
    table: Any = office.register
    vars(table.inner).update(rows)
    assert "permit numbers of 2026" in str(office.restore_lock.shut(at_once=True))
    with pytest.raises(Restored):
        issue(office, approved(office))


def test_new_stage_is_open_and_unreadable_mark_locks_new_process() -> None:
    office = MemoryRestorable(now=NOW)
    assert office.restore_lock.shut() is None
    made, waiting = issue(office, fresh(office, 3)), fresh(office, 3)
    office.minute()
    held_mark = office.static.read("register-mark")
    assert held_mark is not None
    office.static.write("register-mark", b"{", content_type="text/plain", etag=held_mark[1])
    office.later(100)
    assert issue(office, fresh(office, 3)).state == "issued"  # this process knows that the register is open
    office.gated(office.register.inner)  # type: ignore[attr-defined]
    assert seen(office, made).outcome == "cannot_tell"
    with pytest.raises(Unavailable, match="restore check"):
        issue(office, waiting)


def test_own_status_list_is_used_when_register_is_silent() -> None:
    office = MemoryRestorable(now=NOW)
    permit, other = issue(office, fresh(office, 3)), issue(office, fresh(office, 3))
    STEPS["cause"](office, permit)
    office.minute()

    class Silent:
        def __getattr__(self, name: str) -> Any:
            raise Unavailable

    office.trust()
    office.register = Silent()  # type: ignore[assignment]
    assert {"S7", "T5"} <= set(seen(office, permit).codes)
    assert seen(office, permit).outcome == "hold"
    assert seen(office, other).outcome == "cannot_tell"


def test_unknown_number_while_locked_returns_restored() -> None:
    """Rows of the old paper register do not stop the search for missing numbers."""
    office = MemoryRestorable(now=NOW)
    rows = office.backup()
    permit = issue(office, fresh(office, 3))
    office.minute()
    office.restore(rows)
    restorer = office.restorer
    restorer.table.commit(Put(store.number_key("KG", "KG-0001/2025"), {"permit_id": "an old paper"}))
    assert missing_data.find_missing(restorer).serials["26"][1] == 1 + missing_data.SKIP
    with pytest.raises(Restored):
        verify_number(permit.number or "", permit.check_code or "", office)  # fmt: skip
