"""Whether the import permit of ours that another Party's paper names is one, and for these goods (Art. III(3)(a)).

1 our register has issued that number   2 it is an import permit   3 it was valid when the goods came: what became of it
after it was endorsed beside this paper is no fault   4 something is left of it   5 it names the goods that need it
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core.crossing import SAME_POST_WINDOW, Place, use_codes
from chalicelib.core.dossier import Dossier
from chalicelib.core.foreign_paper import ForeignPaper, needing_import_permit
from chalicelib.core.ledger import Posts, arriving, same_document
from chalicelib.core.lifecycle import ISSUED_ONCE
from chalicelib.core.listing import Listing
from chalicelib.core.named import named
from chalicelib.core.permit import from_record


def faults(paper: ForeignPaper, held: Dossier | None, listing: Listing, posts: Posts) -> Iterator[str]:
    """`held`: what our register has under the number that the paper names."""
    if held is None or held.state not in ISSUED_ONCE:  # 1
        yield "import_permit_unknown"
        return
    if held.kind != "I":  # 2
        yield "import_permit_other_kind"
        return
    at = paper.arrived_at
    uses = [use for use in held.uses if use.at <= at + SAME_POST_WINDOW]  # a later one is told of the later paper
    hits = list(use_codes("I", Place("import", post=paper.post), uses, held.allowed, posts, at))
    beside = any(hit.code == "U5" for hit in hits)
    valid = held.state == "issued" and (held.issued_at or 0) <= at < (held.expires_at or 0)
    if not beside and not valid:  # 3
        yield "import_permit_not_valid"
    part_of = arriving(uses, held.allowed, posts, at)
    in_parts = part_of is not None and (paper.use is None or same_document(part_of, paper.use))
    if not in_parts and any(hit.asks == "hold" or hit.code == "U2" for hit in hits):  # 4
        yield "import_permit_used"
    lines = from_record(held.record).lines
    covered = {taxon.scientific_name for line in lines for taxon in named(line.scientific_name or "", listing).taxa}
    goods = needing_import_permit(from_record(paper.record), listing)
    if any(taxon.scientific_name not in covered for each in goods for taxon in each.taxa):  # 5
        yield "import_permit_other_goods"
