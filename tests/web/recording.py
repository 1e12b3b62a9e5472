"""Recorder of films of a page: actions with a pointer as WebM, captions as WebVTT.

A frame lasts until something moves, so a film of two minutes is made in seconds and is small.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page

WIDE, HIGH = 1280, 720
GROUND, SEAL = (20, 32, 43), (122, 31, 43)
PHONE_AT, DESK_AT = (150, 20), (100, 0)  # position of the page in the picture; captions are beside or below it
PHONE_SIZE, DESK_SIZE = (382, 680), (1080, 608)
BESIDE, BELOW = "line:22% position:46% size:52% align:start", "line:80% size:96%"
NARROW, BROAD = 26, 48  # letters of a caption line: Chromium does not break lines here, and Cyrillic is wide
LINES = 3  # of one caption: more would hide its subject and could not be read in time
# extra letters that a part of a caption may have in order to end at this mark
STOPS = {".": 24, "?": 24, "!": 24, ":": 18, ";": 18, ",": 10}
LEAST_SHOWN, LETTERS_A_SECOND = 4.0, 13  # of a caption: the reader is not a native speaker
STEP = 1 / 15  # seconds of one frame while the pointer moves
LONGEST = 2.0  # seconds of one frame, so that a player can seek


@dataclass
class Reel:
    """A film being recorded.

    `wide`: a desk's screen, otherwise a telephone's. `letters`: length of each caption in its longest language.
    `words`: English -> the button's text on this page.
    """

    page: Page
    letters: Sequence[int]
    words: Mapping[str, str]
    wide: bool = False
    _frames: list[tuple[Image.Image, float]] = field(default_factory=list)
    _cues: list[float] = field(default_factory=list)
    _now: float = 0.0
    _until: float = 0.0
    _pointer: tuple[float, float] = (200.0, 600.0)

    def word(self, english: str) -> str:
        return self.words.get(english, english)

    def button(self, english: str) -> Locator:
        return self.page.get_by_role("button", name=self.word(english)).first

    def say(self) -> None:
        """Start the next caption, over the current screen and the following ones."""
        self.rest()
        letters = self.letters[len(self._cues)]
        self._cues.append(self._now)
        self._until = self._now + max(LEAST_SHOWN, letters / LETTERS_A_SECOND)
        self.look(0.8)

    def rest(self) -> None:
        """Extend the last frame until the current caption has been read."""
        self._rest_until(self._until)

    def point(self, at: Locator) -> None:
        """Move the pointer there."""
        self._go(at)
        self.settle(0.4)

    def show(self, at: Locator) -> None:
        """Wait until the caption has been read, scroll this element to the middle and point at it."""
        self.rest()
        at.first.evaluate("(it) => it.scrollIntoView({ block: 'center' })")
        self.point(at.first)

    def look(self, seconds: float = 1.0) -> None:
        self._take(seconds)

    def click(self, at: Locator) -> None:
        """Move the pointer there, press, and show the result."""
        self._go(at)
        picture = self._picture()
        for radius in (10, 20, 30):
            self._add(_pressed(picture.copy(), self._pointer, radius), STEP)
        at.click()
        self.settle()

    def type(self, at: Locator, text: str) -> None:
        self._go(at)
        at.click()
        at.fill("")
        for start in range(0, len(text), 3):
            at.press_sequentially(text[start : start + 3])
            self._take(0.18)
        self.settle()

    def choose(self, at: Locator, value: str) -> None:
        self._go(at)
        at.select_option(value)
        self.settle()

    def settle(self, seconds: float = 0.7) -> None:
        self.page.wait_for_timeout(120)
        self._take(seconds)

    def end(self) -> None:
        """End the film after the last caption has been read."""
        self.rest()
        self._take(1.0)

    def write(self, folder: Path, name: str, language: str) -> float:
        """Write `name`.`language`.webm and return its length in seconds."""
        with av.open(str(folder / f"{name}.{language}.webm"), "w") as out:
            stream: Any = out.add_stream("libvpx-vp9", rate=30, options={"crf": "42", "b:v": "0", "cpu-used": "5"})
            stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
            at = 0.0
            for picture, seconds in self._frames:
                frame: Any = av.VideoFrame.from_image(picture)
                frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
                out.mux(stream.encode(frame))
                at += seconds
            out.mux(stream.encode())
        return at

    def cues(self) -> list[tuple[float, float]]:
        """Return begin and end of each caption, in seconds."""
        return list(zip(self._cues, [*self._cues[1:], self._now], strict=True))

    def _go(self, at: Locator) -> None:
        at.scroll_into_view_if_needed()
        box = at.bounding_box()
        assert box, at
        scale = (DESK_SIZE if self.wide else PHONE_SIZE)[0] / self.page.viewport_size["width"]  # type: ignore[index]
        left, top = DESK_AT if self.wide else PHONE_AT
        target = (left + (box["x"] + min(box["width"] / 2, 160)) * scale, top + (box["y"] + box["height"] / 2) * scale)
        picture, start = self._picture(), self._pointer
        steps = max(4, int(math.dist(start, target) / 60))
        for step in range(1, steps + 1):
            part = (1 - math.cos(math.pi * step / steps)) / 2
            self._pointer = (start[0] + (target[0] - start[0]) * part, start[1] + (target[1] - start[1]) * part)
            self._add(_pressed(picture.copy(), self._pointer, 0), STEP)

    def _rest_until(self, end: float) -> None:
        """Extend the last frame to this time."""
        while self._frames and self._now < end:
            self._add(self._frames[-1][0], min(end - self._now, LONGEST))

    def _take(self, seconds: float) -> None:
        picture = _pressed(self._picture(), self._pointer, 0)
        while seconds > 0:
            self._add(picture, min(seconds, LONGEST))
            seconds -= LONGEST

    def _add(self, picture: Image.Image, seconds: float) -> None:
        self._frames.append((picture, seconds))
        self._now += seconds

    def _picture(self) -> Image.Image:
        shown = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        whole = Image.new("RGB", (WIDE, HIGH), GROUND)
        whole.paste(
            shown.resize(DESK_SIZE if self.wide else PHONE_SIZE, Image.Resampling.LANCZOS),
            DESK_AT if self.wide else PHONE_AT,
        )
        return whole


def _pressed(picture: Image.Image, at: tuple[float, float], radius: int) -> Image.Image:
    """Draw the pointer, and a ring around it while it presses."""
    pen = ImageDraw.Draw(picture)
    x, y = at
    if radius:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=SEAL, width=4)
    pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=SEAL, outline="white", width=2)
    return picture


def vtt(cues: Sequence[tuple[float, float]], texts: Sequence[str], *, wide: bool) -> str:
    """Return the captions as WebVTT at these times, placed where they hide nothing."""
    where, letters = (BELOW, BROAD) if wide else (BESIDE, NARROW)
    shown = ["WEBVTT"]
    for (start, end), text in zip(cues, texts, strict=True):
        at, pace = start, (end - start) / len(text)
        for part in _parts(text, letters):
            until = end if text.endswith(part) else at + pace * len(part)
            shown.append(f"{_clock(at)} --> {_clock(until)} {where}\n{_filled(part, letters)}")
            at = until
    return "\n\n".join(shown) + "\n"


def _parts(text: str, letters: int) -> list[str]:
    """Split a caption into parts that fit the screen, of about equal length, after a punctuation mark if possible."""
    if _filled(text, letters).count("\n") < LINES:
        return [text]
    words = text.split()

    def worth(at: int) -> float:
        head = " ".join(words[:at])
        return abs(len(head) - len(text) / 2) - STOPS.get(head[-1], 0)

    at = min(range(1, len(words)), key=worth)
    return [part for half in (words[:at], words[at:]) for part in _parts(" ".join(half), letters)]


def _filled(text: str, letters: int) -> str:
    return textwrap.fill(text, letters, break_on_hyphens=False)


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 60000:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"
