"""Succession of trust lists: admit, rotate, retire and strike keys, add hosts, renew; describe changes in words.

Functions that change a list take the published one and return the next one to sign. They publish and record nothing.

Rules for every next list (`check_succession`):
1 issuer, zone and status prefix stay; `seq` rises; `exp` is not before that of the old list
2 a new key or host counts only after every list without it has expired: its nbf or `since` is the old `exp` or later
3 other fields of a key or host never change; a past end (`retired_at`, `until`) stays, and no end is set in the past
4 `compromised` is never taken back
5 a key is removed ten years after it retired at the earliest, a compromised key never; a host is never removed
6 each kind of permit has one key that signs and two spares. Fewer are allowed only if the old list lacks as many, or if
  the new list strikes a compromised key.

The words (`changes`, `describe_list`) are for two people, who compare them with the minutes of a key ceremony.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chalicelib.kernel.days import CALENDAR_ENDS, DAY
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import FieldError, Invalid, Unavailable
from chalicelib.kernel.stage import Stage
from chalicelib.kernel.text import count_of
from chalicelib.trust.model.trust import active_key, usable
from chalicelib.trust.model.trust_list import LIFETIME, PURPOSES, Host, TrustKey, TrustList, thumbprint

SPARES = 2  # FORMAT.md 4

RENEW = 30 * DAY  # before the end of a list: half its life

RENEW_AT_ONCE = 10 * DAY

# Seconds from publishing an end to the end. Our functions use a list for 60 s after they read it, and signatures of
# that time have to count. The rest is for a signing under way (24 s) and for differences of clocks.
NOTICE = 300

ROTATE_AFTER = 365 * DAY  # a key signs for so long, then it is rotated (OPERATIONS.md, the calendar)

KEEP_RETIRED = 3_653 * DAY  # ten years with three leap days: longer than any permit and its appeal can last


def begin(stage: Stage, keys: Iterable[TrustKey], root: bytes, now: int) -> TrustList:
    """Make a Party's first list. `keys`: of each purpose in the order of their turn. `root`: SPKI DER."""
    return TrustList(
        issuer=stage.issuer,
        seq=now,
        not_before=now,
        expires_at=now + LIFETIME,
        zone=stage.zone,
        hosts=tuple(Host(name, now) for name in dict.fromkeys((stage.host, stage.lists_at))),
        status_prefix=f"https://{stage.lists_at}/s/",
        keys=tuple(keys),
        root=root,
    )


def renew(current: TrustList, now: int, *, root: bytes | None = None) -> TrustList:
    """Make the same list for another 60 days, without keys that retired ten years ago. `root`: next root, SPKI DER."""
    return _next(current if root is None else replace(current, root=root), now)


def admit(current: TrustList, new_key: TrustKey, now: int) -> TrustList:
    """Add a key as the last spare. Raises `Invalid` if it could sign before every list without it has expired."""
    return _next(current, now, keys=(*current.keys, new_key))


def rotate(current: TrustList, new_key: TrustKey, now: int, at: int | None = None) -> TrustList:
    """Add a key as the last spare and retire the key that signs now. The first spare signs from then on.

    `at` is the time of retirement, or None for NOTICE seconds after the new list's `seq`.

    Raises `Invalid`: as `admit` and `retire`. Raises `Unavailable` if no key of that purpose signs now.
    """
    seq = max(now, current.seq + 1)
    end = seq + NOTICE if at is None else at
    outgoing = active_key(current, new_key.purpose, seq, kind=new_key.kinds[0] if new_key.kinds else None)
    keys = (*(replace(key, retired_at=end) if key == outgoing else key for key in current.keys), new_key)
    following = _next(current, now, keys=keys)
    _served(following, outgoing, end)
    return following


def retire(current: TrustList, kid: bytes, at: int, now: int) -> TrustList:
    """Retire a key at `at`, now or later. Raises `Invalid` if no other key could sign then, or spares are missing."""
    old = _key(current, kid)
    if old.retired_at is not None and old.retired_at <= at:
        return _next(current, now)
    following = _next(current, now, keys=(replace(key, retired_at=at) if key == old else key for key in current.keys))
    _served(following, old, at)
    return following


