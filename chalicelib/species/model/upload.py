"""Uploaded file of a species list: decompressed and decoded line by line, within a limit."""

from __future__ import annotations

import hashlib
import json
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.kernel.errors import FieldError, Invalid, TooLarge

UNPACKED_AT_MOST = 192 * 1024 * 1024  # bytes: twice the size of 40,000 orchids with an annotation of 2,000 letters each

PIECE = 1 << 16  # bytes unpacked at a time

GZIP = 31  # window bits that make zlib read gzip


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, compressed with gzip.

    `as_of`: the day of its content. `in_force`: the day from which its Appendices are in force. `whole`: taxa that the
    file lacks have left the Appendices. `replace`: a whole list may have far fewer taxa than CITES lists.
    """

    packed: bytes = field(repr=False)
    file: str
    as_of: str
    whole: bool = False
    in_force: str = ""
    replace: bool = False

    def sent(self, version: str) -> str:
        """Digest of the upload: equal for the same file with the same options against the same list in use."""
        told = [self.file, self.as_of, self.whole, self.in_force, self.replace, version]
        asked = json.dumps([*told, hashlib.sha256(self.packed).hexdigest()])
        return hashlib.sha256(asked.encode()).hexdigest()

    def lines(self) -> Iterator[str]:
        """Lines of the file, decompressed and decoded one after another.

        Raises `Invalid` for a damaged file or one that is not UTF-8, `TooLarge` above `UNPACKED_AT_MOST`.
        """
        unpack, decoder = zlib.decompressobj(GZIP), getincrementaldecoder("utf-8")()
        rest, total, number, data = "", 0, 1, self.packed
        try:
            while data and not unpack.eof:
                piece = unpack.decompress(data, PIECE)
                data, total = unpack.unconsumed_tail, total + len(piece)
                if total > UNPACKED_AT_MOST:
                    raise TooLarge(f"The unpacked file may have at most {UNPACKED_AT_MOST >> 20} MB.")
                *lines, rest = (rest + decoder.decode(piece)).split("\n")
                number += len(lines)
                yield from (f"{line}\n" for line in lines)
            if not unpack.eof:
                raise Invalid(FieldError(self.file, "half", "The file is incomplete. Send it again."))
            decoder.decode(b"", final=True)
        except zlib.error:
            raise Invalid(FieldError(self.file, "malformed", "The file is not valid gzip. Send it again.")) from None
        except UnicodeDecodeError:
            words = "The file is not UTF-8: it was saved in another encoding. Download it again."
            raise Invalid(FieldError(f"{self.file} row {number}", "encoding", words)) from None
        if rest:
            yield rest
