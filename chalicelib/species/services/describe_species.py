"""JSON form of a species list entry for people and devices: names, Appendix, restrictions, source and day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.species.model.listing import Listing, Population, Restriction, Taxon, lineage
from chalicelib.species.model.name_resolution import resolve_name
from chalicelib.species.model.usual_terms import terms_of


def taxon_json(taxon: Taxon, listing: Listing, *, found_by: str = "") -> dict[str, Any]:
    """JSON form of an entry, with names as in the list.

    `appendix` applies here; `may_be` has other Appendices of some populations. `found_by`: the name that was asked for,
    if it is not the accepted one.
    """
    return {
        "id": taxon.scientific_name.lower().replace(" ", "-"),
        "scientific_name": taxon.scientific_name,
        "accepted_name": taxon.scientific_name,
        "found_by": found_by or taxon.scientific_name,
        "rank": taxon.rank,
        "appendix": APPENDIX_NAMES[taxon.appendix],
        "may_be": [APPENDIX_NAMES[number] for number in sorted(taxon.may_be)],
        "population": _population(taxon.population) if taxon.population else None,
        "listed_by": taxon.listed_by,
        "kingdom": taxon.kingdom,
        "class": taxon.class_name,
        "order": taxon.order,
        "family": taxon.family,
        "synonyms": list(taxon.synonyms),
        "names": dict(taxon.names),
        "also": list(taxon.also),
        "group": taxon.group,
        "annotation": taxon.annotation,
        "decided": taxon.decided,
        "restrictions": [_restriction(each) for each in listing.restricted(taxon)],
        "history": [{"day": each.day, "what": each.what, "source": each.source} for each in listing.history_of(taxon)],
        "range_states": sorted(taxon.range_states),
        "range_source": taxon.range_source,
        "source": taxon.source,
        "as_of": taxon.as_of,
        "list_version": listing.version,
    }


def taxon_json_with_terms(found: Taxon, listing: Listing, *, found_by: str = "") -> dict[str, Any]:
    """The same with the usual specimen terms of the taxon, for the author of an application."""
    return {**taxon_json(found, listing, found_by=found_by), "usual_terms": sorted(terms_of(found))}


def for_devices(listing: Listing) -> Mapping[str, Any]:
    """Species data for look-up on a scanner without a network: the taxa that officers here meet (`listing.GROUPS`)."""
    met = [each for each in listing.ranked if each.group]
    taxa = [{**taxon_json(each, listing), **covers(each, listing)} for each in met]
    return {"as_of": listing.as_of, "version": listing.version, "taxa": taxa}


def covers(group: Taxon, listing: Listing) -> dict[str, Any]:
    """The rules for goods under the name of this entry, where they exceed the rules of the entry; else an empty dict.

    This is so for a genus, family or order, and for a species with entries or suspensions below it. It is so too for a
    former subspecies of another species (`species/model/name_resolution.py`). `covers` has the strictest taxon, all
    suspensions, and the names whose quotas apply: `members` with everything below them, and the names `above` them.
    """
    goods = resolve_name(group.scientific_name, listing)
    restrictions = goods.restricted(listing)
    alone = goods.above == lineage(group) and restrictions == listing.restricted(group)
    if alone or goods.strictest is None:
        return {}
    strictest = taxon_json(goods.strictest, listing)
    told = ("scientific_name", "synonyms", "appendix", "may_be", "listed_by", "kingdom", "order", "family")
    return {
        "covers": {
            **{name: strictest[name] for name in told},
            "population": strictest["population"] if len(goods.taxa) == 1 else None,
            "deciding": goods.deciding,
            "restrictions": [_restriction(each) for each in restrictions],
            "members": sorted(goods.groups),
            "above": sorted(goods.above - goods.groups),
        }
    }


def _population(each: Population) -> dict[str, Any]:
    """Split of the entry by country of origin.

    If `others` is null, the province or subspecies decides for the other countries, as for those in `open`.
    """
    return {
        "appendix": APPENDIX_NAMES[each.appendix],
        "origins": sorted(each.origins),
        "open": sorted(each.open),
        "others": None if each.others is None else APPENDIX_NAMES[each.others],
        "note": each.note,
        "source": each.source,
        "as_of": each.as_of,
    }


def _restriction(each: Restriction) -> dict[str, Any]:
    """A recorded suspension or zero quota; an empty list means any."""
    return {
        "since": each.since.isoformat(),
        "until": each.until.isoformat() if each.until else None,
        "kinds": sorted(each.kinds),
        "sources": sorted(each.sources),
        "purposes": sorted(each.purposes),
        "origins": sorted(each.origins),
        "reason": each.reason,
        "reasons": {"en": each.reason, **each.reasons},
        "source": each.source,
    }
