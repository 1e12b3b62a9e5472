"""Example questions of the ministry's officers to the Scientific Authority. One is answered."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from local.client import Client, Refused
from local.desk import CUSTOMS, SPACE, at, default_person

ALL = "/v1/expert-questions"
ASKED: tuple[tuple[str, str, str, str, str, dict[str, str] | None], ...] = (
    (
        "dostuk", "11:05", "HOR", "Ovis ammon",
        "A pair of ram's horns in a trunk, 62 cm along the curve, 24 cm round the base: argali or a big domestic ram?",
        None,
    ),
    (
        "manas-airport", "04:20", "LIV", "Falco cherrug",
        "Closed ring, very grey and large, 1.5 kg. The permit says saker. Could it be a hybrid?",
        {
            "certain": "cannot_tell", "taxon": "",
            "text": "Not from a description. Compare the ring with the breeder's book; two moulted feathers for DNA.",
        },
    ),
)  # fmt: skip


def ensure(client: Client, today: date) -> None:
    """Ask and answer each question once, however often this runs."""
    for post, clock, term, taxon, question, answer in ASKED:
        asked = str(uuid.uuid5(SPACE, f"question {question}"))
        try:
            held = client.get(default_person("scientist"), f"{ALL}/{asked}")
        except Refused:
            held = client.post(CUSTOMS, ALL, {
                "event_id": asked, "post": post, "term": term, "taxon": taxon, "question": question,
                "recorded_at": at(today - timedelta(days=1), clock),
            })  # fmt: skip
        if answer and not held["answers"]:
            client.post(default_person("scientist"), f"{ALL}/{asked}/answers", answer)
