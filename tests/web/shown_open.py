"""Steps to each screen without a sign-in, for screens.py: public check, /which/ and /training/."""

from __future__ import annotations

from browsing import outcome
from playwright.sync_api import Page
from studio import Shown, Studio, page


def checked(story: str, *, wide: bool = False) -> Shown:
    def shown(at: Studio) -> Page:
        page = at.open(at.site.link(at.permit(story)["qr"]), wide=wide)
        outcome(page)
        return page

    return shown


def which_answer(at: Studio) -> Page:
    shown = at.open("/which/")
    shown.locator("#which-species").fill("ibex")
    shown.locator("tamga-which .answer", has_text="Capra sibirica").first.click()
    for words in (
        "They leave the country",
        "Trophy",
        "None of these",
        "Taken from the wild",
        "Hunting trophy",
        "Continue",
    ):
        shown.locator("tamga-which").get_by_role("button", name=words).first.click()
    shown.locator("#which-said").select_option("DE")
    shown.locator("tamga-which").get_by_role("button", name="Continue").click()
    shown.locator("#found").wait_for()
    return shown


def training(screen: str, *ready: str) -> Shown:
    def shown(at: Studio) -> Page:
        page = at.open(f"/training/#{screen}", wide=True)
        for selector in ready:
            page.locator(selector).first.wait_for()
        return page

    return shown


def answers(at: Studio) -> Page:
    shown = at.open("/training/#answers")
    shown.locator("#name").fill("Айзада Ө.")
    for number, words in ((1, "Let it go"), (2, "Let it go"), (3, "Do not let it go")):
        shown.get_by_role("group", name=f"Sheet {number}", exact=True).get_by_role("button", name=words).first.click()
    return shown


SCREENS: dict[str, dict[str, tuple[str, Shown]]] = {
    "The public check, `/1`": {
        "check-start": ("Where a code leads", page("/1")),
        "check-accept": ("In order", checked("sakers to the Emirates")),
        "check-used": ("Used already", checked("argali trophy to Spain")),
        "check-not-valid": ("Replaced", checked("replaced, importer's name corrected")),
        "check-hold": ("Suspended", checked("suspended while the rings are checked")),
        "check-cannot-tell": ("Three pages, one of them scanned", checked("nine birds on three pages")),
        "check-wide": ("On a desk", checked("sakers to the Emirates", wide=True)),
    },
    "Which permit, `/which/`": {
        "which-start": ("The first question", page("/which/")),
        "which-answer": ("The answer", which_answer),
    },
    "Training, `/training/`": {
        "training": ("Films and workshop (in Kyrgyz)", page("/training/", language="ky", wide=True)),
        "training-film": ("A film", training("hold", "video")),
        "training-answers": ("A trainee's answers", answers),
        "training-trainer": ("The trainer's page", training("trainer", "#text")),
    },
}
