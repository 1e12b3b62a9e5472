"""How long a permit's files are kept: until its expiry and five years more, and nobody can delete them before.

A supporting paper is kept before its permit gets a number, a photograph of block 14 when it comes in, a print when it
is made. A file lies under its content, so one that serves several permits is kept for the longest of them.
"""

from __future__ import annotations

from chalicelib.core.dossier import Dossier
from chalicelib.ports import BlobStore

KEPT_AFTER_EXPIRY = 1827 * 86400  # seconds: five years with two leap days; the project's proposal to the ministry


def last_day(expires_at: int) -> int:
    """The second until which the files of a permit that expires then are kept."""
    return expires_at + KEPT_AFTER_EXPIRY


def keep_papers(dossier: Dossier, expires_at: int, blobs: BlobStore) -> None:
    """Keep the supporting papers; may be repeated. Raises `NoMatch` for one that is gone, `Unavailable`."""
    for paper in dossier.attachments:
        blobs.keep(f"papers/{paper.sha256}", last_day(expires_at))
