"""`... | python -m local.show MEMBER...`: print the named members of the JSON object on standard input, one a line.

A problem is reported on standard error. Those of the named members that it has are printed as usual.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    try:
        given = json.load(sys.stdin)
    except ValueError:
        print("The input is not JSON. Is the service running? Start it with: make run", file=sys.stderr)
        return 1
    if "detail" in given and "status" in given:  # a problem (RFC 9457)
        print(f"{given['status']} {given['type'].rsplit('/', 1)[-1]}: {given['detail']}", file=sys.stderr)
    for name in sys.argv[1:]:
        if name in given:
            value = given[name]
            print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
