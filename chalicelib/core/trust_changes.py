"""What a trust list says and what it changes, in words that two people can compare with the minutes of a ceremony."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.core.printed_form import CALENDAR_ENDS
from chalicelib.core.trust_list import Host, TrustKey, TrustList, thumbprint


@dataclass(frozen=True, slots=True)
class Change:
    """`before` None: it joins; `after` None: it leaves."""

    name: str
    before: str | None
    after: str | None


def changes(old: TrustList | None, new: TrustList) -> tuple[Change, ...]:
    """Everything in which `new` differs from the list in force, in the order of `described`; all of it if none is."""
    before, after = described(old) if old else {}, described(new)
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def described(trust_list: TrustList) -> dict[str, str]:
    """The whole list: name -> words. Keys by the hex of their kid, with full thumbprint; times in UTC."""
    return {
        "Party": trust_list.issuer,
        "zone": trust_list.zone,
        "number": f"{trust_list.seq} ({_time(trust_list.seq)})",
        "valid": f"{_time(trust_list.not_before)} to {_time(trust_list.expires_at)}",
        "root": f"thumbprint {thumbprint(trust_list.root).hex()}",
        "status lists": trust_list.status_prefix,
        **{f"host {host.name}": _host(host) for host in trust_list.hosts},
        **{f"key {key.kid.hex()}": _key(key) for key in trust_list.keys},
        "order of turns": " ".join(key.kid.hex() for key in trust_list.keys),
    }


def _host(host: Host) -> str:
    return f"speaks from {_time(host.since)}" + (f" until {_time(host.until)}" if host.until is not None else "")


def _key(key: TrustKey) -> str:
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
