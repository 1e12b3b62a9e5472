"""Steps to each screen of the ministry's desk and of the exporter's page, for screens.py."""

from __future__ import annotations

from browsing import endorse
from desk import found, issued, ok, submitted
from http_client import call, get
from party_certificates import emirates
from party_services import Answering
from playwright.sync_api import Page
from studio import Shown, Studio

from chalicelib.exchange.epix.soap import CONFIRM, NON_FINAL, OPERATIONS, Position, Question, write_question

WAITING, ISSUED = "waiting for findings", "sakers to the Emirates"
SHOWN = "4be1" * 16  # a fixed thumbprint, so that each picture is the same


def desk(who: str, place: str = "", *, show: str = "") -> Shown:
    """Open the desk. `place`: the part after #/; a story in braces becomes its permit's id."""

    def shown(at: Studio) -> Page:
        page = at.open(f"/desk/#/{place.format_map(at.made)}", who=who, wide=True)
        page.locator(".tabs").first.wait_for()
        page.wait_for_load_state("networkidle")
        if show:
            page.locator(show).first.evaluate("(it) => scrollTo(0, it.getBoundingClientRect().top + scrollY - 16)")
        return page

    return shown


def first(who: str, path: str, place: str, *, end: str = "", show: str = "") -> Shown:
    """Open the first item of a list of the service. `end`: the end of the item's address."""

    def shown(at: Studio) -> Page:
        items = get(path, token=who).json["items"]
        return desk(who, f"{place}/{items[0]['id']}{end}", show=show)(at)

    return shown


def quota(at: Studio) -> Page:
    """Open the quota with the largest granted quantity."""
    items = get("/v1/quotas", token="ainura").json["items"]
    most = max(items, key=lambda each: float(each["granted"]))
    return desk("ainura", f"quotas/{most['id']}", show="[aria-labelledby=past]")(at)


def step(who: str, story: str, button: str) -> Shown:
    def shown(at: Studio) -> Page:
        page = desk(who, f"permit/{at.made[story]}")(at)
        page.locator("section[aria-labelledby=decide]").get_by_role("button", name=button).first.click()
        return page

    return shown


def approving(at: Studio) -> Page:
    made = submitted("applicant")
    found(made)
    page = desk("bakyt", f"permit/{made['id']}")(at)
    page.locator("#decide ~ .steps button.main").first.click()
    page.locator("iframe").wait_for()
    page.wait_for_timeout(12_000)  # the browser's own viewer draws the form
    return page


def devices(at: Studio) -> Page:
    page = desk("gulnara", "devices")(at)
    page.locator("#post").select_option("manas-airport")
    page.locator("main li").first.wait_for()
    return page


def listed(thumbprint: str) -> None:
    """Put the Emirates on the access list."""
    body = {"certificates": [thumbprint], "may": list(OPERATIONS), "active": True, "note": "letter 14-2/77"}
    ok(call("PUT", "/v1/exchange/parties/AE", body, token="gulnara"))


def heard(at: Studio) -> Page:
    """Query Switzerland for a permit, and show its answer."""
    at.site.office.parties = Answering()
    page = desk("ainura", "exchange")(at)
    page.locator("#ask-number").fill("XA000000")
    page.locator("form button[type=submit]").first.click()
    page.locator("#heard").wait_for()
    page.evaluate("scrollTo(0, 0)")
    return page


def parties(at: Studio) -> Page:
    listed(SHOWN)
    return desk("gulnara", "exchange")(at)


def party(at: Studio) -> Page:
    exchanged(at).context.close()
    listed(SHOWN)
    return desk("ainura", "exchange/AE")(at)


def exchanged(at: Studio) -> Page:
    """Show a permit that the Emirates queried and then reported as arrived."""
    listed(emirates().thumbprint)
    made = issued("applicant")
    endorse(made, at.site.office)
    for operation, found_ in ((NON_FINAL, ()), (CONFIRM, (Position("A", "1"),))):
        asked = write_question(Question(operation, number=made["number"], country="KG", positions=found_))
        call("POST", "/v1/epix", data=asked, content_type="text/xml", certificate=emirates().certificate)
    return desk("ainura", f"permit/{made['id']}", show="[aria-labelledby=exchanged]")(at)


def exporter(place: str = "", *, language: str = "en", signed_in: bool = True) -> Shown:
    def shown(at: Studio) -> Page:
        page = at.open(f"/exporter/{place.format_map(at.made)}", who="sunkar" if signed_in else "", language=language)
        page.wait_for_load_state("networkidle")
        return page

    return shown


