"""What became of a key of our trust list: whose turn it is by the list, and whether KMS holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.shared import of_aws
from chalicelib.core import rotation
from chalicelib.core.errors import Unavailable
from chalicelib.core.trust_list import TrustKey, TrustList

if TYPE_CHECKING:
    from chalicelib.services.hold_trust import TrustDeps


def state_of(trust_list: TrustList, key: TrustKey, now: int) -> str:
    """`signing`, `signing until ...`, `spare 1` (`from ...` if it may not sign yet), `retired` or `compromised`.

    A permit key signs if it signs one of its kinds, and waits among the spares that share one with it.
    """
    from chalicelib.edges.times import to_text

    if key.compromised:
        return "compromised"
    if key.retired_at is not None and key.retired_at <= now:
        return "retired"
    signs = rotation.signing(trust_list, key.purpose, now)
    if key in signs.values() or key.retired_at is not None:
        ends = "" if key.retired_at is None else f" until {to_text(key.retired_at)}"
        return ("signing" if key in signs.values() else "spare") + ends
    waiting = [
        each for each in rotation.turns(trust_list, key.purpose)
        if each not in signs.values() and (each == key or set(each.kinds) & set(key.kinds) or not key.kinds)
    ]  # fmt: skip
    starts = "" if key.not_before <= now else f" from {to_text(key.not_before)}"
    return f"spare {waiting.index(key) + 1}{starts}"


def held_by_kms(where: TrustDeps, key: TrustKey) -> str:
    """`same`, `another key`, `not configured`, or why KMS did not say."""
    try:
        return "same" if where.signer(key.kid).public_key == key.public_key else "another key"
    except Unavailable as error:
        return "no answer" if key.kid.hex() in where.config.keys else f"not configured: {error.detail}"
    except ValueError as error:
        return f"unfit: {error}"
    except Exception as error:
        if not of_aws(error):
            raise
        return f"refused: {error}"
