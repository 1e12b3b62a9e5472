"""Example data of the ministry's administration: a future deputy, devices, a proposed species list, a spoiled stamp.

Each is created once, however often this runs.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
from datetime import date, timedelta
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.client import Client
from local.desk import CUSTOMS, OTHER_CUSTOMS, default_person

ADMIN = default_person("admin")
LOST = "hall 1, phone 2"
DEVICES = (
    (CUSTOMS, "manas-airport", "hall 1, phone 1"), (CUSTOMS, "manas-airport", LOST),
    (OTHER_CUSTOMS, "torugart", "lane 3, tablet"),
)  # fmt: skip
CHAMELEON = {  # described in 2021, of a genus in Appendix II; the list of the release lacks it
    "Id": "999999", "Kingdom": "Animalia", "Phylum": "Chordata", "Class": "Reptilia", "Order": "Sauria",
    "Family": "Chamaeleonidae", "Genus": "Brookesia", "Species": "nana", "Subspecies": "",
    "Scientific Name": "Brookesia nana", "Author": "Glaw et al., 2021", "Rank": "SPECIES", "Listing": "II",
    "Party": "", "Listed under": "Brookesia spp.", "Full note": "**II** ", "# Full note": "",
}  # fmt: skip
LIST_NAME = "MADE UP FOR PRACTICE, cites_listings.csv"


def ensure(client: Client, today: date) -> None:
    _stamp(client)
    _deputy(client, today)
    _devices(client)
    _species_list(client, today)


def _stamp(client: Client) -> None:
    run, *_ = client.get(ADMIN, "/v1/stamps")["items"]
    if not run["spoiled"]:
        client.post(ADMIN, "/v1/stamps/spoiled", {"number": run["first"], "reason": "Torn when it was peeled off."})


def _deputy(client: Client, today: date) -> None:
    """Create a deputy whose term begins in three weeks, so that it changes nobody's rights today."""
    if not client.get(ADMIN, "/v1/deputies")["items"]:
        deputy, represented = (client.get(default_person(role), "/v1/me")["id"] for role in ("preparer", "approver"))
        client.post(ADMIN, "/v1/deputies", {
            "deputy": deputy, "represented": represented, "first": (today + timedelta(days=21)).isoformat(),
            "last": (today + timedelta(days=34)).isoformat(), "reason": "Annual leave (example).",
        })  # fmt: skip


def _devices(client: Client) -> None:
    """Register devices. Their private keys are thrown away, so they never send anything. One is reported lost."""
    for who, post, name in DEVICES:
        if name in {each["name"] for each in client.get(ADMIN, f"/v1/devices?post={post}")["items"]}:
            continue
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        public = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
        made = client.post(who, "/v1/devices", {"public_key": public, "post": post, "name": name})
        if name == LOST:
            client.post(who, f"/v1/devices/{made['device_id']}/revoke")


def _species_list(client: Client, today: date) -> None:
    lists = client.get(ADMIN, "/v1/species-lists")
    if lists["proposed"] or not lists["in_use"]["release"]:
        return
    text = io.StringIO(newline="")
    written = csv.DictWriter(text, list(CHAMELEON), lineterminator="\n")
    written.writeheader()
    written.writerow(CHAMELEON)
    asked = urlencode({"name": LIST_NAME, "as_of": today.isoformat()})
    client.upload(ADMIN, f"/v1/species-lists?{asked}", gzip.compress(text.getvalue().encode()), "application/gzip")
