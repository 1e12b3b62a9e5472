"""The file of a species list as it came: its lines; and what was wrong with it, told again to who sends it again.

The gateway hangs up after 29 s, and the function goes on for as long again (.chalice/config.json). Whoever then sends
the same file gets what became of the first: the list that waits (species_lists.py) or, within an hour, its refusal.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field

from chalicelib.core.counting import count_of
from chalicelib.core.errors import FieldError, Invalid, TooLarge, Unavailable
from chalicelib.core.roles import Actor
from chalicelib.ports import Key, PermitRegister, Put

FILE = "SPECIES-LIST"  # the partition of species_lists.py
PART = 380_000  # characters of a row
UNPACKED_AT_MOST = 192 * 1024 * 1024  # bytes: 40,000 orchids with an annotation of 2,000 letters each have half of it
TOLD_AT_MOST = 500  # faults of one file
PIECE = 1 << 16  # bytes unpacked at a time
GZIP = 31  # zlib's window bits of it
TOLD_FOR = 3600  # seconds: a later release may read the same file otherwise


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, gzip; `as_of`: its day; `whole`: what it lacks has left the Appendices."""

    packed: bytes = field(repr=False)
    file: str
    as_of: str
    whole: bool = False

    def sent(self, version: str) -> str:
        """The same for the same file, asked about the same way against the same list in use."""
        asked = json.dumps([self.file, self.as_of, self.whole, version, hashlib.sha256(self.packed).hexdigest()])
        return hashlib.sha256(asked.encode()).hexdigest()

    def lines(self) -> Iterator[str]:
        """Unpacked and decoded as they are read. Raises `Invalid`, `TooLarge`."""
        unpack, decoder = zlib.decompressobj(GZIP), getincrementaldecoder("utf-8")()
        rest, total, number, data = "", 0, 1, self.packed
        try:
            while data and not unpack.eof:
                piece = unpack.decompress(data, PIECE)
                data, total = unpack.unconsumed_tail, total + len(piece)
                if total > UNPACKED_AT_MOST:
                    raise TooLarge(f"At most {UNPACKED_AT_MOST >> 20} MB, unpacked.")
                *lines, rest = (rest + decoder.decode(piece)).split("\n")
                number += len(lines)
                yield from (f"{line}\n" for line in lines)
            if not unpack.eof:
                raise Invalid(FieldError(self.file, "half", "The file is cut off: send it again."))
            decoder.decode(b"", final=True)
        except zlib.error:
            raise Invalid(
                FieldError(self.file, "malformed", "No gzip, or damaged on its way: send it again.")
            ) from None
        except UnicodeDecodeError:
            words = "It is not UTF-8: the file was saved in another encoding. Download it again."
            raise Invalid(FieldError(f"{self.file} row {number}", "encoding", words)) from None
        if rest:
            yield rest


def refuse(faults: Sequence[FieldError]) -> None:
    """Raises `Invalid` with the first of them, if there are any."""
    if faults:
        raise Invalid(*faults[:TOLD_AT_MOST], detail=f"{count_of(len(faults), 'fault')}; nothing was stored.")


@contextmanager
def refused_once(sent: str, actor: Actor, *, register: PermitRegister, now: int) -> Iterator[None]:
    """What was refused here is refused again for an hour, in the same words, and not done again. Raises `Invalid`."""
    key = Key(FILE, f"REFUSED#{actor.id}")
    row = register.get(key)
    if row and row.data["sent"] == sent and 0 <= now - row.data["at"] < TOLD_FOR:
        told = json.loads(unpacked([row.data["packed"]]))
        raise Invalid(*(FieldError(**each) for each in told["errors"]), detail=told["detail"])
    try:
        yield
    except Invalid as refused:
        words = {"errors": [asdict(each) for each in refused.errors], "detail": refused.detail}
        parts = packed(json.dumps(words, ensure_ascii=False))
        if len(parts) == 1:  # else it is read again
            data = {"sent": sent, "at": now, "packed": parts[0]}
            with suppress(Unavailable):  # then it is read again
                register.commit(Put(key, data, expect=None, expires=now + TOLD_FOR))
        raise


def packed(text: str) -> list[str]:
    """Parts that fit a row each."""
    whole = base64.b64encode(zlib.compress(text.encode())).decode()
    return [whole[at : at + PART] for at in range(0, len(whole), PART)]


def unpacked(parts: Sequence[str]) -> str:
    """The mirror of `packed`. Raises `ValueError`, `zlib.error`."""
    return zlib.decompress(base64.b64decode("".join(parts))).decode()