def compromise(current: TrustList, kid: bytes, now: int, *, spare: TrustKey | None = None) -> TrustList:
    """Strike a compromised key, so that its signatures no longer count by themselves. The next spare signs at once.

    Its permits are then `check` (F2) if the register holds them. Its status lists and seals no longer count.
    Missing spares are no reason to refuse. `spares_missing` names the kinds. `spare`: a key to add in the same list.
    """
    old = _key(current, kid)
    keys = [replace(key, compromised=True) if key == old else key for key in current.keys]
    return _next(current, now, keys=[*keys, spare] if spare else keys)


def add_host(current: TrustList, name: str, now: int) -> TrustList:
    """Add a host. Permits may carry it when every list without it has expired. The status prefix stays."""
    return _next(current, now, hosts=(*current.hosts, Host(name, current.expires_at)))


def spares_missing(trust_list: TrustList) -> dict[str, int]:
    """Return the number of missing keys for each kind of permit (one signs, two are spares), or {}."""
    living = [key for key in trust_list.keys if key.retired_at is None and not key.compromised]
    kinds = {kind for key in trust_list.keys for kind in key.kinds}
    lack = {kind: 1 + SPARES - sum(kind in key.kinds for key in living) for kind in sorted(kinds)}
    return {kind: count for kind, count in lack.items() if count > 0}


def keys_in_turn(trust_list: TrustList, purpose: str) -> tuple[TrustKey, ...]:
    """Return the keys of a purpose that sign now or may sign later, in the order of their turn."""
    living = [key for key in trust_list.keys if key.purpose == purpose and not key.compromised]
    return tuple(sorted((key for key in living if key.retired_at is None), key=lambda key: key.not_before))


def signing(trust_list: TrustList, purpose: KeyPurpose, now: int) -> dict[str | None, TrustKey | None]:
    """Return the keys that sign now: kind of permit -> key or None. Purposes without kinds have one entry, for None."""
    kinds = sorted({kind for key in trust_list.keys if key.purpose == purpose for kind in key.kinds})
    found: dict[str | None, TrustKey | None] = {}
    for kind in (*kinds,) or (None,):
        try:
            found[kind] = active_key(trust_list, purpose, now, kind=kind)
        except Unavailable:
            found[kind] = None
    return found


