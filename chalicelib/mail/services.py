"""The mails that are due, each at most once: claimed, handed to the mailer, marked; no decision waits for any of it.

How one goes:
0 a duty desk has several addresses: one notice each, so that none waits for another
1 nobody is to be told, too late, too many for one person: it ends here; one of those that are too many is kept as the
  day's last and then sent, which says that the page has the rest   2 its words
3 claimed, guarded by its version: another hand does not send it   4 handed over   5 what became of it

A mailer that did not take it is asked again at growing pauses (PAUSES), then it is left. One that gave no answer, and a
process that died between 4 and 5, may have sent it: such a notice is left as `unsure` and never sent again, because
the mailer cannot be asked and the applicant's page says the same.

Where somebody's notices go: one address and language a person, for all their applications; none means no mail.

NOTIFY#<person>  -  email and language, or neither; only this person reads and writes it, and `send_notices`

Where an applicant's notices go: an e-mail address that a header can hold and nothing else, and a language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.errors import FieldError, Invalid, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.kernel.text import EMAIL, EMAIL_AT_MOST
from chalicelib.platform.deps import Deps, PermitRegister

LANGUAGES = ("ky", "ru", "en")  # as on the exporter's page


@dataclass(frozen=True, slots=True)
class Address:
    """Where an applicant's notices go, and in which language."""

    email: str
    language: str


def checked(email: str, language: str) -> Address:
    """The address, if a header can hold it and nothing else; raises `Invalid` for `notify.email` and `.language`."""
    faults = []
    if len(email) > EMAIL_AT_MOST or EMAIL.fullmatch(email) is None:
        faults.append(FieldError("notify.email", "email", "An e-mail address in Latin letters, like aigul@example.kg."))
    if language not in LANGUAGES:
        faults.append(FieldError("notify.language", "unknown", f"One of: {', '.join(LANGUAGES)}."))
    if faults:
        raise Invalid(*faults)
    return Address(email, language)


@dataclass(frozen=True, slots=True)
class Mail:
    """Plain text to one address; `subject` is one line."""

    to: str
    subject: str
    body: str


class MailRefused(Exception):
    """The mailer will not take this mail, however often it is asked."""


class Mailer(Protocol):
    """Sends as one address of ours."""

    def send(self, mail: Mail) -> str:
        """The id under which it was taken. Nothing is repeated here.

        Raises `MailRefused`, or `errors.Unavailable`: it was not taken, and may be later. Anything else: it may be on
        its way.
        """


def address_of(person: str, *, register: PermitRegister) -> Address | None:
    """The address of a person; of a duty desk the first."""
    found = addresses(person, register=register)
    return found[0] if found else None


def addresses(owner: str, *, register: PermitRegister) -> tuple[Address, ...]:
    """The address of a person, or every address of a duty desk (duty_desks.py)."""
    row = register.get(_key(owner))
    return addresses_in(row.data) if row is not None else ()


def addresses_in(data: Mapping[str, Any]) -> tuple[Address, ...]:
    first = ({"email": data["email"], "language": data["language"]},) if data.get("email") else ()
    return tuple(Address(**each) for each in (*first, *data.get("more", ())))


def set_address(wanted: tuple[str, str] | None, actor: Actor, deps: Deps) -> Address | None:
    """Take this e-mail address and language from now on, or None: no more mail. Raises `Invalid`."""
    actor.need("notify")
    address = None if wanted is None else checked(*wanted)
    data = (
        {"at": deps.now} if address is None else {"email": address.email, "language": address.language, "at": deps.now}
    )
    deps.register.commit(Put(_key(actor.id), data, expect=None))
    return address


def _key(person: str) -> Key:
    return Key(f"NOTIFY#{person}")


WAITING = "notice"

ENDING = "ENDING"


def of_day(at: int) -> str:
    """The index value of the reminders that are due on this day."""
    return f"{WAITING}#{at // DAY}"


AT_ONCE = 40  # mails of one run; SES gives a new account one a second

PAGE = 100

PAUSES = (60, 300, 1800, 2 * HOUR, 6 * HOUR, 12 * HOUR)  # seconds before the next try

LONG_ENOUGH = 30  # seconds of a run, after which it begins no other

CLAIMED_FOR = 300  # longer than the function may run

LATE = 3 * DAY  # after it was due, a notice is no news any more

A_DAY = 50  # tries for one person: what somebody can bring upon an address that is not theirs

DUTY_A_DAY = 1000  # and for a duty desk, which an admin entered

MISSED = frozenset({"late", "too_many", "refused", "given_up", "unsure"})  # results that an alarm hears of

Compose = Callable[[Mapping[str, Any], Address], Mail]


@dataclass(slots=True)
class Done:
    """Of one run. `left`: ended unsent or perhaps unsent; `oldest`: for how many seconds one waits that was due."""

    sent: int = 0
    left: int = 0
    oldest: int = 0


