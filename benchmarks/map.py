"""10,000 features on the map in Chromium: how long the page stands still at each thing a hand does.

Ours: the map's own scripts with 4,000 zones, 1,000 places and 5,000 incidents. Beside it in the same
run: the same features as plain Leaflet draws them (SVG areas, a marker each in the same clusters),
and the limit: the same base with no feature at all. Measured is the longest time between two frames
while dragging, zooming, switching a layer, moving the day and opening a zone.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from math import cos, pi, sin
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).parents[1] / "src/jingyi/web"
ZONES, PLACES, INCIDENTS = (int(n) for n in (sys.argv[1:] or (4_000, 1_000, 5_000)))
KINDS = ("heritage-core", "heritage-control", "water-1", "water-2", "farmland")
STATIC = {"/static/places/": ROOT / "places/static/places", "/static/ui/": ROOT / "ui/static/ui"}
TYPES = {".js": "text/javascript", ".css": "text/css"}
PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/static/ui/css/tokens.css">
<link rel="stylesheet" href="/static/ui/vendor/leaflet/leaflet.css">
<link rel="stylesheet" href="/static/ui/vendor/markercluster/MarkerCluster.css">
<link rel="stylesheet" href="/static/places/map.css">
<script src="/static/ui/vendor/leaflet/leaflet.js"></script>
<script src="/static/ui/vendor/markercluster/leaflet.markercluster.js"></script>
<script type="application/json" id="map-looks">{"eco-env":{"glyph":"生","hue":5,"title":"生态环境"}}</script>
<div class="map" id="map" data-map data-large data-layers="/layers.json" %s data-closed-states=""
 data-count-words="{n}" data-reports-words="{n}"></div>
<form><input type="date" id="id_on" name="on"></form><output data-map-day></output>
<input type="range" data-map-days="#id_on" data-zones="/zones.json" data-first="2020-01-01" min="0" max="2000" value="2000">
<label><input type="checkbox" data-map-shows="leads" checked></label>
<label><input type="checkbox" data-map-shows="zone-water-1" checked></label>
<style>#map{height:700px;width:1200px}</style>
"""
WATCH = """() => { window.gaps = []; let last = performance.now();
  const frame = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame); }"""
PLAIN = """async () => {
  const map = L.map("map", {zoomSnap: 0.25, zoomDelta: 0.5, fadeAnimation: false}).setView([33.6, 122.9], 11).setMaxZoom(18);
  const get = async (url) => (await fetch(url)).json();
  for (const url of ["/zones.json", "/places.json"]) {
    const layer = L.geoJSON(await get(url), {style: {weight: 1}}).bindPopup("x").addTo(map);
    if (url === "/zones.json") document.querySelectorAll("[data-map-shows]")[1].addEventListener("change",
      ({target}) => target.checked ? layer.addTo(map) : layer.remove());
  }
  const piles = L.markerClusterGroup({maxClusterRadius: 54, chunkedLoading: true});
  piles.addLayers((await get("/leads.json")).features.map(({geometry: {coordinates: [lon, lat]}}) => L.marker([lat, lon])));
  map.addLayer(piles);
}"""


def main() -> None:
    """Print, for each of the three, the longest still of each interaction in milliseconds."""
    files = dict(made_up())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        ours = " ".join(f'data-{what}="/{what}.json"' for what in ("zones", "places", "leads"))
        found = {
            "ours": measured(browser, files, PAGE % ours, own=True),
            "plain Leaflet": measured(browser, files, PAGE % "", own=False),
            "no feature": measured(browser, files, PAGE % "", own=True),
        }
        browser.close()
    names = list(next(iter(found.values())))
    print(f"{ZONES + PLACES + INCIDENTS:,} features; longest still, ms")
    print(f"{'':14}" + "".join(f"{name:>10}" for name in names))
    for who, times in found.items():
        print(f"{who:14}" + "".join(f"{times[name]:10.0f}" for name in names))


