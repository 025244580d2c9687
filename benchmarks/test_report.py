"""What a report costs: rendering findings that are there, against verifying again.

Run with `python -m pytest benchmarks/test_report.py -s`.
"""

from __future__ import annotations

import time

from emtheory.report.pages import html
from emtheory.report.pages.document import document
from emtheory.theorems.verify import verify


def test_rendering_against_verifying(benchmark):
    start = time.perf_counter()
    verified = verify()
    again = time.perf_counter() - start
    files = {result.file.name: result.file for result in verified.results}
    page = benchmark.pedantic(lambda: html.render(document(verified.to_json(), files)), rounds=3)
    seconds = benchmark.stats.stats.min
    benchmark.extra_info.update(verify_seconds=again, ratio=seconds / again, characters=len(page))
    print(
        f"\n{len(files)} results: page {seconds:.1f} s, {seconds / again:.2f} of verifying on one core ({again:.1f} s)"
    )
    assert page.rstrip().endswith("</html>")