def forgotten(at: Studio) -> Page:
    page = exporter("#apply")(at)
    page.locator("form button[type=submit]").first.click()
    page.locator("#wrong").wait_for()
    return page


SCREENS: dict[str, dict[str, tuple[str, Shown]]] = {
    "The ministry's desk, `/desk/`": {
        "desk-queue": ("What waits", desk("ainura")),
        "desk-search": ("Found by a word", desk("ainura", "search/saker")),
        "desk-prepare": ("A new application", desk("ainura", "prepare/new")),
        "desk-permit": ("An application", desk("ainura", f"permit/{{{WAITING}}}")),
        "desk-finding": ("A finding", step("turgunbek", WAITING, "Record a finding")),
        "desk-approve": ("What is approved", approving),
        "desk-issue": ("Issuing", step("ainura", "approved, to be issued", "Issue")),
        "desk-issued": ("A permit", desk("ainura", f"permit/{{{ISSUED}}}")),
        "desk-replace": ("Replacing", step("ainura", ISSUED, "Replace")),
        "desk-suspend": ("Suspending", step("bakyt", ISSUED, "Suspend")),
        "desk-stopped": ("Stopped by a suspension of trade", desk("ainura", "permit/{saiga horn, stopped}")),
        "desk-exchange": ("What another Party asked and found", exchanged),
        "desk-heard": ("Another Party's permit, asked for", heard),
        "desk-parties": ("Who may ask us", parties),
        "desk-party": ("What a Party asked", party),
        "desk-quotas": ("Quotas", desk("ainura", "quotas")),
        "desk-quota": ("What was taken of one", quota),
        "desk-stamps": ("Security stamps", desk("ainura", "stamps")),
        "desk-stamp-run": ("Who has which stamp", first("ainura", "/v1/stamps", "stamps")),
        "desk-deputies": ("Who stands in for whom", desk("bakyt", "deputies")),
        "desk-experts": ("Questions to experts", desk("turgunbek", "experts")),
        "desk-expert": ("A question", first("turgunbek", "/v1/expert-questions", "experts")),
        "desk-identify": ("What goods may be", desk("turgunbek", "identify/argali-horn")),
        "desk-reports": ("Reports", desk("ainura", "reports")),
        "desk-species": ("A species list that waits", desk("bakyt", "species")),
        "desk-foreign": ("Other countries' permits", desk("ainura", "foreign")),
        "desk-foreign-one": ("One of them", first("ainura", "/v1/foreign-permits", "foreign")),
        "desk-correct": ("What was typed wrongly", first("bekzat", "/v1/foreign-permits", "foreign", end="/correct")),
        "desk-cases": ("Cases", desk("jyldyz", "cases")),
        "desk-case": ("A case", first("jyldyz", "/v1/cases", "cases")),
        "desk-case-new": ("A new case", desk("jyldyz", "cases/new")),
        "desk-alerts": ("Alerts", desk("aizada", "alerts")),
        "desk-watch": ("The watch-list", desk("jyldyz", "watch")),
        "desk-patterns": ("Patterns", desk("jyldyz", "patterns")),
        "desk-pattern": ("A pattern", first("jyldyz", "/v1/patterns", "patterns")),
        "desk-operations": ("Breeding operations", desk("gulnara", "operations")),
        "desk-duty": ("The duty desk", desk("aizada", "duty")),
        "desk-devices": ("Devices", devices),
        "desk-enquiry": ("An enquiry from abroad", desk("ainura", "enquiry")),
    },
    "The exporter's page, `/exporter/`": {
        "exporter-sign-in": ("Before the sign-in", exporter(signed_in=False)),
        "exporter-list": ("Applications and permits (in Russian)", exporter(language="ru")),
        "exporter-question": ("A question", exporter("#apply")),
        "exporter-forgotten": ("Nothing was answered", forgotten),
        "exporter-species": ("The species", exporter("#{draft}/goods/0/species")),
        "exporter-goods": ("The goods", exporter("#{draft}/goods")),
        "exporter-papers": ("Supporting papers", exporter("#{draft}/papers")),
        "exporter-answers": ("All answers", exporter("#{draft}")),
        "exporter-returned": ("Sent back", exporter("#{returned for the ring list}")),
        "exporter-permit": ("A permit", exporter(f"#{{{ISSUED}}}")),
        "exporter-lost": ("Lost or stolen", exporter(f"#{{{ISSUED}}}/lost")),
        "exporter-which": ("Which permit do I need?", exporter("#which")),
        "exporter-notices": ("Where to write to", exporter("#notices")),
    },
}
