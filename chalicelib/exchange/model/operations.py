"""The four operations of an EPIX service, and the size limits of their messages."""

from __future__ import annotations

from typing import Literal, get_args

Operation = Literal["GetNonFinalCitesCertificate", "GetFinalCitesCertificate", "ConfirmQuantities", "ServiceState"]

OPERATIONS: tuple[Operation, ...] = get_args(Operation)

NON_FINAL, FINAL, CONFIRM, STATE = OPERATIONS

QUESTION_CAP = 64 * 1024  # bytes: sixty positions are 6 kB

MESSAGE_CAP = 1024 * 1024  # bytes; sixty lines with all their texts and block 14 are about 300 kB
