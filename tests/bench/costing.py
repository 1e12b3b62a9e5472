"""Cost of a month and of a million verifications on AWS: measured milliseconds times prices of `prices.toml`.

The sizes (kB, reads, writes, log lines) are those of the code. The volumes are assumptions, stated in the text. This is
arithmetic only, because no cost was taken from a bill.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import Figure, Section

PRICES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("prices.toml").read_text())
MILLION = 1_000_000
MEMORY_GB = 1.0  # memory of the HTTP function, .chalice/config.json
VCPU = MEMORY_GB * 1024 / 1769  # Lambda gives a whole processor at 1,769 MB (AWS Lambda, "Configure memory")
ROUND_TRIP = 0.005  # seconds for one DynamoDB read from a function in the region; AWS states single-digit milliseconds
ANSWER_KB = 3.0  # size of a verdict, compressed by the gateway
LOG_KB = 0.45  # one log line of the request and three of Lambda
DOSSIER_KB = 5.0
MOST = 7.0  # USD a million verifications


@dataclass(frozen=True, slots=True)
class Month:
    """Volumes of a month in a small country. Kyrgyzstan issues some hundreds of permits a year."""

    permits: int = 2_000
    verifications: int = 100_000
    endorsements: int = 4_000
    people: int = 300
    kept: int = 50_000  # permits in the register
    scans_kept_gb: float = 20.0  # papers, prints, photographs


def answer(service_seconds: float) -> Section:
    """Return the section on costs.

    `service_seconds`: processor time of one verification in the service, measured by `serving.py`.
    """
    million = verification(service_seconds)
    month = a_month(Month(), million)
    rows = [["a million verifications", name, f"{usd:.2f}"] for name, usd in million.items()]
    rows.append(["a million verifications", "**sum**", f"**{sum(million.values()):.2f}**"])
    rows += [["a month", name, f"{usd:.2f}"] for name, usd in month.items()]
    rows.append(["a month", "**sum**", f"**{sum(month.values()):.2f}**"])
    total = sum(million.values())
    volumes = ", ".join(f"{getattr(Month(), name):,} {name.replace('_', ' ')}" for name in Month.__slots__)
    return Section(
        "Cost on AWS",
        f"Prices of {PRICES['region']}, {PRICES['as_of']}, from memory of the public lists: to be checked. A "
        f"verification was measured at {service_seconds * 1000:.1f} ms of a processor here; a function of "
        f"{MEMORY_GB:.0f} GB has {VCPU:.2f} of one and waits for two reads. A month: {volumes}. Tax, support and the "
        "people are not in it.",
        ("for", "what", "USD"),
        rows,
        figures=[Figure("a million verifications", f"<= {MOST:.0f} USD", f"{total:.2f} USD", total <= MOST)],
    )


def verification(service_seconds: float) -> dict[str, float]:
    """Return the cost of a million `POST /v1/verify` in USD, by item."""
    billed = service_seconds / VCPU + 2 * ROUND_TRIP
    reads = 1 + -(-DOSSIER_KB // 4)  # the row of the number, and the dossier in units of 4 kB
    gigabytes = ANSWER_KB * MILLION / 1e6
    return {
        "API Gateway": PRICES["api_gateway"]["million_requests"],
        "CloudFront": PRICES["cloudfront"]["million_requests"] + gigabytes * PRICES["cloudfront"]["gb_out"],
        "web firewall": PRICES["waf"]["million_requests"],
        f"Lambda, {billed * 1000:.0f} ms": PRICES["lambda"]["million_requests"]
        + billed * MEMORY_GB * MILLION * PRICES["lambda"]["gb_second_arm"],
        f"DynamoDB, {reads:.0f} units read": reads * PRICES["dynamodb"]["million_reads"],
        "logs": LOG_KB * MILLION / 1e6 * PRICES["cloudwatch"]["gb_logs"],
    }


def a_month(month: Month, million: dict[str, float]) -> dict[str, float]:
    """Return the cost of a month in USD, by item."""
    minutes = 30 * 24 * 60
    lists = 18  # publish_status.uris
    # issue: 3 transactions of some 15 rows; endorse: one of 7; a dossier counts 5 units each time, and twice
    writes = month.permits * 12 * (DOSSIER_KB + 4) * 2 + month.endorsements * (DOSSIER_KB + 8) * 2
    register_gb = month.kept * 30 / 1e6  # 30 kB a permit with its history
    return {
        "verifications": sum(million.values()) * month.verifications / MILLION,
        "fixed: keys of KMS (6 for permits, lists and prints, 1 for data)": 7 * PRICES["kms"]["key_month"],
        "fixed: web firewall, 2 lists of 5 rules": 2 * PRICES["waf"]["web_acl_month"]
        + 10 * PRICES["waf"]["rule_month"],
        "fixed: 20 alarms": 20 * PRICES["cloudwatch"]["alarm_month"],
        "the minute's job: Lambda, 1 s": minutes * MEMORY_GB * PRICES["lambda"]["gb_second_arm"],
        "the minute's job: lists fetched and changes asked for": minutes * lists * (
            PRICES["s3"]["million_gets"] + PRICES["dynamodb"]["million_reads"]) / MILLION,
        "signatures": month.permits * 3 * PRICES["kms"]["million_signatures"] / MILLION,
        "writes": writes * PRICES["dynamodb"]["million_writes"] / MILLION,
        "register kept, with point-in-time recovery": register_gb * (
            PRICES["dynamodb"]["gb_month"] + PRICES["dynamodb"]["gb_backup_month"]),
        "files kept": month.scans_kept_gb * PRICES["s3"]["gb_month"],
        "people signed in": month.people * PRICES["cognito"]["active_month"],
    }  # fmt: skip