def due(trust_list: TrustList, now: int) -> dict[str, str]:
    """Return the tasks that are due by the calendar, name -> words, or {} if there are none.

    First `expired`, `renew-now` or `renew`, then for each purpose `no-key-<purpose>`, `rotate-<purpose>`,
    `spares-<purpose>`.
    """
    asked: dict[str, str] = {}
    left = trust_list.expires_at - now
    if left <= 0:
        asked["expired"] = "the list has expired: nothing is verified (T1) and nothing is issued; renew it"
    elif left <= RENEW:
        days = count_of(left // DAY, "day")
        asked["renew-now" if left <= RENEW_AT_ONCE else "renew"] = f"the list expires in {days}; renew it"
    lacking = spares_missing(trust_list)
    for purpose in PURPOSES:
        waiting = keys_in_turn(trust_list, purpose)
        lack = 1 + SPARES - len(waiting)
        if purpose == KeyPurpose.PERMIT and lacking:
            lack = max(lacking.values())
        signs = signing(trust_list, purpose, now)
        unsigned = [kind for kind, key in signs.items() if key is None]
        old = [kind for kind, key in signs.items() if key is not None and now - key.not_before >= ROTATE_AFTER]
        if unsigned:
            asked[f"no-key-{purpose}"] = f"no {purpose} key can sign{_only(unsigned, signs)} now"
        if old:
            begun = f"the {purpose} key that signs{_only(old, signs)} began more than a year ago"
            asked[f"rotate-{purpose}"] = f"{begun}; rotate it"
        if lack > 0:
            asked[f"spares-{purpose}"] = f"{count_of(lack, f'spare {purpose} key')} missing; admit a new one"
    return asked


def check_succession(old: TrustList, new: TrustList) -> None:
    """Check that `new` may follow `old`. Raises `Invalid`: names every rule of this module that `new` breaks."""
    faults: list[FieldError] = []

    def demand(holds: bool, field: str, rule: str) -> None:
        if not holds:
            faults.append(FieldError(field, "succession", rule))

    for field in ("issuer", "zone", "status_prefix"):  # 1
        demand(getattr(old, field) == getattr(new, field), field, "must not change")
    demand(new.seq > old.seq, "seq", "must be higher than in the list before")
    demand(new.expires_at >= old.expires_at, "expires_at", "must not be earlier than in the list before")
    before, after = {key.kid: key for key in old.keys}, {key.kid: key for key in new.keys}
    for kid, key in after.items():
        was, name = before.get(kid), f"keys[{kid.hex()}]"
        if was is None:
            demand(
                key.not_before >= old.expires_at,
                name,
                "must begin to sign only after all lists without this key have expired",
            )  # 2
            continue
        same = replace(key, retired_at=was.retired_at, compromised=was.compromised) == was
        demand(same, name, "must not change: only retirement and compromise of a key may")  # 3
        demand(
            _end_holds(was.retired_at, key.retired_at, new.seq),
            name,
            "must retire in the future, and must not return after it retired",
        )
        demand(key.compromised or not was.compromised, name, "must stay compromised")  # 4
    for kid, key in before.items():
        gone = kid not in after
        demand(
            not gone or _may_be_removed(key, new.seq),
            f"keys[{kid.hex()}]",
            "must stay in the list for ten years after it retires, and always if compromised",
        )  # 5
    hosts, names = {host.name: host for host in old.hosts}, {host.name for host in new.hosts}
    for host in new.hosts:
        known = hosts.get(host.name)
        if known is None:
            demand(
                host.since >= old.expires_at,
                f"hosts[{host.name}]",
                "must begin only after all lists without this host have expired",
            )
        else:
            ends = _end_holds(known.until, host.until, new.seq)
            demand(
                ends and known.since == host.since,
                f"hosts[{host.name}]",
                "must not change: only a host's end may, and only to a time ahead",
            )
    demand(hosts.keys() <= names, "hosts", "must keep every host of the list before")
    fewer = spares_missing(new)
    struck = any(key.compromised and not before[kid].compromised for kid, key in after.items() if kid in before)
    worse = any(count > spares_missing(old).get(kind, 0) for kind, count in fewer.items())
    demand(
        struck or not worse, "keys", "must have two spare permit keys for each kind; too few for: " + ", ".join(fewer)
    )  # 6
    if faults:
        raise Invalid(*faults)


def check_notice(old: TrustList, new: TrustList, now: int) -> None:
    """Check that no key or host ends less than NOTICE seconds after publication.

    A list is published minutes or days after it was prepared. Until our functions read it, they sign with the old key.
    Such permits would be taken for forged (F2). A compromised key is not checked, because it has to stop at once.

    Raises `Invalid` for each key or host that ends too soon.
    """
    before = {f"keys[{key.kid.hex()}]": key.retired_at for key in old.keys}
    before |= {f"hosts[{host.name}]": host.until for host in old.hosts}
    ends = {f"keys[{key.kid.hex()}]": key.retired_at for key in new.keys if not key.compromised}
    ends |= {f"hosts[{host.name}]": host.until for host in new.hosts}
    late = [name for name, end in ends.items() if end not in {None, before.get(name)} and (end or 0) < now + NOTICE]
    if late:
        words = f"must end at least {NOTICE // 60} minutes from now: prepare the list again with a later time"
        raise Invalid(*(FieldError(name, "notice", words) for name in late))


def _next(
    current: TrustList, now: int, *, keys: Iterable[TrustKey] | None = None, hosts: tuple[Host, ...] | None = None
) -> TrustList:
    seq = max(now, current.seq + 1)
    following = replace(
        current,
        seq=seq,
        not_before=seq,
        expires_at=seq + LIFETIME,
        keys=tuple(key for key in (current.keys if keys is None else keys) if not _may_be_removed(key, seq)),
        hosts=current.hosts if hosts is None else hosts,
    )
    check_succession(current, following)
    return following


def _only(kinds: Collection[str | None], among: Collection[str | None]) -> str:
    """Return the kinds in words, ` for E, I`, or "" for all kinds."""
    return "" if len(kinds) == len(among) else f" for {', '.join(str(kind) for kind in kinds)}"


def _may_be_removed(key: TrustKey, at: int) -> bool:
    return not key.compromised and key.retired_at is not None and key.retired_at + KEEP_RETIRED <= at


def _end_holds(was: int | None, now_is: int | None, seq: int) -> bool:
    """Return True if the end may change so. It may be set or moved while it is ahead, never before the list's `seq`."""
    return was == now_is or (now_is is not None and now_is >= seq and (was is None or was >= seq))


def _served(trust_list: TrustList, retiring: TrustKey, at: int) -> None:
    """Check that another key can sign when this one retires, and for a permit key, each of its kinds.

    Raises `Invalid`.
    """
    for kind in retiring.kinds or (None,):
        able = [key for key in trust_list.keys if key.purpose == retiring.purpose and usable(key, at)]
        if not any(kind is None or kind in key.kinds for key in able):
            what = f"must not retire then: no other {retiring.purpose} key could sign" + (f": {kind}" if kind else "")
            raise Invalid(FieldError(f"keys[{retiring.kid.hex()}]", "succession", what))


def _key(trust_list: TrustList, kid: bytes) -> TrustKey:
    for key in trust_list.keys:
        if key.kid == kid:
            return key
    raise Invalid(
        FieldError("kid", "unknown-key", "The trust list does not have this key: `tamga keys list` shows its keys.")
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two lists, in words.

    `before` is None for an added key. `after` is None for a removed one.
    """

    name: str
    before: str | None
    after: str | None


def changes(old: TrustList | None, new: TrustList) -> tuple[Change, ...]:
    """Return the differences of `new` from `old`, the list in force, in the order of `describe_list`.

    If there is no list in force, returns all entries of `new`.
    """
    before, after = describe_list(old) if old else {}, describe_list(new)
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def describe_list(trust_list: TrustList) -> dict[str, str]:
    """Describe the whole list: name -> words.

    Keys are there by the hex of their kid, with full thumbprint, and times in UTC.
    """
    return {
        "Party": trust_list.issuer,
        "zone": trust_list.zone,
        "number": f"{trust_list.seq} ({_time(trust_list.seq)})",
        "valid": f"{_time(trust_list.not_before)} to {_time(trust_list.expires_at)}",
        "root": f"thumbprint {thumbprint(trust_list.root).hex()}",
        "status lists": trust_list.status_prefix,
        **{f"host {host.name}": _host(host) for host in trust_list.hosts},
        **{f"key {key.kid.hex()}": _key_words(key) for key in trust_list.keys},
        "order of turns": " ".join(key.kid.hex() for key in trust_list.keys),
    }


def _host(host: Host) -> str:
    return f"speaks from {_time(host.since)}" + (f" until {_time(host.until)}" if host.until is not None else "")


def _key_words(key: TrustKey) -> str:
    parts = [
        key.purpose + (f" of {' '.join(key.kinds)}" if key.kinds else ""),
        f"signs from {_time(key.not_before)}"
        + (f" until {_time(key.retired_at)}" if key.retired_at is not None else ""),
        f"thumbprint {thumbprint(key.public_key).hex()}",
    ]
    if key.fingerprint is not None:
        parts.append(f"certificate {key.fingerprint.hex()}")
    if key.compromised:
        parts.insert(0, "COMPROMISED")
    return "; ".join(parts)


def _time(at: int) -> str:
    return datetime.fromtimestamp(min(at, CALENDAR_ENDS), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
