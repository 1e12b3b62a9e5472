"""Key rotation: verifiers with any unexpired trust list find the key of each signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trust_maker import (
    DAY,
    NEXT,
    NOW,
    PERMIT,
    SPARE_1,
    SPARE_2,
    STATUS,
    STATUS_SPARE,
    key,
    kid,
    pin,
    public,
    sign,
    trust_list,
)  # fmt: skip

from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import Invalid, Unavailable
from chalicelib.trust.model.key_rotation import (
    KEEP_RETIRED,
    NOTICE,
    add_host,
    admit,
    check_notice,
    check_succession,
    compromise,
    due,
    renew,
    retire,
    rotate,
    signing,
    spares_missing,
)
from chalicelib.trust.model.trust import active_key, usable
from chalicelib.trust.model.trust_list import (
    LIFETIME,
    Host,
    TrustKey,
    TrustList,
    encode_trust_list,
    open_trust_list,
    trust_list_header,
)

BASE = trust_list()
FUTURE = BASE.expires_at


def found(each: TrustList, n: int) -> TrustKey:
    return next(one for one in each.keys if one.kid == kid(n))


SPLIT = replace(
    BASE,
    keys=(
        key(40, kinds=("E",), not_before=NOW - 400 * DAY), key(41, kinds=("R",), not_before=NOW - DAY),
        key(42, kinds=("E", "R")),
        key(43, kinds=("I",), not_before=NOW + DAY), *(each for each in BASE.keys if each.purpose != "permit"),
    ),
)  # fmt: skip


def test_keys_split_by_kind_are_checked_per_kind() -> None:
    by_kind = {kind: each and each.kid for kind, each in signing(SPLIT, "permit", NOW).items()}
    assert by_kind == {"E": kid(40), "I": None, "R": kid(41)}
    asked = due(SPLIT, NOW)
    assert asked["no-key-permit"] == "no permit key can sign for I now"
    assert asked["rotate-permit"] == "the permit key that signs for E began more than a year ago; rotate it"
    assert due(replace(BASE, keys=()), NOW)["no-key-status"] == "no status key can sign now"


def test_renew_changes_only_seq_and_validity() -> None:
    following = renew(BASE, NOW + 30 * DAY)
    assert following == replace(BASE, seq=NOW + 30 * DAY, not_before=NOW + 30 * DAY, expires_at=NOW + 90 * DAY)


def test_seq_rises_when_clock_does_not() -> None:
    assert renew(BASE, NOW).seq == NOW + 1
    assert renew(BASE, NOW - DAY).seq == NOW + 1


def test_rotated_list_can_be_signed_and_opened() -> None:
    following = rotate(BASE, key(NEXT, not_before=FUTURE), NOW + DAY)
    data = sign(1, trust_list_header(public(1)), encode_trust_list(following))
    assert open_trust_list(data, [pin()]) == following


def test_rotate_retires_signer_and_first_spare_takes_over() -> None:
    following = rotate(BASE, key(NEXT, not_before=FUTURE), NOW + DAY)
    ends = NOW + DAY + NOTICE
    assert found(following, PERMIT).retired_at == ends
    assert active_key(following, "permit", ends, kind="E").kid == kid(SPARE_1)
    assert spares_missing(following) == {}
    assert active_key(following, "permit", ends - 1, kind="E").kid == kid(PERMIT)
    planned = rotate(BASE, key(NEXT, not_before=FUTURE), NOW + DAY, NOW + 9 * DAY)
    assert found(planned, PERMIT).retired_at == NOW + 9 * DAY


def test_retirement_needs_notice() -> None:
    """A signature between preparation and publication of an earlier end would count as forged."""
    ends = NOW + 9 * DAY
    planned = rotate(BASE, key(NEXT, not_before=FUTURE), NOW + DAY, ends)
    check_notice(BASE, planned, ends - NOTICE)
    with pytest.raises(Invalid, match="prepare the list again"):
        check_notice(BASE, planned, ends - NOTICE + 1)
    check_notice(planned, renew(planned, ends + DAY), ends + DAY)  # an end that was published needs no notice
    check_notice(BASE, compromise(BASE, kid(PERMIT), NOW + DAY), NOW + 9 * DAY)  # a compromise takes effect at once
    host = replace(renew(BASE, NOW + DAY), hosts=(replace(BASE.hosts[0], until=ends),))
    check_notice(BASE, host, ends - NOTICE)
    with pytest.raises(Invalid, match="hosts"):
        check_notice(BASE, host, ends)


@pytest.mark.parametrize("early", [NOW, FUTURE - 1])
def test_new_key_before_lists_without_it_expire_is_refused(early: int) -> None:
    for change in (admit, rotate):
        with pytest.raises(Invalid, match="after all lists without this key have expired"):
            change(BASE, key(NEXT, not_before=early), NOW + DAY)
    assert found(admit(BASE, key(NEXT, not_before=FUTURE), NOW + DAY), NEXT).not_before == FUTURE


def test_status_key_without_successor_does_not_retire() -> None:
    one = replace(BASE, keys=tuple(k for k in BASE.keys if k.kid != kid(STATUS_SPARE)))
    with pytest.raises(Invalid, match="no other status key"):
        rotate(one, key(NEXT, "status", FUTURE), NOW + DAY)
    following = rotate(BASE, key(NEXT, "status", FUTURE), NOW + DAY)
    assert active_key(following, "status", NOW + DAY + NOTICE).kid == kid(STATUS_SPARE)
    with pytest.raises(Unavailable):
        rotate(replace(BASE, keys=BASE.keys[:3]), key(NEXT, "status", FUTURE), NOW + DAY)


def test_permit_key_without_two_spares_does_not_retire() -> None:
    with pytest.raises(Invalid, match="two spare"):
        retire(BASE, kid(PERMIT), NOW + 9 * DAY, NOW + DAY)
    ready = admit(BASE, key(NEXT, not_before=FUTURE), NOW + DAY)
    following = retire(ready, kid(PERMIT), NOW + 9 * DAY, NOW + 2 * DAY)
    assert active_key(following, "permit", NOW + 9 * DAY - 1).kid == kid(PERMIT)
    assert active_key(following, "permit", NOW + 9 * DAY).kid == kid(SPARE_1)


def test_retirement_in_the_past_or_undone_is_refused() -> None:
    ready = admit(BASE, key(NEXT, not_before=FUTURE), NOW + DAY)
    with pytest.raises(Invalid, match="must retire in the future"):
        retire(ready, kid(PERMIT), NOW + 2 * DAY - 1, NOW + 2 * DAY)
    gone = retire(ready, kid(PERMIT), NOW + 3 * DAY, NOW + 2 * DAY)
    assert found(retire(gone, kid(PERMIT), NOW + 9 * DAY, NOW + 4 * DAY), PERMIT).retired_at == NOW + 3 * DAY
    back = replace(renew(gone, NOW + 5 * DAY), keys=tuple(replace(k, retired_at=None) for k in gone.keys))
    with pytest.raises(Invalid, match="must not return"):
        check_succession(gone, back)


def test_future_retirement_may_be_brought_forward() -> None:
    ready = admit(BASE, key(NEXT, not_before=FUTURE), NOW + DAY)
    planned = retire(ready, kid(PERMIT), NOW + 30 * DAY, NOW + 2 * DAY)
    assert found(retire(planned, kid(PERMIT), NOW + 5 * DAY, NOW + 3 * DAY), PERMIT).retired_at == NOW + 5 * DAY


def test_unlisted_key_cannot_retire_or_be_compromised() -> None:
    for change in (lambda: retire(BASE, b"12345678", NOW + DAY, NOW), lambda: compromise(BASE, b"12345678", NOW)):
        with pytest.raises(Invalid, match="does not have this key"):
            change()


def test_compromise_hands_signing_to_next_spare() -> None:
    following = compromise(BASE, kid(PERMIT), NOW + DAY)
    assert active_key(following, "permit", NOW + DAY, kind="E").kid == kid(SPARE_1)
    again = compromise(following, kid(SPARE_1), NOW + 2 * DAY)
    assert active_key(again, "permit", NOW + 2 * DAY, kind="E").kid == kid(SPARE_2)
    assert set(spares_missing(again).values()) == {2}
    assert not usable(found(again, PERMIT), NOW)


def test_compromise_may_admit_spare_and_renewal_may_lack_one() -> None:
    following = compromise(BASE, kid(PERMIT), NOW + DAY, spare=key(NEXT, not_before=FUTURE))
    assert spares_missing(following) == {}
    bare = compromise(BASE, kid(PERMIT), NOW + DAY)
    assert spares_missing(renew(bare, NOW + 2 * DAY)) == spares_missing(bare)
    with pytest.raises(Invalid, match="expired"):
        compromise(BASE, kid(PERMIT), NOW + DAY, spare=key(NEXT, not_before=NOW))


def test_compromise_is_never_taken_back() -> None:
    bad = compromise(BASE, kid(STATUS), NOW + DAY)
    with pytest.raises(Invalid, match="must stay compromised"):
        check_succession(bad, replace(renew(bad, NOW + 2 * DAY), keys=BASE.keys))
    assert found(renew(bad, NOW + 20 * KEEP_RETIRED), STATUS).compromised


def test_key_stays_listed_ten_years_after_retirement() -> None:
    gone = rotate(BASE, key(NEXT, not_before=FUTURE), NOW + DAY)
    last = NOW + DAY + NOTICE
    ends = last + KEEP_RETIRED
    assert KEEP_RETIRED >= 10 * 365.25 * DAY
    assert found(renew(gone, ends - 1), PERMIT).retired_at == last
    assert kid(PERMIT) not in {k.kid for k in renew(gone, ends).keys}
    early = renew(gone, ends - 1)
    with pytest.raises(Invalid, match="ten years"):
        check_succession(gone, replace(early, keys=early.keys[1:]))
    with pytest.raises(Invalid, match="ten years"):
        check_succession(BASE, replace(renew(BASE, ends), keys=BASE.keys[:5]))


def test_new_host_is_valid_when_lists_without_it_have_expired() -> None:
    following = add_host(BASE, "cites.gov.kg", NOW + DAY)
    assert following.hosts == (*BASE.hosts, Host("cites.gov.kg", FUTURE))
    assert following.status_prefix == BASE.status_prefix
    ended = replace(renew(following, NOW + 2 * DAY), hosts=(Host("tamga.kg", NOW, NOW + 90 * DAY), following.hosts[1]))
    check_succession(following, ended)


OTHER: dict[str, Callable[[TrustList], TrustList]] = {
    "issuer: must not change": lambda n: replace(n, issuer="UZ"),
    "zone: must not change": lambda n: replace(n, zone="Asia/Tashkent"),
    "status_prefix: must not change": lambda n: replace(n, status_prefix="https://tamga.uz/s/"),
    "seq: must be higher": lambda n: replace(n, seq=NOW),
    "expires_at: must not be earlier": lambda n: replace(n, expires_at=FUTURE - 1),
    "only retirement and compromise": lambda n: replace(n, keys=(replace(n.keys[0], kinds=("E",)), *n.keys[1:])),
    "only a host's end may": lambda n: replace(n, hosts=(Host("tamga.kg", NOW + 1),)),
    "must keep every host of the list before": lambda n: replace(n, hosts=(Host("other.kg", FUTURE),)),
    "must begin only after all lists": lambda n: replace(n, hosts=(*n.hosts, Host("other.kg", FUTURE - 1))),
    "must stay in the list for ten years": lambda n: replace(n, keys=n.keys[1:]),
}


@pytest.mark.parametrize("rule", OTHER)
def test_successor_that_breaks_a_rule_is_refused(rule: str) -> None:
    with pytest.raises(Invalid, match=rule):
        check_succession(BASE, OTHER[rule](renew(BASE, NOW + DAY)))


def test_all_succession_errors_are_reported_together() -> None:
    broken = replace(renew(BASE, NOW + DAY), seq=NOW, zone="Asia/Tashkent", hosts=())
    with pytest.raises(Invalid) as caught:
        check_succession(BASE, broken)
    assert {error.field for error in caught.value.errors} == {"seq", "zone", "hosts"}


def test_new_kind_needs_its_own_spares() -> None:
    some = replace(BASE, keys=tuple(replace(k, kinds=("E",)) if k.kinds else k for k in BASE.keys))
    with pytest.raises(Invalid, match="two spare"):
        admit(some, key(NEXT, not_before=FUTURE, kinds=("OC",)), NOW + DAY)


STEPS = st.lists(
    st.tuples(st.sampled_from(["renew", "rotate", "rotate status", "admit pdf", "compromise"]), st.integers(1, 50)),
    max_size=14,
)


@settings(max_examples=60)
@given(STEPS)
def test_random_rotations_leave_every_signer_in_unexpired_lists(
    steps: list[tuple[str, int]],
) -> None:
    now, current, number, compromised = NOW, BASE, 40, set[bytes]()
    published = [current]
    for step, days in steps:
        now += days * DAY
        number += 1
        try:
            if step == "renew":
                current = renew(current, now)
            elif step == "compromise":
                struck = active_key(current, "permit", now)
                compromised.add(struck.kid)
                current = compromise(current, struck.kid, now, spare=key(number, not_before=current.expires_at))
            elif step == "admit pdf":
                current = admit(current, key(number, "pdf", current.expires_at), now)
            else:
                purpose = KeyPurpose.STATUS if step == "rotate status" else KeyPurpose.PERMIT
                current = rotate(current, key(number, purpose, current.expires_at), now)
        except (Invalid, Unavailable):
            current = renew(current, now)  # no spare was ready: only renew
        check_succession(published[-1], current)
        published.append(current)
        for able in (k for k in current.keys if usable(k, now)):
            assert all(able.kid in {k.kid for k in each.keys} for each in published if now < each.expires_at)
        gone = [k for k in current.keys if k.purpose == "permit" and (k.compromised or k.retired_at is not None)]
        if len(gone) < 3:  # one of the first three keys is left
            assert active_key(current, "permit", now)
        assert active_key(current, "status", now)
        assert {k.kid for k in current.keys if k.compromised} == compromised
        assert current.expires_at == current.seq + LIFETIME
        assert {k.kid for k in BASE.keys} <= {k.kid for k in current.keys}
    assert [each.seq for each in published] == sorted({each.seq for each in published})
