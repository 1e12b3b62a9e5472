"""Sending of due notices by mail, each at most once, and the addresses for them. No decision waits for a mail.

Steps for one notice:
0 a duty desk has several addresses: make one notice for each, so that no address waits for another
1 end the notice without a mail if it has no recipient, is too late, or is over the limit for the day; but send a
  person's first one over the limit: store it as the day's last, with words that refer to the page for the rest
2 compose the text
3 claim it, on condition of its version: no other process sends it   4 give it to the mailer   5 record the result

A mail that the mailer does not accept is tried again after growing pauses (PAUSES), then given up. If the mailer gives
no answer, or the process ends between 4 and 5, the mail may have been sent. Such a notice ends as `unsure` and is never
sent again, because the mailer cannot be queried, and the applicant's page has the same information.

A person has one address and language for all their applications. No address means no mail. An address has no character
that could add a header or a second recipient (header injection).

NOTIFY#<person>  -  email and language, or neither; only this person reads and writes it, and `send_notices` reads it
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol, get_args

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.errors import FieldError, Invalid, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.kernel.text import EMAIL, EMAIL_AT_MOST
from chalicelib.platform.deps import Deps, PermitRegister

MailLanguage = Literal["ky", "ru", "en"]  # as on the exporter's page

LANGUAGES: tuple[MailLanguage, ...] = get_args(MailLanguage)


@dataclass(frozen=True, slots=True)
class Address:
    """E-mail address and language for the notices to a person or a duty desk."""

    email: str
    language: MailLanguage


def checked(email: str, language: str) -> Address:
    """Return the address if it is valid. No valid address can add a mail header or a second recipient.

    Raises `Invalid` for `notify.email` and `notify.language`.
    """
    faults = []
    if len(email) > EMAIL_AT_MOST or EMAIL.fullmatch(email) is None:
        faults.append(
            FieldError("notify.email", "email", "Must be an e-mail address in Latin letters, such as aigul@example.kg.")
        )
    known = next((each for each in LANGUAGES if each == language), None)
    if known is None:
        faults.append(FieldError("notify.language", "unknown", f"Must be one of: {', '.join(LANGUAGES)}."))
    if faults or known is None:
        raise Invalid(*faults)
    return Address(email, known)


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain-text mail to one address, with a `subject` of one line."""

    to: str
    subject: str
    body: str


class MailRefused(Exception):
    """The mailer refuses this mail for good, so a retry does not help."""


class Mailer(Protocol):
    """Port that sends mails from one address of ours."""

    def send(self, mail: Mail) -> str:
        """Send a mail once, without a retry, and return the mailer's id for it.

        Raises `MailRefused`, or `errors.Unavailable` if the mailer did not accept it but may later. After any other
        exception the mail may have been sent.
        """


def address_of(person: str, *, register: PermitRegister) -> Address | None:
    """Return the address of a person, or the first address of a duty desk, or None if there is none."""
    found = addresses(person, register=register)
    return found[0] if found else None


def addresses(owner: str, *, register: PermitRegister) -> tuple[Address, ...]:
    """Return the address of a person, or all addresses of a duty desk (`alerts/services/duty_desks.py`)."""
    row = register.get(_key(owner))
    return addresses_in(row.data) if row is not None else ()


def addresses_in(data: Mapping[str, Any]) -> tuple[Address, ...]:
    first = ({"email": data["email"], "language": data["language"]},) if data.get("email") else ()
    return tuple(Address(**each) for each in (*first, *data.get("more", ())))


def set_address(wanted: tuple[str, str] | None, actor: Actor, deps: Deps) -> Address | None:
    """Set the caller's e-mail address and language. None ends all mail. Raises `Invalid`, `Forbidden`."""
    actor.require("notify")
    address = None if wanted is None else checked(*wanted)
    data = (
        {"at": deps.now} if address is None else {"email": address.email, "language": address.language, "at": deps.now}
    )
    deps.register.commit(Put(_key(actor.id), data, expected_version=None))
    return address


def _key(person: str) -> Key:
    return Key(f"NOTIFY#{person}")


WAITING = "notice"

ENDING = "ENDING"


def of_day(at: int) -> str:
    """Return the index value of the reminders that are due on this day."""
    return f"{WAITING}#{at // DAY}"


AT_ONCE = 40  # mails in one run; SES allows a new account one a second

PAGE = 100

PAUSES = (60, 300, 1800, 2 * HOUR, 6 * HOUR, 12 * HOUR)  # seconds before the next try

LONG_ENOUGH = 30  # seconds of a run, after which it starts no other mail

CLAIMED_FOR = 300  # seconds, longer than the function may run

LATE = 3 * DAY  # seconds after its due time; an older notice is no news and is not sent

PER_DAY = 50  # tries for one person: limits mail to an address that a person entered but does not own

DUTY_PER_DAY = 1000  # tries for a duty desk, whose addresses an admin entered

ALARM_RESULTS = frozenset({"late", "too_many", "refused", "given_up", "unsure"})  # results that count for the alarm

Compose = Callable[[Mapping[str, Any], Address], Mail]


@dataclass(slots=True)
class MailRun:
    """Counts of one run.

    `left`: notices that ended with a result in ALARM_RESULTS: unsent, or perhaps sent.
    `oldest`: longest time in seconds since the due time of a notice that still waits.
    """

    sent: int = 0
    left: int = 0
    oldest: int = 0


