"""Endorsement of block 14, exactly once: use, receipt, status value and history in one transaction.

1 event id: the same request gets its stored response; another request raises `EventIdReused`
2 role, post, time window    3 verdict: genuine and usable here    4 every line named, no more than permitted
5 single use: not used before    6 one transaction, guarded by the version read for steps 3-5

On a version conflict in step 6, retry from step 1. The retry finds the accepted use in step 5. The refusal is also
stored under the event id.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import NotRequired, TypedDict, final

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import NewUse
from chalicelib.endorsement.services import requests
from chalicelib.endorsement.services.requests import Endorsement, mark_of, resolve, unverified_number, well_formed
from chalicelib.kernel.days import DAY
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import Direction, Outcome, Recorded, UseResult, UseState
from chalicelib.kernel.errors import (
    AlreadyUsed,
    EventIdReused,
    FieldError,
    Forbidden,
    Invalid,
    KeptAsConflict,
    NoMatch,
    NotGenuine,
    NotUsable,
    TamgaError,
    Unavailable,
)
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, Row
from chalicelib.kernel.stage import Stage
from chalicelib.people.model import Post, Posts
from chalicelib.permits.services import store
from chalicelib.permits.services.list_differences import difference
from chalicelib.platform.country_folder import DUTY_POST
from chalicelib.platform.deps import Deps
from chalicelib.platform.restore_lock import is_locked, resend_since
from chalicelib.platform.transact import transact
from chalicelib.record.permit import Permit
from chalicelib.uses import single_use
from chalicelib.uses.single_use import use_state
from chalicelib.uses.use import LineOfUse, Use
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import FAILING
from chalicelib.verdict.snapshot import Context
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.model.foreign_permit import GRAVE
from chalicelib.verification.services import import_permits
from chalicelib.verification.services.accounts import UseAccount, account_of, open_account, use_of_day
from chalicelib.verification.services.import_permits import ImportPermitUse, ReceiptPart
from chalicelib.verification.services.verify import VerifyDeps, judge_account

ONLINE_WINDOW = 600  # seconds around the server's clock

PAPER_WINDOW = 30 * DAY  # a hand-stamped endorsement may be entered so much later

ENDED_CODES = frozenset({"S2", "S3", "S4", "S6", "S7"})  # a hand-stamped endorsement may be older than these

# Refusal codes that notify the duty desks, because the goods are to be held.
HOLD_CODES = frozenset({"F3", "F4", "S3", "S6", "S7", "U3", "U4", "import_permit_used", "import_permit_exceeded"})

DESK_ONLY = frozenset({"T8"})  # only the duty desk endorses online with these; with P3 too (for_duty_desk)

GENUINE = frozenset({"F1", "F2", "F3", "F4", "F5", "F6", "T3", "T4", "T6", "T7"})


class ReceiptMembers(TypedDict):
    """Receipt of an endorsement, without its time.

    `state`: of the permit, `foreign` for another Party's. `import_permit`: what was used of ours with another Party's
    permit. `remarks`: what is odd about it.
    """

    event_id: str
    number: str
    kind: str
    post: str
    officer: str
    lines: list[LineOfUse]
    transport_document: str
    result: str
    state: str
    use: UseState
    import_permit: NotRequired[ImportPermitUse]
    remarks: NotRequired[list[str]]


@final
class StoredReceipt(ReceiptMembers):
    """Receipt as its event's row has it. `at`: whole seconds."""

    at: int


class FirstUse(TypedDict):
    """The accepted use, for the person whose endorsement it refuses."""

    at: int
    post: str
    lines: list[LineOfUse]


class StoredRefusal(TypedDict):
    first_use: FirstUse


