"""The HTML report in a real browser: it fits every width, shows formulas as mathematics, asks nobody for anything."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from emtheory.report.pages import html
from emtheory.report.pages.document import document
from emtheory.theorems.files import select
from emtheory.theorems.verify import verify

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), "")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed; apt-get install chromium")
WIDTHS = (1280, 390)

OVERLAPS = """
(() => {  // text blocks that stand side by side or one below the other must not cover each other
  const boxes = [...document.querySelectorAll('h1,h2,h3,main p,pre,.formula,.badges,.index > li,.pair > div,dl > div')]
    .filter((e) => e.offsetParent !== null && !e.closest('details:not([open])'))
    .map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width && r.height);
  const found = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < Math.min(boxes.length, i + 30); j++) {
      const [a, p] = boxes[i], [b, q] = boxes[j];
      if (a.contains(b) || b.contains(a)) continue;
      const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (w > 1 && h > 1) found.push(`${a.textContent.slice(0, 40)} | ${b.textContent.slice(0, 40)}`);
    }
  return found;
})()
"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RAW_LATEX = r"""
(() => {
  const page = document.body.cloneNode(true);
  page.querySelectorAll('script, style, code').forEach((e) => e.remove());
  return page.textContent.match(/\\[a-zA-Z]+|\$|\^\{|_\{/g) || [];
})()
"""
FLAT_FORMULAS = """
[...document.querySelectorAll('math')].filter((m) => m.checkVisibility() && m.getBoundingClientRect().height < 4).length
"""


class Browser:
    """A headless Chromium, spoken to over a pipe."""

    def __init__(self, profile: Path):
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
        wired = f'exec 3<&{to_read} 4>&{from_write}; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", wired, "chromium", *command, f"--user-data-dir={profile}"],
            pass_fds=(to_read, from_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        self.count, self.rest, self.events, self.session = 0, b"", [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.back, 1 << 20)
            assert more, "the browser has gone"
            self.rest += more
        first, self.rest = self.rest.split(b"\0", 1)
        return json.loads(first)

    def ask(self, method: str, **parameters):
        self.count += 1
        text = {"id": self.count, "method": method, "params": parameters}
        data = json.dumps(text | ({"sessionId": self.session} if self.session else {})).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data) :]
        while (answer := self.message()).get("id") != self.count:
            self.events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, path: Path, width: int, scheme: str) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events = []
        self.ask("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def value(self, expression: str):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def key(self, name: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if name == "Enter" and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code, **text)

    def picture(self, path: Path, **clip: float) -> None:
        options = {"clip": {"scale": 1, **clip}, "captureBeyondViewport": True} if clip else {}
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", **options)["data"]))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.back)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """All bundled theorems; which checks were made matters little here, so the searches are short."""
    run = verify(["write-interference::derivation", "companion-spectrum", "02-hidden-state-of-repeat-copy"], examples=2)
    findings = run.to_json()
    known = {entry["name"] for entry in (*findings["theorems"], *findings["errata"])}
    for file in select(()).files:
        if file.name in known:
            continue
        if file.is_erratum:
            findings["errata"].append(
                {"number": file.record.number, "name": file.name, "claim": file.title, "outcome": "undecided",
                 "reason": "not checked", "digest": file.digest, "printed": None, "corrected": None}
            )  # fmt: skip
        else:
            findings["theorems"].append(
                {"name": file.name, "title": file.title, "outcome": "undecided", "reason": "not checked",
                 "scope": "nothing", "uses": list(file.record.uses), "source": file.record.source,
                 "digest": file.digest, "only": [], "not_shown_necessary": [], "findings": []}
            )  # fmt: skip
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html.render(document(findings, {file.name: file for file in select(()).files})), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_width_without_overlap_message_or_request(browser, page, width, scheme):
    browser.open(page, width, scheme)
    assert browser.value(TOO_WIDE) == 0
    assert browser.value(OVERLAPS) == []
    browser.value("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert browser.value(TOO_WIDE) == 0
    seen = [event["params"] for event in browser.events if event.get("method") in ("Log.entryAdded",
            "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]  # fmt: skip
    assert seen == []
    asked = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    assert asked == [page.as_uri()]


def test_dark_and_light_differ(browser, page):
    backgrounds = set()
    for scheme in ("light", "dark"):
        browser.open(page, 1280, scheme)
        backgrounds.add(browser.value("getComputedStyle(document.body).backgroundColor"))
    assert len(backgrounds) == 2


def test_formulas_are_shown_as_mathematics(browser, page):
    browser.open(page, 1280, "light")
    assert browser.value("document.querySelectorAll('.formula math').length") > 200
    assert browser.value(RAW_LATEX) == []
    assert browser.value(FLAT_FORMULAS) == 0
    assert browser.value("document.querySelectorAll('merror').length") == 0


def test_every_link_leads_somewhere_and_the_graph_jumps(browser, page):
    browser.open(page, 1280, "light")
    dead = "[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))" \
           ".filter((h) => !h.startsWith('#') || !document.getElementById(h.slice(1)))"  # fmt: skip
    assert browser.value(dead) == []
    browser.value("document.querySelector('.graph a').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert browser.value("location.hash").startswith("#t-")


def test_the_filter_keeps_what_fits_and_a_link_to_what_is_hidden_brings_it_back(browser, page):
    browser.open(page, 1280, "light")
    browser.value("const word = document.getElementById('find'); word.value = 'companion-spectrum';"
                  "word.dispatchEvent(new Event('input'))")  # fmt: skip
    shown = "[...document.querySelectorAll('.index > li')].filter((e) => e.checkVisibility()).length"
    assert 1 <= browser.value(shown) < 34
    browser.value("location.hash = 't-shadowing'")
    browser.ask("Runtime.evaluate", expression="new Promise((d) => setTimeout(d, 200))", awaitPromise=True)
    assert browser.value("document.getElementById('t-shadowing').checkVisibility()") is True


def test_the_keyboard_reaches_the_results_first(browser, page):
    browser.open(page, 1280, "light")
    browser.key("Tab", 9)
    assert browser.value("document.activeElement.textContent") == "Skip to the results"
    browser.key("Tab", 9)
    assert browser.value("document.activeElement.closest('nav') !== null")


def test_contrast_is_enough_in_both_schemes(browser, page):
    """WCAG AA: 4.5 to 1, of every text against the nearest background behind it."""
    contrast = """
    (() => {
      const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => (v / 255 <= 0.03928
        ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const back = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)$|transparent/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
      const poor = new Set();
      for (const e of document.querySelectorAll('p, a, li, dt, dd, code, .mark, .small, h1, h2, h3, summary, button')) {
        if (!e.checkVisibility() || e.closest('svg')) continue;
        const [a, b] = [light(getComputedStyle(e).color), light(back(e))];
        if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) poor.add(e.outerHTML.slice(0, 80));
      }
      return [...poor];
    })()"""
    for scheme in ("light", "dark"):
        browser.open(page, 1280, scheme)
        assert browser.value(contrast) == []
