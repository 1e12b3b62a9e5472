"""Call the service with a client that openapi-python-client generated. Run by the interpreter of .venv-cwt.

Input as JSON: `at` (the folder of the client), `address`, `pdf` (a path), `token`, `endorsement`. Output: the answers.
"""

import json
import sys
from io import BytesIO
from pathlib import Path

asked = json.load(sys.stdin)
sys.path.insert(0, asked["at"])

from tamga_client import AuthenticatedClient, Client  # noqa: E402
from tamga_client.api.default import post_v1_endorsements, post_v1_verify_document  # noqa: E402
from tamga_client.models.endorsement_body import EndorsementBody  # noqa: E402
from tamga_client.models.post_v1_verify_document_direction import PostV1VerifyDocumentDirection  # noqa: E402
from tamga_client.types import File  # noqa: E402

address = asked["address"]
verdict = post_v1_verify_document.sync(
    client=Client(base_url=address),
    body=File(payload=BytesIO(Path(asked["pdf"]).read_bytes())),
    direction=PostV1VerifyDocumentDirection.EXPORT,
)
receipt = post_v1_endorsements.sync(
    client=AuthenticatedClient(base_url=address, token=asked["token"]),
    body=EndorsementBody.from_dict(asked["endorsement"]),
)
print(json.dumps({"outcome": verdict.outcome.value, "number": receipt.number, "use": receipt.use.value}))