def endorse(asked: Endorsement, actor: Actor, deps: VerifyDeps) -> tuple[StoredReceipt, bool]:
    """Endorse a permit. Return the receipt, and True if it is new.

    Our import permit, where another Party's permit names one, is used in the same transaction. Raises `Invalid`,
    `Forbidden`, `NotGenuine`, `NotUsable`, `AlreadyUsed` (with `first_use`), `QuantityExceeded`, `EventIdReused` and
    `NoMatch`. Raises `KeptAsConflict` if an offline batch of the device recorded this event first, as a conflict.
    Raises `Unavailable`: the caller retries with the same event id.
    """
    actor.require("endorse")
    well_formed(asked)
    if (stored := deps.register.get(store.event_key(asked.event_id))) is not None:
        return _not_conflict(
            stored_receipt(stored, mark_of(asked, actor, *unverified_number(asked, deps.stage)))
        ), False
    text, read = resolve(asked, actor, deps)
    permit = read.permit
    mark = mark_of(asked, actor, permit.issuer, permit.number)

    def attempt() -> tuple[StoredReceipt, bool]:
        stored = deps.register.get(store.event_key(asked.event_id))  # 1
        if stored is not None:
            return _not_conflict(stored_receipt(stored, mark)), False
        may_endorse(asked, actor, deps.posts)  # 2
        in_window(asked, deps.now)
        account = open_account(permit, read.pages, deps)
        use = as_use(asked, permit, actor, deps.stage, deps.now)
        new = NewUse(use, account, actor, read.pages)
        try:
            found = check_against_account(use, asked, text, account, deps)
            paired, remarks = requests.pair_import_permit(asked, new, deps)
            if paired and paired.shortfall and not asked.on_behalf_of:
                raise NotUsable(import_permits.DESK_ONLY, codes=list(paired.shortfall))
        except AlreadyUsed as error:
            refusal = refusal_of(error)
            held = alerts.of_use(use.event_id, new, deps, codes=("U1",))
            deps.register.commit(
                Put(store.event_key(asked.event_id), {**mark, "refusal": refusal}, expected_version=0), *held
            )
            raise AlreadyUsed(error.detail, **refusal) from None
        except (NotGenuine, NotUsable) as error:
            _notify_duty_desks(error, new, deps)
            raise
        desk_only = for_duty_desk(use, found, shut=is_locked(deps.register))
        if desk_only and not asked.on_behalf_of:
            raise NotUsable("Only the duty desk may endorse this permit. Telephone the desk.", codes=desk_only)
        grave = (remark for remark in remarks if remark in GRAVE)
        against = (*sorted(ENDED_CODES & {*found.codes}), *account.too_far(use, deps.posts), *grave)
        room = account.room_for(use)
        receipt = receipt_of(new, permit, import_permits.receipt_part(paired, remarks))
        event = {**mark, "receipt": receipt, "permit": [permit.issuer, permit.number]}
        deps.register.commit(  # 6
            *account.puts(
                (*account.uses, use),
                actor,
                deps,
                "endorse",
                {"event_id": use.event_id, "kind": use.kind},
                room,
            ),
            Put(store.event_key(asked.event_id), event, expected_version=0),
            *day_puts(use, account),
            *(paired.puts(actor, deps, "endorse") if paired else ()),
            *alerts.of_use(
                use.event_id,
                new,
                deps,
                codes=against,
                unconfirmed=(
                    *account.unconfirmed_beside(use, deps.posts),
                    *import_permits.unconfirmed_of(paired),
                ),
            ),
        )
        return receipt, True

    return transact(attempt, "Others are using this permit; send the request again with the same event id.")


def _notify_duty_desks(error: TamgaError, new: NewUse, deps: Deps) -> None:
    """Notify the duty desks of a refusal with a code of HOLD_CODES.

    Best effort, so a failure does not change the response.
    """
    codes = [code for code in error.extra.get("codes", ()) if code in HOLD_CODES]
    event_id = store.derived_event_id(new.use.event_id, deps.now)  # the same refusal after an hour raises a new alert

    def attempt() -> None:
        if puts := alerts.of_use(event_id, new, deps, codes=codes):
            deps.register.commit(*puts)

    if codes:
        with suppress(Unavailable):
            transact(attempt, "Others are notifying the duty desks.")


