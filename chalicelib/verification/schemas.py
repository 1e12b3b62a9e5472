"""Request models and response schemas of verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.http.answers import OPEN, Day, Time
from chalicelib.http.requests import Code, DayText, Model, Text
from chalicelib.kernel.codes import Appendix
from chalicelib.kernel.enums import Outcome, ScanDirection, State, UseState
from chalicelib.permits.schemas import Use
from chalicelib.token.qr_text import TEXT_AT_MOST, strip_keyboard_suffix
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import CheckStatus
from chalicelib.verification.services.verify import OTHER_PAGES_AT_MOST


def trimmed_pages(pages: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(strip_keyboard_suffix(page) for page in pages or ())


# A text above the limit of FORMAT.md 2 still gets a verdict; above four times the limit it is refused.
QrText = Annotated[str, StringConstraints(min_length=1, max_length=4 * TEXT_AT_MOST)]

Pages = Annotated[list[QrText], Field(max_length=OTHER_PAGES_AT_MOST)]


class Verify(Model):
    """Body of a verification by code.

    `same_goods`: the answer to U5 or U1, where the verdict asks whether these are the goods that were endorsed then.
    """

    qr: QrText
    other_pages: Pages | None = None
    direction: ScanDirection | None = None
    same_goods: bool | None = None

    def place(self) -> Place:
        return Place(self.direction or "none", same_goods=self.same_goods)


class PlaceQuery(Model):
    """Direction and `same_goods` as a query."""

    direction: ScanDirection | None = None
    same_goods: Literal["true", "false"] | None = None

    def place(self) -> Place:
        return Place(
            self.direction or "none", same_goods=None if self.same_goods is None else self.same_goods == "true"
        )


class NumberQuery(PlaceQuery):
    """Query of a verification by number.

    `code`: the check code printed beside the number. A permit on paper from before Tamga has none. Then everybody
    except an official sends `valid_until`, the day in its box 2.
    """

    number: Text
    code: Code | None = None
    valid_until: DayText | None = None


class MarksInShort(TypedDict):
    """Marks too long for the code: number of characters, and the first 16 bytes of SHA-256 in hexadecimal."""

    count: int
    digest: str


class SourceOfLine(TypedDict):
    """Country of block 12 or 12a, and that country's document, if the code has it."""

    country: str
    permit: NotRequired[str]
    certificate: NotRequired[str]
    date: NotRequired[str]


class SignedLine(TypedDict):
    scientific_name: str
    appendix: Appendix
    source: str
    term: str
    quantity: str
    line: NotRequired[str]
    unit: NotRequired[str]
    marks: NotRequired[str]
    marks_digest: NotRequired[MarksInShort]
    origin: NotRequired[Annotated[SourceOfLine, OPEN]]
    last_reexport: NotRequired[Annotated[SourceOfLine, OPEN]]
    operation_or_acquisition: NotRequired[str]


class SignedParty(TypedDict):
    name: str
    country: str


class PagesSeen(TypedDict):
    """Number of pages, and the pages whose codes were read."""

    of: int
    seen: list[int]


class SignedPermit(TypedDict):
    """Signed fields only, under the request's names.

    With `form: legacy` it has the register's fields of a permit on paper from before Tamga, for signed-in officials.
    """

    issuer: str
    document_type: str
    number: str
    issued_at: Time
    valid_until: Day
    exporter: SignedParty
    importer: SignedParty
    purpose: str
    lines: list[SignedLine]
    stamp_number: NotRequired[str]
    pages: NotRequired[PagesSeen]
    form: NotRequired[Literal["legacy"]]


class PaperParty(TypedDict):
    country: str


class PaperLine(TypedDict):
    scientific_name: str
    appendix: Appendix
    term: str
    quantity: str
    line: NotRequired[str]
    unit: NotRequired[str]


class PaperPermit(TypedDict):
    """Permit on paper from before Tamga, for the public, without names, marks and documents of other countries."""

    form: Literal["legacy"]
    issuer: str
    document_type: str
    number: str
    issued_at: Time
    valid_until: Day
    exporter: PaperParty
    importer: PaperParty
    lines: list[PaperLine]


class RegisterSays(TypedDict):
    """State and uses of the permit in the register."""

    state: State
    use: UseState
    uses: list[Use]
    replaced_by: str | None


class PrintedDifference(TypedDict):
    """F5: a block whose printed text differs from the signed text. `printed` is unverified."""

    block: str
    signed: str
    printed: str


class VerdictCode(TypedDict):
    """Verdict code with its sentence. `check`: number of the check. `cleared`: a person has looked into it."""

    code: str
    check: int
    text: str
    cleared: NotRequired[bool]
    differences: NotRequired[list[PrintedDifference]]


class VerdictCheck(TypedDict):
    n: int
    name: str
    words: str
    result: CheckStatus


class VerifiedFile(TypedDict):
    """Kind of the file, and how many pages and codes it has."""

    kind: str
    pages: int
    codes: int


class Verdict(TypedDict):
    """`permit` and `register` are null unless checks 1-6 passed, or were skipped for a permit on paper."""

    outcome: Outcome
    words: str
    steps: list[str]
    codes: list[VerdictCode]
    checks: list[VerdictCheck]
    permit: SignedPermit | PaperPermit | None
    register: RegisterSays | None
    checked_at: Time
    data_as_of: Time
    event_id: NotRequired[str]
    document: NotRequired[VerifiedFile]


ANSWERS: Mapping[str, Any] = {
    "Verdict": Verdict,
    "SignedPermit": SignedPermit,
    "PaperPermit": PaperPermit,
    "RegisterSays": RegisterSays,
}
