"""Verify signed messages with python-cwt. Run by the interpreter of .venv-cwt, JSON in, JSON out.

Input: [{"message", "kid", "x", "y"}] as hex. Output: for each the payload as hex, or null if rejected.
"""

import json
import sys

from cwt import COSE, COSEKey, CWTError

answers = []
for each in json.load(sys.stdin):
    asked = {name: bytes.fromhex(text) for name, text in each.items()}
    key = COSEKey.new({1: 2, 2: asked["kid"], 3: -7, -1: 1, -2: asked["x"], -3: asked["y"]})
    try:
        answers.append(COSE.new().decode(asked["message"], key).hex())
    except (CWTError, ValueError):
        answers.append(None)
json.dump(answers, sys.stdout)