def measured(browser: Browser, files: dict[str, str], html: str, *, own: bool) -> dict[str, float]:
    """Return the longest time between two frames during each interaction, the median of three."""
    page = browser.new_page(viewport={"width": 1240, "height": 860})
    page.route("**/*", lambda route: serve(route, files, html))
    page.goto("http://localhost/map/#11/33.6/122.9")
    if own:
        page.add_script_tag(url="/static/places/map.js", type="module")
        page.wait_for_selector("[data-drawn]", timeout=30_000)
    else:
        page.evaluate(PLAIN)
    page.wait_for_timeout(2_500)
    page.evaluate(WATCH)
    acts = {"drag": drag, "zoom in": zoom(-300), "zoom out": zoom(300), "switch": switch}
    acts |= {"day": day, "open": open_zone}
    runs = [{name: still(page, act) for name, act in acts.items()} for _ in range(3)]
    page.close()
    return {name: sorted(run[name] for run in runs)[1] for name in acts}


def still(page: Page, act: Any) -> float:
    """Do it, wait until all that follows is drawn, and return the longest gap between frames."""
    page.evaluate("window.gaps.length = 0")
    act(page)
    page.wait_for_timeout(900)
    return float(page.evaluate("Math.max(...window.gaps)"))


def drag(page: Page) -> None:
    page.mouse.move(700, 400)
    page.mouse.down()
    page.mouse.move(420, 260, steps=12)
    page.mouse.up()


def zoom(wheel: int) -> Any:
    def turn(page: Page) -> None:
        page.mouse.move(600, 350)
        page.mouse.wheel(0, wheel)

    return turn


def switch(page: Page) -> None:
    for box in page.locator("[data-map-shows]").all():
        box.evaluate("one => one.click()")
        page.wait_for_timeout(150)
        box.evaluate("one => one.click()")


def day(page: Page) -> None:
    slider = page.locator("[data-map-days]")
    for value in (1900, 1500, 1000, 1990):
        slider.evaluate(
            "(one, value) => { one.value = value; one.dispatchEvent(new Event('input')); }", value
        )
        page.wait_for_timeout(200)


def open_zone(page: Page) -> None:
    page.mouse.click(612, 333)


def serve(route: Route, files: dict[str, str], html: str) -> None:
    path = "/" + route.request.url.split("/", 3)[3].split("?")[0].split("#")[0]
    for prefix, folder in STATIC.items():
        if path.startswith(prefix):
            file = folder / path.removeprefix(prefix)
            route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "image/png"))
            return
    kind = "application/json" if path in files else "text/html"
    route.fulfill(body=files.get(path, html), content_type=kind)


def made_up() -> Iterator[tuple[str, str]]:
    """Yield the files that the map asks for: areas of some thirty points, and incidents."""
    dice = Random(8)
    yield "/layers.json", json.dumps({"layers": []})
    area = {"valid_from": "2020-01-01", "title": "x", "said": "y", "url": "/z/"}
    zones = [feature(blob(dice, 0.004), area | {"kind": dice.choice(KINDS)}) for _ in range(ZONES)]
    yield "/zones.json", collection(zones)
    places = [
        feature(blob(dice, 0.002), {"kind": "relic", "code": str(n), "title": "x", "url": "/z/"})
        for n in range(PLACES)
    ]
    yield "/places.json", collection(places)
    leads = []
    for n in range(INCIDENTS):
        spot = {"type": "Point", "coordinates": at(dice)}
        first = f"202{dice.randrange(6)}-0{dice.randrange(1, 10)}-15"
        told = {"domain": "eco-env", "title": "x", "url": f"/leads/{n}/", "first": first}
        leads.append(feature(spot, told))
    yield "/leads.json", collection(leads)


def at(dice: Random) -> list[float]:
    return [round(122.9 + dice.gauss(0, 0.2), 6), round(33.6 + dice.gauss(0, 0.15), 6)]


def blob(dice: Random, reach: float) -> dict[str, Any]:
    lon, lat = at(dice)
    ring = []
    for n in range(30):
        far = reach * dice.uniform(0.6, 1.2)
        ring.append([lon + far * cos(n * pi / 15), lat + far * sin(n * pi / 15)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(features: list[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


if __name__ == "__main__":
    main()
