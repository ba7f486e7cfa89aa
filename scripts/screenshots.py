"""
Takes the pictures of every page, wide and narrow, and of every page of both demo plans, into docs/screenshots/.

It makes a demo of its own in a temporary database and leaves yours alone. README.md shows two of the pictures;
git ignores the others, which are there to be looked at.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
# The smaller one first: it draws no windows of its own around a page.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "chromium"
WIDTHS = (1280, 360)
DOTS_PER_INCH = 80
PASSWORD = "upward-mobility-demo"  # noqa: S105  # the demo's own, shown to everybody
ANA, BEN, LENA, VERA, OLAF = (
    "ana@larkspur.example",
    "ben@larkspur.example",
    "lena@larkspur.example",
    "vera@larkspur.example",
    "olaf@fairmont.example",
)

# Where more than a click leads to a page: the steps, one after the other.
HOSPITAL, PARTNER = "/larkspur/coalition/?text=hospital", ".mp-roster th a >> nth=0"
ROSTER_FILE = "the roster"
ROSTER = "Organization;Sector;Who is there\nNorthshore Lab;research;Zoë Hale\nCarrow City Schools;anchor;\n".encode()
READ = f"{ROSTER_FILE} | main button:has-text('Read the file')"

# (name of the picture, who looks, where, what is opened first)
GROUP, MEETING = ".mp-roster th a >> nth=0", "#past-title ~ table th a >> nth=0"
PAGES = [
    ("sign-in", None, "/accounts/login/", ""),
    ("password-reset", None, "/accounts/password/reset/", ""),
    ("overview", LENA, "/larkspur/", ""),
    ("overview-table", LENA, "/larkspur/", "details summary >> text=numbers"),
    ("overview-ready", OLAF, "/fairmont/", ""),
    ("readiness", ANA, "/larkspur/readiness/", ""),
    ("readiness-unanswered", ANA, "/larkspur/readiness/?unanswered", ""),
    ("condition", ANA, "/larkspur/readiness/equity/", ""),
    ("condition-judged", ANA, "/larkspur/readiness/culture/", ""),
    ("condition-read", VERA, "/larkspur/readiness/equity/", ""),
    ("condition-frozen", OLAF, "/fairmont/readiness/leadership/", ""),
    ("checklist", ANA, "/larkspur/readiness/rounds/1/", ""),
    ("policy", ANA, "/larkspur/readiness/policy/", ""),
    ("determination-form", LENA, "/larkspur/readiness/determination/", ""),
    ("determination", OLAF, "/fairmont/readiness/determination/", ""),
    ("tasks", ANA, "/larkspur/tasks/", ""),
    ("help", ANA, "/help/", ""),
    ("what-if", ANA, "/larkspur/readiness/what-if/", ""),
    ("worksheet", ANA, "/larkspur/readiness/worksheet/", ""),
    ("comments", ANA, "/larkspur/readiness/comments/", ""),
    ("history", ANA, "/larkspur/readiness/history/", ""),
    ("review", ANA, "/larkspur/readiness/review/", ""),
    ("rounds", OLAF, "/fairmont/readiness/rounds/", ""),
    ("new-round", OLAF, "/fairmont/readiness/rounds/new/", ""),
    ("reading", BEN, "/larkspur/readings/", ""),
    ("readings-compared", ANA, "/larkspur/readings/compare/", ""),
    ("pulse", ANA, "/larkspur/pulse/", ""),
    ("pulse-results", ANA, "/larkspur/pulse/", "main .mp-news a"),
    ("preparedness", ANA, "/larkspur/preparedness/", ""),
    ("preparedness-board", ANA, "/larkspur/preparedness/?view=board", ""),
    ("preparedness-timeline", ANA, "/larkspur/preparedness/?view=timeline", ""),
    ("launch-kit", OLAF, "/fairmont/launch/", ""),
    ("launch-facts", ANA, "/larkspur/launch/facts/", ""),
    ("coalition", ANA, "/larkspur/coalition/", ""),
    ("coalition-board", ANA, "/larkspur/coalition/?view=board", ""),
    ("coalition-good-partner", ANA, "/larkspur/coalition/good-partner/", ""),
    ("coalition-files", ANA, "/larkspur/coalition/files/", ""),
    ("coalition-people", ANA, "/larkspur/coalition/people/", ""),
    ("coalition-groups", ANA, "/larkspur/coalition/groups/", ""),
    ("coalition-group", ANA, "/larkspur/coalition/groups/", GROUP),
    ("coalition-group-new", ANA, "/larkspur/coalition/groups/new/", ""),
    ("coalition-meeting", ANA, "/larkspur/coalition/groups/", MEETING),
    ("coalition-meeting-read", VERA, "/larkspur/coalition/groups/", MEETING),
    ("coalition-group-edit", ANA, "/larkspur/coalition/groups/", f"{GROUP} | main a:has-text('Change the group')"),
    (
        "coalition-meeting-edit",
        ANA,
        "/larkspur/coalition/groups/",
        f"{MEETING} | main a:has-text('Change the')",
    ),
    ("coalition-follow-up", ANA, "/larkspur/coalition/groups/", f"{MEETING} | main .mp-people__tools a"),
    ("coalition-calendar", ANA, "/larkspur/coalition/groups/", "main button:has-text('Make an address')"),
    ("coalition-duplicates", ANA, "/larkspur/coalition/duplicates/", ""),
    ("coalition-groups-none", OLAF, "/fairmont/coalition/groups/", ""),
    ("coalition-meeting-new", ANA, "/larkspur/coalition/meetings/new/", ""),
    ("coalition-partner", ANA, HOSPITAL, PARTNER),
    ("coalition-partner-read", VERA, HOSPITAL, PARTNER),
    ("coalition-edit", ANA, HOSPITAL, f"{PARTNER} | main a:has-text('Change the partner')"),
    ("coalition-request", ANA, HOSPITAL, f"{PARTNER} | main a:has-text('Change the request')"),
    ("coalition-letter", ANA, HOSPITAL, f"{PARTNER} | main a:has-text('as a letter')"),
    ("coalition-good-partner-to", ANA, HOSPITAL, f"{PARTNER} | main a:has-text('self-check')"),
    ("coalition-person", ANA, HOSPITAL, f"{PARTNER} | main .mp-people__tools a"),
    ("coalition-erase", ANA, HOSPITAL, f"{PARTNER} | main .mp-people__tools a | main .mp-actions__end"),
    ("coalition-person-new", ANA, HOSPITAL, f"{PARTNER} | main a:has-text('Add a person')"),
    ("coalition-remove", ANA, HOSPITAL, f"{PARTNER} | main a:has-text('Change the partner') | main .mp-actions__end"),
    ("coalition-columns", ANA, "/larkspur/coalition/files/", READ),
    ("coalition-preview", ANA, "/larkspur/coalition/files/", f"{READ} | main button:has-text('Show what')"),
    ("coalition-add", ANA, "/larkspur/coalition/new/", ""),
    ("plan", ANA, "/larkspur/plan/", ""),
    ("plan-section", ANA, "/larkspur/plan/letter/", ""),
    ("plan-writing", ANA, "/larkspur/plan/approach/", ""),
    ("plan-picture", ANA, "/larkspur/plan/approach/", "main summary:has-text('Pictures')"),
    ("plan-pictures", ANA, "/larkspur/plan/pictures/", ""),
    ("plan-generated", ANA, "/larkspur/plan/readiness/", ""),
    ("findings", OLAF, "/fairmont/findings/findings/", ""),
    ("findings-data", OLAF, "/fairmont/findings/data/", ""),
    ("findings-engagement", OLAF, "/fairmont/findings/engagement/", ""),
    ("findings-new", OLAF, "/fairmont/findings/findings/new/", ""),
    ("findings-none", ANA, "/larkspur/findings/findings/", ""),
    ("plan-releases", OLAF, "/fairmont/plan/releases/", ""),
    ("plan-releases-leader", "delphine@fairmont.example", "/fairmont/plan/releases/", ""),
    ("plan-public", None, "/public/fairmont/", ""),
    ("plan-public-es", None, "/public/fairmont/?lang=es", ""),
    ("plan-checks", OLAF, "/fairmont/plan/checks/", ""),
    ("strategy", OLAF, "/fairmont/strategy/", ""),
    ("strategy-none", ANA, "/larkspur/strategy/", ""),
    ("strategy-action", OLAF, "/fairmont/strategy/", "main tbody a >> nth=0"),
    ("strategy-action-read", "hana@fairmont.example", "/fairmont/strategy/", "main tbody a >> nth=0"),
    ("strategy-action-edit", OLAF, "/fairmont/strategy/", "main tbody a >> nth=0 | main a:has-text('Change what')"),
    ("strategy-diagram", OLAF, "/fairmont/strategy/diagram/", ""),
    ("measures", OLAF, "/fairmont/strategy/measures/", ""),
    ("measure", OLAF, "/fairmont/strategy/measures/?state=on_track", "main tbody a >> nth=1"),
    ("measure-edit", OLAF, "/fairmont/strategy/measures/", "main tbody a >> nth=1 | main a:has-text('Change the')"),
    ("sustain", OLAF, "/fairmont/sustain/", ""),
    ("sustain-wins", OLAF, "/fairmont/sustain/wins/", ""),
    ("sustain-win", OLAF, "/fairmont/sustain/wins/new/", ""),
    ("sustain-report", OLAF, "/fairmont/sustain/", "main a:has-text('Jan 1')"),
    ("sustain-handover", OLAF, "/fairmont/sustain/handover/", ""),
    ("plan-approved", OLAF, "/fairmont/plan/letter/", ""),
    ("plan-review", LENA, "/larkspur/plan/approach/", "summary:has-text('Return it')"),
    ("plan-returned", ANA, "/larkspur/plan/engagement/", ""),
    ("plan-revisions", ANA, "/larkspur/plan/findings/revisions/", ""),
    ("plan-compare", ANA, "/larkspur/plan/findings/revisions/compare/", ""),
    ("plan-compare-read", VERA, "/larkspur/plan/findings/revisions/compare/?older=2&newer=4", ""),
    ("settings", ANA, "/larkspur/settings/", ""),
    ("settings-read", VERA, "/larkspur/settings/", ""),
    ("settings-details", ANA, "/larkspur/settings/municipality/", ""),
    ("settings-invite", ANA, "/larkspur/settings/invitations/", ""),
    ("settings-member", ANA, "/larkspur/settings/", "main table a:has-text('Change') >> nth=1"),
    ("settings-remove", ANA, "/larkspur/settings/", "main table a:has-text('Remove') >> nth=0"),
    ("policy-read", VERA, "/larkspur/readiness/policy/", ""),
    ("no-access", VERA, "/larkspur/coalition/new/", ""),
    ("invitation-gone", None, "/invitations/nothing/", ""),
    ("password-reset-done", None, "/accounts/password/reset/done/", ""),
    ("sign-up-closed", None, "/accounts/signup/", ""),
    ("password-change", ANA, "/accounts/password/change/", ""),
    ("sign-out", ANA, "/accounts/logout/", ""),
]


@contextmanager
def demo() -> Iterator[str]:
    """The demo on a free port of this machine; yields its address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        environment = {
            **os.environ,
            "DEBUG": "true",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "DATA_DIR": f"{folder}/data",
            "PORT": port,
        }
        subprocess.run([sys.executable, "-m", "scripts.prepare"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "gunicorn", "--config", "scripts/serve.py"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            yield _once_it_answers(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait()


def _once_it_answers(address: str) -> str:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/livez").close()  # noqa: S310  # this machine's own
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return address
    raise SystemExit("screenshots: the demo did not start within 20 seconds")


def sign_in(browser: Browser, address: str, who: str | None, width: int) -> BrowserContext:
    """A browser of that width in which `who` has signed in (None: nobody)."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    if who:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.close()
    return context


def picture(page: Page, name: str, path: str, opened: str) -> None:
    """The whole page, once everything has arrived."""
    page.goto(path, wait_until="networkidle")
    for step in filter(None, opened.split(" | ")):
        if step == ROSTER_FILE:
            page.set_input_files(
                "main input[type=file]", {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER}
            )
        else:
            page.click(step)
        page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]


def paper(context: BrowserContext, town: str) -> None:
    """Every page of the town's plan."""
    content = context.request.get(f"/{town}/plan/export.pdf").body()
    document = pypdfium2.PdfDocument(content)
    for number, sheet in enumerate(document, 1):
        sheet.render(scale=DOTS_PER_INCH / 72).to_pil().save(TARGET / f"pdf-{town}-{number:02}.png")
    document.close()


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width in WIDTHS:
            for who in dict.fromkeys(who for _, who, _, _ in PAGES):
                context = sign_in(browser, address, who, width)
                page = context.new_page()
                for name, looker, path, opened in PAGES:
                    if looker == who:
                        picture(page, name, path, opened)
                if width == WIDTHS[0] and who in (ANA, OLAF):
                    paper(context, "larkspur" if who == ANA else "fairmont")
                context.close()
        browser.close()
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
