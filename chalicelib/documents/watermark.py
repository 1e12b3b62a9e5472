"""How COPY, VOID, PRACTICE and PREVIEW stand across a sheet: letters drawn as strokes under the values.

They are paths, not text, so that they neither hide a value nor mix with the text that a reader cuts out of a block.
"""

from __future__ import annotations

from math import cos, radians, sin

INK = "0.98 0.83 0.79 RG"
LOUD = "0.94 0.58 0.52 RG"  # of what is no permit at all
SLANT = 52  # degrees
LARGEST = 11.5  # points a unit of a letter's cell
# Each letter on a cell 6 wide and 10 high: m move, l line, c curve.
_LETTERS = {
    "A": "0 0 m 3 10 l 6 0 l 1.1 3.6 m 4.9 3.6 l",
    "C": "6 8 m 5.4 9.4 4.3 10 3 10 c 1 10 0 8.4 0 5 c 0 1.6 1 0 3 0 c 4.3 0 5.4 .6 6 2 c",
    "D": "0 0 m 0 10 l 2.6 10 l 5 10 6 8.2 6 5 c 6 1.8 5 0 2.6 0 c 0 0 l",
    "E": "6 0 m 0 0 l 0 10 l 6 10 l 0 5.2 m 4.8 5.2 l",
    "I": "3 0 m 3 10 l 1.2 0 m 4.8 0 l 1.2 10 m 4.8 10 l",
    "O": "3 10 m 1 10 0 8.4 0 5 c 0 1.6 1 0 3 0 c 5 0 6 1.6 6 5 c 6 8.4 5 10 3 10 c",
    "P": "0 0 m 0 10 l 3.4 10 l 5.2 10 6 9 6 7.4 c 6 5.8 5.2 4.8 3.4 4.8 c 0 4.8 l",
    "R": "0 0 m 0 10 l 3.4 10 l 5.2 10 6 9 6 7.4 c 6 5.8 5.2 4.8 3.4 4.8 c 0 4.8 l 3.2 4.8 m 6 0 l",
    "T": "3 0 m 3 10 l 0 10 m 6 10 l",
    "V": "0 10 m 3 0 l 6 10 l",
    "W": "0 10 m 1.4 0 l 3 6.5 l 4.6 0 l 6 10 l",
    "Y": "0 10 m 3 5 l 6 10 l 3 5 m 3 0 l",
}
_ADVANCE = 8.2


def operators(words: list[str], width: float, height: float, ink: str = INK) -> str:
    """PDF operators for a page of this size (points): the words under one another, across its middle."""
    turn = radians(SLANT)
    out = [
        f"q {ink} 1 J 1 j {cos(turn):.4f} {sin(turn):.4f} {-sin(turn):.4f} {cos(turn):.4f} {width / 2} {height / 2} cm"
    ]
    long, high = max(len(word) for word in words) * _ADVANCE, (len(words) - 1) * 14.5 + 10  # of the turned block
    across, up = long * cos(turn) + high * sin(turn), long * sin(turn) + high * cos(turn)
    scale = min(width * 0.94 / across, height * 0.94 / up, LARGEST)
    for index, word in enumerate(words):
        long = (len(word) * _ADVANCE - 2.2) * scale
        drop = ((len(words) - 1) / 2 - index) * 14.5 - 5
        out.append(f"q {scale:.3f} 0 0 {scale:.3f} {-long / 2:.2f} {drop * scale:.2f} cm 0.95 w")
        for letter in word:
            out.append(f"{_LETTERS[letter]} S 1 0 0 1 {_ADVANCE} 0 cm")
        out.append("Q")
    out.append("Q")
    return "\n".join(out)
