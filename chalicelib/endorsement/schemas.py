"""Request bodies of scans, endorsements, resolutions and undos, and answers about photographs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.endorsement.services.endorse import ReceiptMembers, StoredReceipt
from chalicelib.endorsement.services.requests import TEXT_AT_MOST, Endorsement
from chalicelib.endorsement.services.scan import ResolvedCode, Scan
from chalicelib.endorsement.services.withdraw import StoredUndo, UndoMembers
from chalicelib.http.answers import Time
from chalicelib.http.requests import AS_WORD, Code, Model, Moment, Reason
from chalicelib.kernel.days import to_text
from chalicelib.kernel.enums import ClearingResult, Direction, ScanDirection
from chalicelib.platform.files import Photograph
from chalicelib.record.permit import LINES_AT_MOST
from chalicelib.token.qr_text import strip_keyboard_suffix
from chalicelib.uses.use import UsedLine
from chalicelib.verification.schemas import Pages, QrText, trimmed_pages

Paper = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_AT_MOST)]


class _Look(Model):
    event_id: Code
    other_pages: Pages | None = None
    post: Code
    scanned_at: Moment
    direction: ScanDirection
    goods_present: bool
    same_goods: bool | None = None

    def of(self, qr: str, other_pages: Iterable[str] | None, paper: str = "") -> Scan:
        return Scan(
            self.event_id,
            strip_keyboard_suffix(qr),
            self.post,
            self.scanned_at,
            self.direction,
            self.goods_present,
            trimmed_pages(other_pages),
            self.same_goods,
            paper,
        )


class ScanBody(_Look):
    """A scan: `qr`, or `number` and `code` typed from a page whose code cannot be read.

    `number` alone is a permit issued on paper before Tamga.
    """

    qr: QrText | None = None
    number: Code | None = None
    code: Code | None = None


class FileLook(Model):
    """Query of a scan of a file: the scan's members without a code."""

    event_id: Code
    post: Code
    scanned_at: Moment
    direction: ScanDirection
    goods_present: Literal["true", "false"]

    def look(self) -> Scan:
        return Scan(self.event_id, "", self.post, self.scanned_at, self.direction, self.goods_present == "true")


class Resolve(Model):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]$")]
    result: Annotated[ClearingResult, AS_WORD]
    reason: Annotated[str, StringConstraints(max_length=2000)] | None = None


class EndorsedLine(Model):
    line: Code
    quantity: Code
    dead_on_arrival: Code | None = None


class ImportPermitLine(Model):
    """Quantity used of one line of our import permit."""

    line: Code
    quantity: Code


ImportPermitLines = Annotated[list[ImportPermitLine], Field(max_length=LINES_AT_MOST)]


def chosen(lines: Iterable[ImportPermitLine] | None) -> tuple[tuple[str, str], ...]:
    return tuple((each.line, each.quantity) for each in lines or ())


class EndorsementBody(Model):
    """An endorsement: `qr`, or `number` and `code` dictated by telephone.

    `number` alone is a permit issued on paper before Tamga. `import_permit`: number of our import permit that another
    Party's permit names. It is used too. `import_permit_lines`: quantities used of its lines, where the goods do not
    match them by species and unit.
    """

    event_id: Code
    qr: QrText | None = None
    other_pages: Pages | None = None
    number: Code | None = None
    code: Code | None = None
    post: Code
    direction: Annotated[Direction, AS_WORD]
    endorsed_at: Moment
    lines: Annotated[list[EndorsedLine], Field(min_length=1, max_length=LINES_AT_MOST)]
    transport_document: Annotated[str, StringConstraints(max_length=TEXT_AT_MOST)]
    customs_document: Paper | None = None
    on_behalf_of: Paper | None = None
    recorded: Literal["live", "paper"] | None = None
    import_permit: Paper | None = None
    import_permit_lines: ImportPermitLines | None = None

    def endorsement(self) -> Endorsement:
        return Endorsement(
            event_id=self.event_id,
            post=self.post,
            direction=self.direction,
            endorsed_at=self.endorsed_at,
            lines=tuple(UsedLine(line.line, line.quantity, line.dead_on_arrival) for line in self.lines),
            qr=strip_keyboard_suffix(self.qr or ""),
            number=self.number or "",
            code=self.code or "",
            other_pages=trimmed_pages(self.other_pages),
            transport_document=self.transport_document,
            customs_document=self.customs_document,
            on_behalf_of=self.on_behalf_of,
            recorded=self.recorded or "live",
            import_permit=self.import_permit,
            import_permit_lines=chosen(self.import_permit_lines),
        )


class UndoBody(Model):
    event_id: Code
    reason: Reason


class Receipt(ReceiptMembers):
    """Receipt of an endorsement.

    `import_permit`: what was used of our import permit with another Party's permit. `remarks`: what is odd about it.
    """

    at: Time


class Undone(UndoMembers):
    """Receipt of the withdrawal of the endorsement `undone`."""

    at: Time


class Resolution(TypedDict):
    """A verdict code that was cleared or confirmed. `events`: the uses that it rests on."""

    code: str
    result: str
    number: str
    events: list[str]


class Photo(TypedDict):
    """A photograph that was kept."""

    event_id: str
    sha256: str
    content_type: str
    size: int
    at: Time


class _Picture(TypedDict):
    sha256: str
    content_type: str
    size: int
    at: Time


class PhotoInList(_Picture):
    by_name: NotRequired[str]


class NamedPhoto(_Picture):
    by_name: str


class Photographs(TypedDict):
    """The photographs of block 14 kept with an endorsement, in order of time."""

    items: list[NamedPhoto]


ANSWERS: Mapping[str, Any] = {
    "Receipt": Receipt,
    "Undone": Undone,
    "Resolution": Resolution,
    "Photo": Photo,
    "Photographs": Photographs,
}


def receipt_json(receipt: StoredReceipt) -> Receipt:
    return {**receipt, "at": to_text(receipt["at"])}


def undone_json(receipt: StoredUndo) -> Undone:
    return {**receipt, "at": to_text(receipt["at"])}


def resolution_json(made: ResolvedCode) -> Resolution:
    return {"code": made.code, "result": made.result, "number": made.number, "events": list(made.events)}


def photo_json(kept: Photograph) -> Photo:
    return {
        "event_id": kept.event_id,
        "sha256": kept.sha256,
        "content_type": kept.content_type,
        "size": kept.size,
        "at": to_text(kept.at),
    }


def unnamed_photo(kept: Photograph) -> PhotoInList:
    """The photograph without the person who added it."""
    return {
        "sha256": kept.sha256,
        "content_type": kept.content_type,
        "size": kept.size,
        "at": to_text(kept.at),
    }


def photo_in_list(kept: Photograph) -> PhotoInList:
    """The photograph with the person who added it, if its row has the name."""
    made = unnamed_photo(kept)
    if kept.by_name is not None:
        made["by_name"] = kept.by_name
    return made


def named_photo(kept: Photograph) -> NamedPhoto:
    """The photograph with the person who added it. The name is "" in a row of an earlier release."""
    return {**unnamed_photo(kept), "by_name": kept.by_name or ""}
