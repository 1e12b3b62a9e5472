"""Request bodies, queries and answers of other Parties' papers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.applications.schemas import ApplicationBody
from chalicelib.endorsement.schemas import ImportPermitLines, chosen
from chalicelib.foreign_permits.services.changes import Correction
from chalicelib.foreign_permits.services.record import ForeignRecord, Using
from chalicelib.http.requests import Code, Model, Moment, Reason, Text, Words
from chalicelib.http.schema_parts import FLAG, TEXT, TIME, listed, maybe, members, one_of
from chalicelib.record.permit import LINES_AT_MOST
from chalicelib.verification.model.foreign_permit import ANSWERS as RESULTS
from chalicelib.verification.model.foreign_permit import REMARKS, TEXT_AT_MOST

_AMOUNTS = listed(members({"line": TEXT, "quantity": TEXT}))

_FOREIGN = {
    "id": TEXT,
    "issuer": TEXT,
    "number": TEXT,
    "direction": TEXT,
    "post": TEXT,
    "at": TIME,
    "officer": TEXT,
    "state": one_of(("recorded", "endorsed")),
    "remarks": listed(one_of(REMARKS)),
    "flagged": FLAG,
    "asked": FLAG,
    "answer": maybe(one_of(RESULTS)),
    "scientific_names": listed(maybe(TEXT)),
}


class ForeignLine(Model):
    line: Code
    quantity: Code


class ForeignUse(Model):
    """An endorsement: every line with the quantity that arrived.

    `retained`: the paper was cancelled and stays here (Art. VI(6)). `stamped_at`: time of a hand-made stamp that is
    entered now, at most 30 days later; a second person confirms it. `import_permit_lines`: quantities used of the lines
    of our import permit that the paper names, where the goods do not match them by species and unit.
    """

    lines: Annotated[list[ForeignLine], Field(min_length=1, max_length=LINES_AT_MOST)]
    transport_document: Annotated[str, StringConstraints(max_length=70)]
    retained: bool
    stamped_at: Moment | None = None
    import_permit_lines: ImportPermitLines | None = None

    def using(self) -> Using:
        lines = tuple((each.line, each.quantity) for each in self.lines)
        return Using(lines, self.transport_document, self.retained, self.stamped_at, chosen(self.import_permit_lines))


class ForeignContent(Model):
    """Content of a paper. `permit`: the particulars on the paper, in the fields of an application.

    `sealed`: stamp, signature and seal are there, as far as the officer can see.
    """

    direction: Literal["import", "transit", "export", "return"]
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

    result: Literal[RESULTS]  # type: ignore[valid-type]
    text: Annotated[str, StringConstraints(min_length=1, max_length=TEXT_AT_MOST)]
    received_on: Code
