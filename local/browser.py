"""The Chromium that drives the pages for tests, pictures and films, or "" if this machine has none."""

import shutil

# The headless shell comes first: without windows and a graphics process it takes half the processor time.
_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), "")
MISSING = "no Chromium on this machine (Debian: chromium-headless-shell)"
