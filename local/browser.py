"""Which Chromium drives the pages of the tests, the pictures and the films; "" when this machine has none."""

import shutil

# Without windows and a process for the graphics card, the same engine takes half the processor time.
_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), "")
MISSING = "no Chromium on this machine (Debian: chromium-headless-shell)"
