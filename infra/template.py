"""Print the template for `chalice package --merge-template`: the files of `stage/`, as one JSON document.

    python -m infra.template STAGE [--core] [--with OVERLAY.yaml ...] > merge.json
    python -m infra.template us-east-1 > us-east-1.json         a stack of its own, without Chalice

The source is YAML, for readers, with anchors for repeated parts. Chalice gets JSON, because CloudFormation takes no
anchors. `--core` leaves out parts that only AWS has (EDGE). A file given `--with` is merged last and wins. Merging
works as in Chalice, where mappings are joined, and everything else is replaced.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from infra.gateway_responses import gateway_responses

FOLDER = Path(__file__).parent / "stage"
US_EAST_1 = Path(__file__).parent / "us-east-1"
STAGES = ("practice", "production")
CORE = (
    "parameters",
    "keys",
    "data",
    "functions",
    "reader",
    "exchange",
    "fetcher",
    "queues",
    "people",
    "desk",
    "gateway",
)
EDGE = (
    "front",
    "front_rules",
    "pages",
    "exchange_host",
    "mail",
    "network",
    "trail",
    "lines",
    "watch",
    "watch_functions",
    "board",
)  # CloudFront and firewall, mail domain, a network without internet access, alarms

DEPLOYED = frozenset({"AWS::ApiGateway::Resource", "AWS::ApiGateway::Method"})

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """YAML loader with CloudFormation's short forms: `!GetAtt A.B` is `{"Fn::GetAtt": ["A", "B"]}`."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


def read(path: Path) -> Template:
    """Load one template, in long form."""
    loaded: Template = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a safe loader
    return copy.deepcopy(loaded)


def merge(over: Any, under: Any) -> Any:
    """Merge as Chalice does (TemplateDeepMerger), where mappings are joined, and everything else is replaced."""
    if not (isinstance(over, dict) and isinstance(under, dict)):
        return over
    return {**under, **{name: merge(value, under.get(name)) for name, value in over.items()}}


def build(stage: str, *, parts: Iterable[str] = (*CORE, *EDGE), overlays: Iterable[Path] = ()) -> Template:
    """Build the template around the functions of one stage. Raises KeyError for an unknown stage."""
    if stage not in STAGES:
        raise KeyError(stage)
    template: Template = {}
    for part in parts:
        template = merge(read(FOLDER / f"{part}.yaml"), template)
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    body["x-amazon-apigateway-gateway-responses"] = gateway_responses()
    template["Parameters"]["Stage"] |= {"AllowedValues": [stage], "Default": stage}
    template["Parameters"]["RestoredTable"] |= {"AllowedPattern": f"|tamga-{stage}-[a-zA-Z0-9_.-]+"}
    for overlay in overlays:
        template = merge(read(overlay), template)
    _deploy_anew(template["Resources"])
    return template


def _deploy_anew(resources: Template) -> None:
    """Name the exchange's deployment after a digest of its resources, so that a change deploys again.

    API Gateway serves the copy that a deployment took. CloudFormation makes another deployment only under another name.
    """
    if "ExchangeDeployment" not in resources:
        return
    deployed = {
        name: one for name, one in resources.items() if name.startswith("Exchange") and one.get("Type") in DEPLOYED
    }
    digest = sha256(json.dumps(deployed, sort_keys=True).encode()).hexdigest()[:10]
    name = f"ExchangeDeployment{digest}"
    resources[name] = resources.pop("ExchangeDeployment")
    resources["ExchangeStage"]["Properties"]["DeploymentId"] = {"Ref": name}


def us_east_1() -> Template:
    """The stack in us-east-1, the same for both stages."""
    made: Template = merge(read(US_EAST_1 / "walls.yaml"), read(US_EAST_1 / "hosts.yaml"))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Print the template that chalice package merges into a stage's template."
    )
    parser.add_argument("stage", choices=(*STAGES, "us-east-1"), help="stage, or the stack of its own in us-east-1")
    parser.add_argument("--core", action="store_true", help="leave out the parts that only AWS has")
    overlay = "YAML file that is merged last and wins; repeat it for more"
    parser.add_argument("--with", dest="overlays", action="append", type=Path, default=[], metavar="FILE", help=overlay)
    asked = parser.parse_args()
    if asked.stage == "us-east-1":
        made = us_east_1()
    else:
        made = build(asked.stage, parts=CORE if asked.core else (*CORE, *EDGE), overlays=asked.overlays)
    json.dump(made, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
