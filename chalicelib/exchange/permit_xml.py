"""An exchanged permit as XML and back: `encode_permit` and `decode_permit`, over the table of `layout.py`.

Reading loses nothing: what no slot takes (a second text, an attribute, an element of another schema) is in `other`.
1 root and version   2 values by slot   3 what each text has to be   4 what a permit cannot be without
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.exchanged import ExchangedLine, ExchangedPermit, Other, Reference, is_empty
from chalicelib.exchange.layout import COUNTRY, DECIMAL, FLAG, PARTS, ROOTS, SPACES, TABLES, TIME, TOKEN, Slot
from chalicelib.exchange.xml import Element, children, local, refusal, space

LINES_READ = 500  # more than any form has; a refusal, not a cut
_KINDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    TIME: (re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII), "a date and time"),
    DECIMAL: (re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII), "a number, in digits"),
    FLAG: (re.compile(r"true|false|1|0"), "true or false"),
    TOKEN: (re.compile(r"\S{1,70}"), "at most 70 characters without spaces"),
    COUNTRY: (re.compile(r"[A-Z]{2}"), "two capital letters"),
}


def encode_permit(permit: ExchangedPermit, *, qualified: bool = True) -> Element:
    """The element of toolkit v2. `qualified`: with its namespace; inside an EPIX message it has none."""
    root = etree.Element(
        f"{{{SPACES[2]}}}{ROOTS[2]}" if qualified else ROOTS[2], nsmap={"urn": SPACES[2], "ram": PARTS}
    )
    _write(root, permit, SPACES[2])
    return root


def decode_permit(root: Element) -> ExchangedPermit:
    """The permit of a CITESEPermit or CBFShip element. Raises `Invalid`, each fault under its element's path."""
    versions = {name: version for version, name in ROOTS.items()}
    version = versions.get(local(root), 0)  # 1
    if not version or space(root) not in {"", SPACES[version]}:
        raise refusal(local(root), "not_a_permit", f"Expected {ROOTS[2]} of {SPACES[2]}.")
    reading = _Reading(version)
    permit: ExchangedPermit = reading.part(root, ExchangedPermit, ROOTS[version])
    reading.faults += _lacks(permit, ROOTS[version])  # 4
    if reading.faults:
        raise Invalid(*reading.faults)
    return permit


def _lacks(permit: ExchangedPermit, root: str) -> Iterator[FieldError]:
    header, goods = f"{root}/HeaderExchangedDocument", f"{root}/SpecifiedSupplyChainConsignment"
    for path, value in ((f"{header}/ID", permit.number), (f"{header}/TypeCode", permit.type_code)):
        if value is None:
            yield FieldError(path, "required", "A permit has a number and a type.")
    item = f"{goods}/IncludedSupplyChainConsignmentItem"
    if not permit.lines:
        yield FieldError(item, "required", "A permit has at least one line.")
    if len(permit.lines) > LINES_READ:
        yield FieldError(item, "too_many", f"At most {LINES_READ} lines are read.")
    seen: set[str] = set()
    for index, line in enumerate(permit.lines, start=1):
        at = f"{item}[{index}]/ID" if len(permit.lines) > 1 else f"{item}/ID"
        if line.id is None:
            yield FieldError(at, "required", "Each line has its letter.")
        elif line.id in seen:
            yield FieldError(at, "twice", "Two lines have this letter.")
        seen.add(line.id or "")


def _write(parent: Element, value: Any, first_space: str) -> None:
    """The slots of one part in their order, under elements that are opened as they are needed."""
    opened: dict[str, Element] = {"": parent}

    def under(path: str) -> Element:
        if path not in opened:
            above, _, name = path.rpartition("/")
            here = first_space if not above else PARTS
            opened[path] = etree.SubElement(under(above), f"{{{here}}}{name}")
        return opened[path]

    for slot in TABLES[2][type(value)]:
        held = getattr(value, slot.field)
        above, _, name = slot.path.rpartition("/")
        for each in held if slot.many else (held,):
            if each is None:
                continue
            made = etree.SubElement(under(above), f"{{{PARTS if above else first_space}}}{name}")
            if slot.part is not None:
                _write(made, each, PARTS)
                continue
            made.text = each
            if slot.unit and getattr(value, slot.unit) is not None:
                made.set("unitCode", getattr(value, slot.unit))