def send(deps: Deps, *, mailer: Mailer, compose: Compose, report: Callable[[Exception], None]) -> MailRun:
    """Send up to AT_ONCE notices, the oldest first, and start none after LONG_ENOUGH.

    If one must be tried again (not accepted for now, or not composed), the others wait for the next run.
    `report`: called with the error of a failed notice.
    """
    done, turns, now = MailRun(), AT_ONCE, deps.now
    for row in sorted(_due(deps), key=lambda row: (row.data["due"], row.key)):
        result = "waits"
        if turns and row.data["next"] <= now and deps.clock() - now <= LONG_ENOUGH:
            turns -= 1
            try:
                result = _send_one(row, deps, mailer=mailer, compose=compose, report=report)
            except Conflict:
                continue  # another process has claimed it, or it is void
        turns *= result != "again"
        done.sent += result == "sent"
        done.left += result in ALARM_RESULTS
        if result in {"waits", "again"}:
            done.oldest = max(done.oldest, now - row.data["due"])
    return done


def _due(deps: Deps) -> Iterator[Row]:
    """Yield the waiting notices that are due. The index only finds them. The rows are read consistently."""
    today = deps.now // DAY
    days = (of_day(day * DAY) for day in range(today - LATE // DAY - 1, today + 1))
    for value in (WAITING, *days):
        cursor: str | None = None
        while True:
            rows, cursor = deps.register.search("state", value, cursor=cursor, limit=PAGE)
            yield from (row for row in rows if row.data["due"] <= deps.now)
            if cursor is None:
                break


def _send_one(row: Row, deps: Deps, *, mailer: Mailer, compose: Compose, report: Callable[[Exception], None]) -> str:
    """Handle one notice and return its result, `waits` (another process has claimed it) or `again` (tried later).

    Raises `Conflict` if another process was first.
    """
    if (claimed := row.data.get("claimed")) is not None:
        return _end(row, "unsure", deps) if deps.now - claimed > CLAIMED_FOR else "waits"
    owner = row.data["owner"]
    known = addresses(owner, register=deps.register)
    if "to" not in row.data and len(known) > 1:  # 0
        row = _first_of(row, known, deps.register)
    address = _address(row, known)
    if address is None:  # 1
        return _end(row, "nobody", deps)
    if deps.now - row.data["due"] > LATE:
        return _end(row, "late", deps)
    counter = Key(f"NOTICES#{owner}", str(deps.now // DAY))
    if not row.data.get("last") and deps.register.bump(counter, expires=deps.now + 2 * DAY) > _tries_per_day(owner):
        last = None if _duty(owner) else _as_last(row, deps)
        if last is None:
            return _end(row, "too_many", deps)
        row = last
    try:
        mail = compose(row.data, address)  # 2
    except Exception as error:
        report(error)
        return _retry_later(row, deps)
    taken = Row(row.key, {**row.data, "claimed": deps.now}, row.version + 1)
    deps.register.commit(Put(row.key, taken.data, expected_version=row.version, index=_found_by(row)))  # 3
    try:
        message = mailer.send(mail)  # 4
    except Unavailable as error:
        report(error)
        return _retry_later(taken, deps)
    except Exception as error:
        report(error)
        return _end(taken, "refused" if isinstance(error, MailRefused) else "unsure", deps)
    return _end(taken, "sent", deps, message=message)  # 5


def _address(row: Row, addresses: Sequence[Address]) -> Address | None:
    """Return the recipient, with the language that is set now, or None if the notice has no recipient any more.

    A duty desk's former address still gets the mail about its own change.
    """
    if "to" not in row.data:
        return addresses[0] if addresses else None
    to = Address(**row.data["to"])
    former = to if row.data["kind"] == "duty_desk" else None
    return next((each for each in addresses if each.email == to.email), former)


def _first_of(row: Row, addresses: Sequence[Address], register: PermitRegister) -> Row:
    """Return the notice for the first address. The next run sends the copies for the others. Raises `Conflict`."""
    first, *more = ({**row.data, "to": asdict(each)} for each in addresses)
    copies = (
        Put(Key(row.key.partition, f"{row.key.sort}-to{at}"), data, expected_version=0, index=_found_by(row))
        for at, data in enumerate(more, start=2)
    )
    register.commit(Put(row.key, first, expected_version=row.version, index=_found_by(row)), *copies)
    return Row(row.key, first, row.version + 1)


def _as_last(row: Row, deps: Deps) -> Row | None:
    """Store the notice as the day's last and return it, or None if another notice is the last.

    It is stored before it is sent, so that none is lost if the process ends in between.
    """
    key = Key(f"NOTICES#{row.data['owner']}", f"{deps.now // DAY}-last")
    if deps.register.get(key) is not None:
        return None
    last = Row(row.key, {**row.data, "last": True}, row.version + 1)
    deps.register.commit(
        Put(last.key, last.data, expected_version=row.version, index=_found_by(row)),
        Put(key, {}, expires=deps.now + 2 * DAY),
    )
    return last


def _tries_per_day(owner: str) -> int:
    return DUTY_PER_DAY if _duty(owner) else PER_DAY


def _duty(owner: str) -> bool:
    return owner.startswith("duty-")


def _end(row: Row, result: str, deps: Deps, **more: Any) -> str:
    deps.register.commit(
        Put(row.key, {**_unclaimed(row), "result": result, "ended": deps.now, **more}, expected_version=row.version)
    )
    return result


def _retry_later(row: Row, deps: Deps) -> str:
    tries = row.data["tries"]
    if tries >= len(PAUSES):
        return _end(row, "given_up", deps)
    data = {**_unclaimed(row), "tries": tries + 1, "next": deps.now + PAUSES[tries]}
    deps.register.commit(Put(row.key, data, expected_version=row.version, index=_found_by(row)))
    return "again"


def _unclaimed(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.data.items() if name != "claimed"}


def _found_by(row: Row) -> dict[str, str]:
    reminder = row.key.sort == ENDING
    return {"state": of_day(row.data["due"]) if reminder else WAITING}
