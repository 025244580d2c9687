"""Protects the drawing of survival in reports: bands that fill the figure, and words for who cannot see them."""

import xml.etree.ElementTree as ET

from emtheory.report.figures.graph import survival


def answer(holds, steps, period=None):
    return {
        "input": [[1.0]] * 8,
        "holds": holds,
        "steps": steps,
        "period": period,
        "margin": None,
        "seconds": 0.1,
        "reason": "",
        "certificate": "",
    }


def test_each_band_is_a_closed_path_and_the_label_counts_what_is_kept():
    drawing = ET.fromstring(survival([answer("forever", 70, 840), answer("until", 200), answer("undecided", None)]))
    assert [path.get("class") for path in drawing.iter("path")] == ["forever", "so-far", "open", "lost"]
    assert all(path.get("d").startswith("M") and path.get("d").endswith("Z") for path in drawing.iter("path"))
    assert drawing.get("aria-label").startswith("1 of 3 patterns")


def test_patterns_that_are_all_lost_at_once_are_drawn_too():
    drawing = ET.fromstring(survival([answer("until", 9)]))
    assert "nan" not in ET.tostring(drawing, "unicode")
