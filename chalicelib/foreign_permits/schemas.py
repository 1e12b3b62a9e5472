"""Request bodies, queries and answers of other Parties' papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.applications.schemas import ApplicationBody
from chalicelib.endorsement.schemas import ImportPermitLines as ChosenLines
from chalicelib.endorsement.schemas import PhotoInList, chosen
from chalicelib.foreign_permits.services.changes import Correction
from chalicelib.foreign_permits.services.record import EndorsementRequest, ForeignRecord
from chalicelib.http.answers import Anything, Day, Time, one_of
from chalicelib.http.requests import AS_WORD, Code, Model, Moment, Reason, Text, Words
from chalicelib.kernel.days import to_text, with_times
from chalicelib.kernel.enums import Direction, UseResult
from chalicelib.kernel.numbers import Form
from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.rows import RowData
from chalicelib.record.permit import LINES_AT_MOST, Party
from chalicelib.verification.model.foreign_permit import REMARKS, TEXT_AT_MOST, ForeignResult
from chalicelib.verification.schemas import SignedParty
from chalicelib.verification.services.import_permits import NamedImportPermit, RestOfLine


class ForeignLine(Model):
    line: Code
    quantity: Code


class ForeignUse(Model):
    """An endorsement: every line with the quantity that arrived.

    `retained`: the paper was cancelled and stays here (Art. VI(6)). `stamped_at`: time of a hand-made stamp that is
    entered now, at most 30 days later. A second person confirms it. `import_permit_lines`: quantities used of the lines
    of our import permit that the paper names, where the goods do not match them by species and unit.
    """

    lines: Annotated[list[ForeignLine], Field(min_length=1, max_length=LINES_AT_MOST)]
    transport_document: Annotated[str, StringConstraints(max_length=70)]
    retained: bool
    stamped_at: Moment | None = None
    import_permit_lines: ChosenLines | None = None

    def using(self) -> EndorsementRequest:
        lines = tuple((each.line, each.quantity) for each in self.lines)
        return EndorsementRequest(
            lines, self.transport_document, self.retained, self.stamped_at, chosen(self.import_permit_lines)
        )


class ForeignContent(Model):
    """Content of a paper. `permit`: the particulars on the paper, in the fields of an application.

    `sealed`: stamp, signature and seal are there, as far as the officer can see.
    """

    direction: Annotated[Direction, AS_WORD]
    issuer: Code
    number: Text
    issued_on: Words | None = None
    permit: ApplicationBody
    sealed: bool = True
    note: Annotated[str, StringConstraints(max_length=TEXT_AT_MOST)] | None = None


class ForeignPermitBody(ForeignContent):
    """A paper to record. `endorsed`: endorse it at once, with the goods at the post."""

    event_id: Code
    post: Code
    recorded_at: Moment
    endorsed: ForeignUse | None = None

    def record(self) -> ForeignRecord:
        return ForeignRecord(
            event_id=self.event_id,
            post=self.post,
            recorded_at=self.recorded_at,
            direction=self.direction,
            issuer=self.issuer,
            number=self.number,
            issued_on=self.issued_on or None,
            permit=self.permit.application(),
            sealed=self.sealed,
            note=self.note or "",
            endorsed=self.endorsed.using() if self.endorsed else None,
        )


class ForeignCorrection(ForeignContent):
    """The whole content anew, as it was read at `version`, and the reason."""

    version: int
    reason: Reason

    def correction(self) -> Correction:
        return Correction(
            version=self.version,
            reason=self.reason,
            direction=self.direction,
            issuer=self.issuer,
            number=self.number,
            permit=self.permit.application(),
            issued_on=self.issued_on or None,
            sealed=self.sealed,
            note=self.note or "",
        )


class SyncedForeignPermit(ForeignPermitBody):
    kind: Literal["foreign_permit"]
    officer: Code | None = None


class ImportPermitQuery(Model):
    number: Text


class ForeignNumberQuery(Model):
    issuer: Code
    number: Text


class ForeignAnswer(Model):
    """`text`: the issuing Party's answer, stored word for word."""

    result: ForeignResult
    text: Annotated[str, StringConstraints(min_length=1, max_length=TEXT_AT_MOST)]
    received_on: Code


Remark = Annotated[str, one_of(REMARKS)]


class LineQuantity(TypedDict):
    line: str
    quantity: str


class ForeignPermitInList(TypedDict):
    id: str
    issuer: str
    number: str
    direction: str
    post: str
    at: Time
    officer: str
    state: Literal["recorded", "endorsed"]
    remarks: list[Remark]
    flagged: bool
    asked: bool
    answer: ForeignResult | None
    scientific_names: list[str | None]


