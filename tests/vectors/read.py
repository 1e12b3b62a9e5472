"""Convert a vector's JSON to the input of the verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chalicelib.kernel.codes import APPENDIX_NUMBERS
from chalicelib.legacy_register.model import judge_legacy
from chalicelib.people.model import Post
from chalicelib.record.permit import Permit, TokenLine, TokenParty
from chalicelib.requirements.model import requirements
from chalicelib.requirements.model.importers import Confidence, ImporterRule, Need
from chalicelib.species.model.annotations import AnnotatedGoods
from chalicelib.species.model.listing import Effect, Event, Open, Population, Restriction, Taxon
from chalicelib.trust.model.status_list import open_status_list
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Pin, open_trust_list
from chalicelib.uses.use import PermittedAmount, Use, UsedLine, Withdrawal
from chalicelib.verdict import snapshot, verdict
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.file_findings import findings_from_json
from chalicelib.verdict.snapshot import ArrivalReport, ReportedQuantity, SetAside

HERE = Path(__file__).resolve().parent


@cache
def vectors(name: str) -> list[dict[str, Any]]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def pins(data: Any) -> tuple[Pin, ...]:
    return tuple(
        Pin(p["country"], tuple(map(bytes.fromhex, p["thumbprints"])), p["practice"], p["practice_host"]) for p in data
    )


def question(data: Any) -> requirements.Question:
    """Return a question about required documents, as a page sends it."""
    held = data["subject"]
    subject = None if held is None else requirements.Subject(
        appendix=APPENDIX_NUMBERS[held["appendix"]],
        kingdom=held["kingdom"],
        may_be=frozenset(APPENDIX_NUMBERS[each] for each in held.get("may_be", ())),
        listed_by=frozenset(held.get("listed_by_all") or filter(None, [held.get("listed_by")])),
        listed_on_other_days=held.get("listed_on_other_days", False),
        wild_forms=tuple((held.get("unlisted") or {}).get("wild", ())),
        groups=frozenset(held.get("groups", ())),
        restrictions=tuple(map(_restriction, held.get("restrictions", ()))),
        population=_population(held["population"]) if "population" in held else None,
        excepts=frozenset(held.get("excepts", ())),
        open=frozenset(map(Open, held.get("open", ()))),
        broad=held.get("broad", False),
        range_states=frozenset(held.get("range_states", ())),
        range_sure=held.get("range_sure", False),
        introduced=frozenset(held.get("introduced", ())),
        **{name: held.get(name, "") for name in ("deciding", "name", "family", "symbol")},
    )  # fmt: skip
    days = {name: date.fromisoformat(data[name]) for name in ("on", "exported_on") if data.get(name)}
    return requirements.Question(**{**data, **days, "subject": subject})


def annotated_goods(data: Any) -> AnnotatedGoods:
    return AnnotatedGoods(**{**data, "excepts": frozenset(data.get("excepts", ()))})


def entry(data: Any) -> Taxon:
    """Return an entry of the species list."""
    return Taxon(
        "Aa bb",
        APPENDIX_NUMBERS[data["appendix"]],
        data["kingdom"],
        may_be=frozenset(APPENDIX_NUMBERS[each] for each in data["may_be"]),
        listed_by=data["listed_by"],
        symbol=data["symbol"],
        since=data["in_force"],
        open=frozenset(map(Open, data["open"])),
    )


def event(data: Any) -> Event:
    """Return a change of an entry."""
    first, *others = [APPENDIX_NUMBERS[each] for each in data["before"]] or [None]
    return Event(
        data["day"],
        "",
        "",
        first,
        APPENDIX_NUMBERS[data["after"]] if data["after"] else None,
        last=data["last"],
        before_parts=frozenset(others),
        symbols=tuple(data["symbols"]),
        listed_by=frozenset(data["listed_by"]),
    )


def _population(data: Any) -> Population:
    others = None if data["others"] is None else APPENDIX_NUMBERS[data["others"]]
    return Population(APPENDIX_NUMBERS[data["appendix"]], frozenset(data["origins"]), others, frozenset(data["open"]))


def _restriction(data: Any) -> Restriction:
    codes = {name: frozenset(data[name]) for name in ("kinds", "sources", "purposes", "origins")}
    more = {name: frozenset(data.get(name, ())) for name in ("terms", "except_origins")}
    since, until = date.fromisoformat(data["since"]), data["until"] and date.fromisoformat(data["until"])
    return Restriction("", **codes, since=since, until=until, reason=data["reason"], source=data["source"],
                       effect=Effect(data.get("effect", "stop")), exported_before=data.get("exported_before", False),
                       **more)  # fmt: skip


def importer_rule(data: Any) -> ImporterRule:
    sets = ("countries", "kingdoms", "taxa", "except_taxa", "terms")
    return ImporterRule(
        **{
            **data,
            **{name: frozenset(data[name]) for name in sets},
            "appendices": frozenset(APPENDIX_NUMBERS[each] for each in data["appendices"]),
            "needs": Need(data["needs"]),
            "confidence": Confidence(data["confidence"]),
        }
    )


@cache
def _trust(text: str) -> Trust:
    data = json.loads(text)
    known = pins(data["pins"])
    lists = tuple(open_trust_list(bytes.fromhex(each), known) for each in data["lists"])
    return Trust(lists, known, MappingProxyType(data.get("fetched_at", {})), data.get("newest_signed", 0))


def trust(data: Any) -> Trust:
    return _trust(json.dumps(data))


@cache
def _status(data: str, under: str) -> Any:
    return open_status_list(bytes.fromhex(data), _trust(under))


def use(data: Mapping[str, Any]) -> Use:
    withdrawn = data["withdrawn_at"]
    return Use(
        event_id=data["event_id"],
        kind=data["kind"],
        post=data["post"],
        at=data["at"],
        officer="o",
        lines=tuple(UsedLine(line["line"], line["quantity"]) for line in data["lines"]),
        transport_document=data["transport_document"],
        result=data["result"],
        late=data["late"],
        foreign_document=data.get("foreign_document"),
        withdrawn=None if withdrawn is None else Withdrawal("w", withdrawn, "o", ""),
    )


def uses(data: Any) -> tuple[Use, ...]:
    return tuple(use(each) for each in data)


def register(data: Any) -> Any:
    if isinstance(data, str):
        return {"not_asked": snapshot.NotAsked(), "unknown": snapshot.Unknown(), "failed": snapshot.Failed()}[data]
    plain = ("state", "kind", "for_cause", "missing", "replaced_by", "retrospective", "quota_passed", "legacy")
    return snapshot.Snapshot(
        **{name: data[name] for name in plain},
        payloads={int(page): bytes.fromhex(payload) for page, payload in data["payloads"].items()},
        allowed={letter: PermittedAmount(each["quantity"], each["unit"]) for letter, each in data["allowed"].items()},
        uses=uses(data["uses"]),
        reports=tuple(report(each) for each in data.get("reports", ())),
        cleared=frozenset((each["code"], tuple(each["events"])) for each in data["cleared"]),
        lowered_at=data.get("lowered_at"),
    )


def report(data: Mapping[str, Any]) -> ArrivalReport:
    lines = tuple(ReportedQuantity(line["line"], line["quantity"]) for line in data["lines"])
    aside = (
        SetAside("p", "P", data["at"], "r", confirmed_by="a", confirmed_at=data["at"]) if data["set_aside"] else None
    )
    return ArrivalReport(data["country"], data["at"], lines, "", "", data["with_code"], aside)


def context(data: Mapping[str, Any]) -> snapshot.Context:
    posts = {
        name: Post(name, name, "road", frozenset(), frozenset(post["links"]), *post.get("at", (None, None)))
        for name, post in data["posts"].items()
    }
    return snapshot.Context(
        place=Place(data["direction"], data["country"], data["post"], data["same_goods"]),
        posts=posts,
        other_pages=tuple(data["other_pages"]),
        own_scans=tuple(data["own_scans"]),
        unsent=uses(data["unsent"]),
        offline_limits=data["offline_limits"],
        seen_at=data.get("seen_at"),
    )


def judge(given: Mapping[str, Any]) -> verdict.Verdict:
    """Return the verdict on a vector's input."""
    lists = [_status(each, json.dumps(given["trust"])) for each in given["status"]]
    return verdict.judge(
        given["text"],
        trust=trust(given["trust"]),
        status={each.uri: each for each in lists},
        register=register(given["register"]),
        now=given["now"],
        context=context(given["context"]),
        own_uses=uses(given["own_uses"]),
        document=None if given["document"] is None else findings_from_json(given["document"]),
    )


def paper(given: Mapping[str, Any]) -> verdict.Verdict:
    """Return the verdict on a vector's paper permit from before Tamga."""
    data = given["permit"]
    lines = tuple(TokenLine(*line) for line in data["lines"])
    names = {"exporter": TokenParty(*data["exporter"]), "importer": TokenParty(*data["importer"]), "lines": lines}
    permit = Permit(**{**data, **names}, record_digest=bytes(16), cti=bytes(16), status_uri="", status_idx=0)
    held = register(given["register"])
    return judge_legacy(permit, held, zone=given["zone"], now=given["now"], context=context(given["context"]))


def plain(value: Any) -> Any:
    """Convert tuples to lists, as JSON does."""
    return json.loads(json.dumps(value))