def check_against_account(use: Use, asked: Endorsement, text: str, account: UseAccount, deps: VerifyDeps) -> Verdict:
    """Steps 3-5 against an account as read. Return the verdict or raise as `endorse` does."""
    post = deps.posts[asked.post]
    place = Place(asked.direction, deps.stage.issuer, post.id)
    context = Context(place=place, posts=deps.posts, other_pages=asked.other_pages)
    found = judge_account(account, text, deps, context=context)
    forged = [
        check_result.code
        for check_result in found.check_results
        if check_result.code in GENUINE and check_result.outcome in {Outcome.HOLD, Outcome.CANNOT_TELL}
    ]
    if forged or found.permit is None:  # 3
        words = "The code does not prove a permit in force. Follow the verdict codes in 'codes'."
        raise NotGenuine(words, codes=forged or list(found.codes))
    if not account.ours and "D2" in found.codes:
        detail = "The lines of the other pages are not known. Scan every page of the permit."
        raise Invalid(FieldError("other_pages", "missing_pages", detail))
    single_use.check_lines(use.lines, account.allowed, use.kind)  # 4
    unusable = [h.code for h in found.check_results if h.outcome in FAILING and h.code != "U1"]
    if (
        use.result == UseResult.PENDING
    ):  # the stamp is on the paper: what changed since does not refuse it, only P1, S1 and S5
        early, late = use.at < found.permit.issued_at - ONLINE_WINDOW, use.at >= found.permit.expires_at
        unusable = [code for code in unusable if code == "P1"] + ["S5"] * early + ["S1"] * late
    else:
        uses = account.counted(account.uses)
        single_use.check_use(account.kind, uses, use, account.divisible(use), deps.posts, deps.now)  # 5
    if unusable:
        raise NotUsable(f"The permit cannot be used here: {', '.join(unusable)}.", codes=unusable)
    return found


def for_duty_desk(use: Use, found: Verdict, *, shut: bool) -> list[str]:
    """Codes that only the duty desk may endorse with (`on_behalf_of`). There are none for a stamp already on the paper.

    P3 is an export after the whole permit arrived abroad. T8 is not among them while the register is locked (`shut`),
    because the list then knows more than the register by design.
    """
    if use.result == UseResult.PENDING:
        return []
    codes = [
        check_result.code
        for check_result in found.check_results
        if use.kind == Direction.EXPORT and check_result.code == "P3" and check_result.facts["whole"]
    ]
    return codes if shut else codes + sorted(DESK_ONLY & {*found.codes})


def duty_desk_codes_afterwards(use: Use, account: UseAccount, deps: VerifyDeps, *, shut: bool) -> list[str]:
    """Codes of `for_duty_desk` for an endorsement made without the duty desk: offline, or stamped by hand.

    The duty desks are notified, and the use stays as it is. T8 is left out after a restore, because devices resend
    events that the status list already shows.
    """
    checker = deps.checker()
    dossier = account.dossier
    if dossier is None or use.on_behalf_of or use.kind not in {Direction.EXPORT, Direction.IMPORT}:
        return []
    arrived = dossier.arrived if use.kind == Direction.EXPORT else None
    found = ["P3"] if arrived and arrived.whole and arrived.at <= use.at else []
    if shut or resend_since(deps.register, deps.now) is not None:
        return found
    listed = checker.listed(account.issuer, dossier.status_uri) if dossier.status_uri else None
    return found if difference(dossier, listed) is None else [*found, "T8"]


def may_endorse(asked: Endorsement, actor: Actor, posts: Posts) -> None:
    """Step 2: check that the officer is assigned to the post and that their body endorses there.

    With `on_behalf_of`, the duty desk endorses for any post. Raises `Invalid`, `Forbidden`.
    """
    known_post(asked.post, posts)
    check_body_at_post(actor, DUTY_POST if asked.on_behalf_of else asked.post, posts)


def check_body_at_post(actor: Actor, post: str, posts: Posts) -> None:
    """Check that the officer is assigned to the post and that their body endorses there. Raises `Forbidden`."""
    check_assigned(actor, post, posts)
    if actor.roles.isdisjoint(posts[post].bodies):
        bodies = ", ".join(sorted(posts[post].bodies)) or "nobody"
        raise Forbidden(f"At this post only these roles may endorse: {bodies}.")


def check_assigned(actor: Actor, post: str, posts: Posts) -> Post:
    """Return the post if the officer is assigned to it. `*` means every post.

    Raises `Invalid` for an unknown post, `Forbidden` for another's post.
    """
    known = known_post(post, posts)
    if post not in actor.posts and "*" not in actor.posts:
        raise Forbidden("You are not assigned to this post.")
    return known


def known_post(post: str, posts: Posts) -> Post:
    if post not in posts:
        raise Invalid(FieldError("post", "unknown", "There is no such post."))
    return posts[post]