class ForeignEndorsement(TypedDict):
    """The endorsement of a paper. `withdrawn`: the person who withdrew it, with time and reason."""

    at: Time
    post: str
    officer: str
    brought_by: str | None
    received_at: Time
    result: UseResult
    lines: list[LineQuantity]
    transport_document: str
    retained: bool
    entered_at: Time | None
    confirmed_by: str | None
    withdrawn: Anything | None


class ImportPermitUsed(TypedDict):
    """The use of our import permit by the endorsement of a foreign document."""

    number: str
    result: UseResult
    lines: list[LineQuantity]


class UseOfNumber(TypedDict):
    """A use of the paper's number. `paper`: of a recorded paper, else of a code."""

    id: str
    post: str
    at: Time
    paper: bool


class Enquiry(TypedDict):
    at: Time
    by_name: str
    channel: Literal["letter", "exchange"]
    letter: str


class IssuersAnswer(TypedDict):
    at: Time
    by_name: str
    result: ForeignResult
    text: str
    received_on: NotRequired[Day]


class ForeignPermit(ForeignPermitInList):
    """The content of a paper as a person read it. Nothing of it is verified.

    `import_permit_importer`: importer of our import permit that it names, to compare with its block 3.
    """

    issued_on: Day | None
    sealed: bool
    note: str
    version: int
    permit: Anything
    endorsed: ForeignEndorsement | None
    import_permit_use: ImportPermitUsed | None
    import_permit_importer: SignedParty | None
    used: list[UseOfNumber]
    enquiries: list[Enquiry]
    answers: list[IssuersAnswer]
    photos: list[PhotoInList]
    steps: list[str]


class ForeignPermits(TypedDict):
    items: list[ForeignPermitInList]
    cursor: str | None


class PlaceAndTime(TypedDict):
    post: str
    at: Time


class ForeignNumber(TypedDict):
    """The form of a number, and where papers with it were used."""

    number: str
    form: Form
    example: str | None
    used: list[PlaceAndTime]
    unconfirmed: list[PlaceAndTime]


class ImportPermitLineLeft(TypedDict):
    """A line of our import permit. `left`: the quantity that is not used yet."""

    line: str
    quantity: str
    left: str
    scientific_name: NotRequired[str]
    term: NotRequired[str]
    unit: NotRequired[str]


class FirstImport(TypedDict):
    post: str
    at: Time
    transport_document: str


class ImportPermitLines(TypedDict):
    """Our import permit that a foreign document names. `state`: `unknown` where there is none with this number.

    `importer`: block 3, to compare with that of the document.
    """

    number: str | None
    state: str
    importer: SignedParty | None
    lines: list[ImportPermitLineLeft]
    used: FirstImport | None


class ForeignHistoryEntry(TypedDict):
    version: int
    at: Time
    by: str
    by_name: str
    action: str
    detail: Anything


class ForeignHistory(TypedDict):
    """Entries of the history of a paper or a case, first to last."""

    items: list[ForeignHistoryEntry]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {
    "ForeignPermit": ForeignPermit,
    "ForeignPermits": ForeignPermits,
    "ForeignNumber": ForeignNumber,
    "ImportPermitLines": ImportPermitLines,
    "ForeignHistory": ForeignHistory,
}


def history_entry(row: RowData) -> ForeignHistoryEntry:
    return {
        "version": row["version"],
        "at": to_text(row["at"]),
        "by": row["by"],
        "by_name": row["by_name"],
        "action": row["action"],
        "detail": with_times(row["detail"]),
    }


def import_permit_json(named: NamedImportPermit) -> ImportPermitLines:
    first = named.first
    return {
        "number": named.number,
        "state": named.state,
        "importer": importer_json(named.importer),
        "lines": [_line_left(each) for each in named.lines],
        "used": {"post": first.post, "at": to_text(first.at), "transport_document": first.transport_document}
        if first
        else None,
    }


def importer_json(importer: Party | None) -> SignedParty | None:
    return {"name": importer.name or "", "country": importer.country or ""} if importer else None


def _line_left(each: RestOfLine) -> ImportPermitLineLeft:
    made: ImportPermitLineLeft = {
        "line": each.letter,
        "quantity": spelled(each.permitted),
        "left": spelled(each.left),
    }
    if each.line.scientific_name:
        made["scientific_name"] = each.line.scientific_name
    if each.line.term:
        made["term"] = each.line.term
    if each.line.unit:
        made["unit"] = each.line.unit
    return made