class _Reading:
    """One pass over a permit. Whatever has a text or an attribute ends in a field, in `other` or in a fault."""

    def __init__(self, version: int) -> None:
        self._version = version
        self._other: list[Other] = []
        self.faults: list[FieldError] = []

    def part(self, element: Element, part: type, path: str) -> Any:
        slots = TABLES[self._version][part]
        values: dict[str, Any] = {"version": self._version} if part is ExchangedPermit else {}
        self._stray(element, path)
        self._below(element, "", path, slots, values)
        if part is ExchangedPermit:
            values["other"] = tuple(self._other)
        return part(**values)

    def _below(
        self, element: Element, at: str, path: str, slots: tuple[Slot, ...], values: dict[str, Any]
    ) -> None:  # 2
        for child, step in children(element):
            inside = f"{at}/{local(child)}" if at else local(child)
            where = f"{path}/{step}"
            mine = [slot for slot in slots if slot.path == inside]
            deeper = any(slot.path.startswith(f"{inside}/") for slot in slots)
            if space(child) != self._space(path, at):
                self._keep(child, where)
            elif mine and mine[0].part is not None:
                self._part_slot(child, where, mine, values)
            elif mine:
                self._text_slot(child, where, mine[0], values)
            elif deeper:
                self._stray(child, where)
                self._below(child, inside, where, slots, values)
            else:
                self._keep(child, where)

    def _space(self, path: str, at: str) -> str:
        """Below the root its own namespace, everywhere else that of the parts."""
        return SPACES[self._version] if not at and path in ROOTS.values() else PARTS

    def _part_slot(self, child: Element, where: str, mine: list[Slot], values: dict[str, Any]) -> None:
        slot = mine[0]
        if slot.type_code:
            code = next((each.text for each, _ in children(child) if local(each) == "TypeCode"), None)
            slot = next((each for each in mine if each.type_code == (code or "").strip()), slot)
            if slot.type_code != (code or "").strip():
                return self._keep(child, where)
        if not slot.many and values.get(slot.field) is not None:
            return self._keep(child, where)
        assert slot.part is not None
        made = self.part(child, slot.part, where)
        bare = is_empty(made) or (slot.type_code and made == Reference(type_code=slot.type_code))
        if bare and slot.part is not ExchangedLine:
            return self._keep_code(made, where)
        values[slot.field] = (*values.get(slot.field, ()), made) if slot.many else made
        return None

    def _keep_code(self, made: Any, where: str) -> None:
        """A document of which only its type is said."""
        if not is_empty(made):
            self._other.append(Other(f"{where}/TypeCode", made.type_code))

    def _text_slot(self, child: Element, where: str, slot: Slot, values: dict[str, Any]) -> None:  # 3
        if len(child) or values.get(slot.field) is not None:
            return self._keep(child, where)
        text = (child.text or "").strip()
        unit = child.get("unitCode") if slot.unit else None
        self._attributes(child, where, but="unitCode" if slot.unit and text else "")
        if not text:
            return None
        form, words = _KINDS.get(slot.kind, (None, ""))
        if form is not None and (not form.fullmatch(text) or (slot.kind == TIME and not _exists(text))):
            self.faults.append(FieldError(where, "malformed", f"Expected {words}."))
        values[slot.field] = text
        if slot.unit and unit:
            values[slot.unit] = unit
        return None

    def _stray(self, element: Element, path: str) -> None:
        """Texts between elements, and attributes, of one that only holds others."""
        self._attributes(element, path)
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                self._other.append(Other(path, text.strip()))

    def _attributes(self, element: Element, path: str, but: str = "") -> None:
        for name, value in element.attrib.items():
            if name != but and value:
                self._other.append(Other(f"{path}/@{etree.QName(name).localname}", value))

    def _keep(self, element: Element, path: str) -> None:
        """All of an element that no slot takes."""
        self._stray(element, path)
        for child, step in children(element):
            self._keep(child, f"{path}/{step}")


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text if "T" in text else text[:10])
    except ValueError:
        return False
    return True