def in_window(asked: Endorsement, now: int) -> None:
    if asked.recorded == Recorded.PAPER:
        if not now - PAPER_WINDOW <= asked.endorsed_at <= now + ONLINE_WINDOW:
            words = "A hand-stamped endorsement must be entered within 30 days."
            raise Invalid(FieldError("endorsed_at", "window", words))
    elif abs(asked.endorsed_at - now) > ONLINE_WINDOW:
        detail = "Must be within 10 minutes of the server's clock. Send an offline endorsement by sync."
        raise Invalid(FieldError("endorsed_at", "window", detail))


def as_use(asked: Endorsement, permit: Permit, actor: Actor, stage: Stage, now: int) -> Use:
    """The use to record. Our own export document at our own import becomes a `return`: the goods come back (P4)."""
    kind = KINDS[permit.kind]
    ours = (
        permit.issuer == permit.exporter.country == stage.issuer and kind.single and permit.kind != DocumentKind.IMPORT
    )
    return Use(
        event_id=asked.event_id,
        kind=Direction.RETURN if ours and asked.direction == Direction.IMPORT else asked.direction,
        post=asked.post,
        at=asked.endorsed_at,
        officer=actor.id,
        lines=asked.lines,
        transport_document=asked.transport_document,
        customs_document=asked.customs_document,
        on_behalf_of=asked.on_behalf_of,
        recorded=Recorded(asked.recorded),
        received_at=now,
        result=UseResult.PENDING if asked.recorded == Recorded.PAPER else UseResult.ACCEPTED,
    )


def receipt_of(new: NewUse, permit: Permit, part: ReceiptPart) -> StoredReceipt:
    use, account = new.use, new.account
    return {
        "event_id": use.event_id,
        "number": permit.number,
        "kind": use.kind,
        "post": use.post,
        "at": use.at,
        "officer": new.officer.name,
        "lines": [line.as_json for line in use.lines],
        "transport_document": use.transport_document,
        "result": use.result,
        "state": account.dossier.state if account.dossier else "foreign",
        "use": use_state(permit.kind, account.counted((*account.uses, use))),
        **part,
    }


def refusal_of(error: AlreadyUsed) -> StoredRefusal:
    """Details of the accepted use, returned with 409."""
    earlier: Use = error.extra["first_use"]
    lines: list[LineOfUse] = [{"line": line.line, "quantity": line.quantity} for line in earlier.lines]
    return {"first_use": {"at": earlier.at, "post": earlier.post, "lines": lines}}


def stored_receipt(stored: Row, mark: Mapping[str, str]) -> StoredReceipt:
    """The stored receipt of this event id. Raises as `check_repeated`."""
    check_repeated(stored, mark)
    receipt: StoredReceipt = stored.data["receipt"]
    return receipt


def check_repeated(stored: Row, mark: Mapping[str, str]) -> None:
    """Check that a request repeats the one of the stored event.

    Raises `AlreadyUsed` (the same refusal again), `EventIdReused` where the request differs.
    """
    if any(stored.data.get(name) != value for name, value in mark.items()):
        raise EventIdReused("This event id was used for another request. Make a new one.")
    if "refusal" in stored.data:
        raise AlreadyUsed("This permit has been used.", **stored.data["refusal"])


def _not_conflict(receipt: StoredReceipt) -> StoredReceipt:
    """The stored receipt. Raises `KeptAsConflict`, so that a second use is never answered as a success."""
    if receipt["result"] != UseResult.CONFLICT:
        return receipt
    raise KeptAsConflict(
        "The register keeps this endorsement as a second use: it contradicts an earlier use or the permit's state. If "
        "the goods are still here, another officer of the post (within 24 hours) or an approver must take it back.",
        receipt=receipt,
        undo=f"/v1/endorsements/{receipt['event_id']}/undo",
    )


def day_puts(use: Use, account: UseAccount, *, expect: int | None = 0) -> tuple[Put, ...]:
    return use_of_day(use, account.kind, account.issuer, account.number, expected_version=expect)


def find_use(event_id: str, deps: Deps) -> tuple[UseAccount, Use]:
    """The account and the use behind an event id. Raises `NoMatch`."""
    stored = deps.register.get(store.event_key(event_id))
    if stored is None or "permit" not in stored.data:
        raise NoMatch("No such endorsement.")
    issuer, number = stored.data["permit"]
    account = account_of(issuer, number, deps)
    for use in account.uses:
        if use.event_id == event_id:
            return account, use
    raise NoMatch("No such endorsement.")