def send(deps: Deps, *, mailer: Mailer, compose: Compose, report: Callable[[Exception], None]) -> Done:
    """Up to AT_ONCE notices, the oldest first, until the mailer does not take one: then the others wait too."""
    done, turns, now = Done(), AT_ONCE, deps.now
    for row in sorted(_due(deps), key=lambda row: (row.data["due"], row.key)):
        result = "waits"
        if turns and row.data["next"] <= now and deps.clock() - now <= LONG_ENOUGH:
            turns -= 1
            try:
                result = _one(row, deps, mailer=mailer, compose=compose, report=report)
            except Conflict:
                continue  # another hand has it, or it is void
        turns *= result != "again"
        done.sent += result == "sent"
        done.left += result in MISSED
        if result in {"waits", "again"}:
            done.oldest = max(done.oldest, now - row.data["due"])
    return done


def _due(deps: Deps) -> Iterator[Row]:
    """Those that wait and were due by now; the index only finds them, the rows are read consistently."""
    today = deps.now // DAY
    days = (of_day(day * DAY) for day in range(today - LATE // DAY - 1, today + 1))
    for value in (WAITING, *days):
        cursor: str | None = None
        while True:
            rows, cursor = deps.register.search("state", value, cursor=cursor, limit=PAGE)
            yield from (row for row in rows if row.data["due"] <= deps.now)
            if cursor is None:
                break


def _one(row: Row, deps: Deps, *, mailer: Mailer, compose: Compose, report: Callable[[Exception], None]) -> str:
    """What became of it: a result, `waits` (another hand has it) or `again`. Raises `Conflict`: another was first."""
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
    if not row.data.get("last") and deps.register.bump(counter, expires=deps.now + 2 * DAY) > _a_day(owner):
        last = None if _duty(owner) else _as_last(row, deps)
        if last is None:
            return _end(row, "too_many", deps)
        row = last
    try:
        mail = compose(row.data, address)  # 2
    except Exception as error:
        report(error)
        return _again(row, deps)
    taken = Row(row.key, {**row.data, "claimed": deps.now}, row.version + 1)
    deps.register.commit(Put(row.key, taken.data, expect=row.version, index=_found_by(row)))  # 3
    try:
        message = mailer.send(mail)  # 4
    except Unavailable as error:
        report(error)
        return _again(taken, deps)
    except Exception as error:
        report(error)
        return _end(taken, "refused" if isinstance(error, MailRefused) else "unsure", deps)
    return _end(taken, "sent", deps, message=message)  # 5


def _address(row: Row, addresses: Sequence[Address]) -> Address | None:
    """The recipient, in the language chosen by now; None: nobody any more. A desk's former address gets the mail about
    its own change too."""
    if "to" not in row.data:
        return addresses[0] if addresses else None
    to = Address(**row.data["to"])
    former = to if row.data["kind"] == "duty_desk" else None
    return next((each for each in addresses if each.email == to.email), former)


def _first_of(row: Row, addresses: Sequence[Address], register: PermitRegister) -> Row:
    """The notice for the first address; those for the others come with the next run. Raises `Conflict`."""
    first, *more = ({**row.data, "to": asdict(each)} for each in addresses)
    copies = (
        Put(Key(row.key.partition, f"{row.key.sort}-to{at}"), data, expect=0, index=_found_by(row))
        for at, data in enumerate(more, start=2)
    )
    register.commit(Put(row.key, first, expect=row.version, index=_found_by(row)), *copies)
    return Row(row.key, first, row.version + 1)


def _as_last(row: Row, deps: Deps) -> Row | None:
    """As the day's last, kept so before it is sent: whoever dies on the way loses none. None: another one is."""
    key = Key(f"NOTICES#{row.data['owner']}", f"{deps.now // DAY}-last")
    if deps.register.get(key) is not None:
        return None
    last = Row(row.key, {**row.data, "last": True}, row.version + 1)
    deps.register.commit(
        Put(last.key, last.data, expect=row.version, index=_found_by(row)), Put(key, {}, expires=deps.now + 2 * DAY)
    )
    return last


def _a_day(owner: str) -> int:
    return DUTY_A_DAY if _duty(owner) else A_DAY


def _duty(owner: str) -> bool:
    return owner.startswith("duty-")


def _end(row: Row, result: str, deps: Deps, **more: Any) -> str:
    deps.register.commit(
        Put(row.key, {**_unclaimed(row), "result": result, "ended": deps.now, **more}, expect=row.version)
    )
    return result


def _again(row: Row, deps: Deps) -> str:
    tries = row.data["tries"]
    if tries >= len(PAUSES):
        return _end(row, "given_up", deps)
    data = {**_unclaimed(row), "tries": tries + 1, "next": deps.now + PAUSES[tries]}
    deps.register.commit(Put(row.key, data, expect=row.version, index=_found_by(row)))
    return "again"


def _unclaimed(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.data.items() if name != "claimed"}


def _found_by(row: Row) -> dict[str, str]:
    reminder = row.key.sort == ENDING
    return {"state": of_day(row.data["due"]) if reminder else WAITING}
