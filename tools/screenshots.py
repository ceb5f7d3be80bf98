"""Take the pictures of the documents from a running demo city: demo data only.

jingyi run --data DIR        in one terminal
python tools/screenshots.py http://127.0.0.1:8000
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PASSWORD = "zhiyang-demo-2026"  # noqa: S105 -- as `jingyi run` prints it
DESK, PHONE = (1280, 860), (390, 844)


def main() -> None:
    """Walk through the rooms and write docs/images/*.png."""
    base = sys.argv[1].rstrip("/")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        phone(opened(browser, base, PHONE))
        staff(opened(browser, base, DESK))
        organ(opened(browser, base, DESK))
        laboratory(opened(browser, base, DESK))
        studio(opened(browser, base, DESK))
        deputy(opened(browser, base, PHONE))
        chief(opened(browser, base, DESK))
        column(opened(browser, base, PHONE))
        walker(opened(browser, base, PHONE))
        browser.close()


def opened(browser: Browser, base: str, size: tuple[int, int]) -> Page:
    """Return a page in Chinese, by daylight."""
    context = browser.new_context(
        base_url=base,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="light",
        viewport={"width": size[0], "height": size[1]},
    )
    return context.new_page()


def phone(page: Page) -> None:
    """The public's way in, on a phone."""
    page.goto("/")
    keep(page, "phone-home")
    page.goto("/report/what/")
    page.locator("textarea").fill("东津河三号桥下游有暗管，夜里排黑水，气味刺鼻。")
    keep(page, "phone-what")
    page.get_by_role("button", name="下一步").click()
    page.wait_for_timeout(1200)
    keep(page, "phone-where")


def sign_in(page: Page, name: str) -> None:
    """Sign somebody of the demo city in."""
    page.goto("/me/sign-in/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/today/")


def organ(page: Page) -> None:
    """The workstation, as the leader of an organ sees it."""
    sign_in(page, "luo")
    page.goto("/station/")
    page.locator(".queue-title").first.click()
    page.wait_for_load_state()
    page.locator("main details summary").first.click()
    page.wait_for_timeout(400)
    keep(page, "station", whole=True)


def laboratory(page: Page) -> None:
    """A worksheet that a blank holds, as the technician sees it."""
    sign_in(page, "ji")
    page.goto("/lab/sheets/W2026-0012/")
    keep(page, "lab", whole=True)


def studio(page: Page) -> None:
    """A hit of a supervision model with the rows it cites."""
    sign_in(page, "lin")
    page.goto("/screening/models/pension-of-the-dead/")
    page.get_by_role("link", name="2026-11-20").first.click()
    page.locator(".hits .queue-title").first.click()
    page.wait_for_load_state()
    keep(page, "screening", whole=True)


def deputy(page: Page) -> None:
    """A deputy's proposals, on a phone."""
    sign_in(page, "fang")
    page.goto("/proposals/mine/")
    keep(page, "phone-proposals")


def chief(page: Page) -> None:
    """The overview, the brand matrix, a selection's result, a patrol, as the chief sees them."""
    sign_in(page, "zhou")
    page.goto("/today/wall/")
    keep(page, "wall")
    page.goto("/brands/matrix/")
    keep(page, "matrix", whole=True)
    page.goto("/selection/1/notice/")
    keep(page, "selection")
    page.goto("/patrols/")
    page.get_by_role("link", name="十一月上旬文物和水源地巡查").click()
    page.wait_for_load_state("networkidle")
    keep(page, "patrol")


def column(page: Page) -> None:
    """An issue of the column, as anybody sees it on a phone."""
    page.goto("/selection/column/1/")
    page.wait_for_load_state("networkidle")
    keep(page, "phone-column")


def walker(page: Page) -> None:
    """A volunteer's patrol on a phone."""
    sign_in(page, "lu")
    page.goto("/patrols/app/")
    page.locator(".patrol-stop").first.click()
    page.wait_for_timeout(600)
    keep(page, "phone-patrol")


def staff(page: Page) -> None:
    """The rooms of the staff, as a prosecutor sees them."""
    sign_in(page, "lin")
    page.wait_for_timeout(500)
    keep(page, "today")
    page.goto("/leads/")
    page.wait_for_timeout(900)
    keep(page, "desk")
    page.locator(".queue-title").first.click()
    page.wait_for_timeout(1500)
    keep(page, "incident")
    page.goto("/cases/?due=week")
    page.wait_for_timeout(400)
    keep(page, "cases")
    page.goto("/cases/2026-0221/")
    page.locator("main details summary").first.click()
    page.wait_for_timeout(400)
    keep(page, "clock", whole=True)
    page.goto("/cases/figures/")
    keep(page, "figures")
    page.goto("/cases/?q=古城墙")
    page.get_by_role("link", name="督促保护沚阳古城墙").first.click()
    page.goto(f"{page.url.partition('?')[0]}documents/1/")
    page.locator(".sentence", has_text="局部坍塌危险").first.hover()
    keep(page, "document")
    page.goto(page.url.partition("documents/")[0] + "reading/")
    page.wait_for_timeout(600)
    keep(page, "reading")
    page.goto("/shared/")
    page.locator("main details summary").first.click()
    keep(page, "duties")
    page.goto("/cases/2026-0184/")
    page.get_by_role("link", name="逐项的回复、核实和矛盾").click()
    page.wait_for_load_state()
    keep(page, "verification", whole=True)
    page.goto("/proposals/?likely=on")
    keep(page, "proposals")
    page.goto("/map/")
    page.wait_for_timeout(2500)
    keep(page, "map")
    page.goto("/imports/")
    keep(page, "imports")
    page.goto("/ledger/")
    keep(page, "ledger")


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """Write one picture, with few colours so that it stays small."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    if whole:
        picture = picture.crop((0, 0, picture.width, min(picture.height, 1500)))
    picture.convert("RGB").quantize(256).save(IMAGES / f"{name}.png", optimize=True)
    print(name)


if __name__ == "__main__":
    main()
