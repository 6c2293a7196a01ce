"""The look of every chart: one Vega-Lite configuration and the colours that marks name."""

from typing import Any

INK = "#17202e"
INK_2 = "#475060"
LINE = "#e2ded5"
SUNKEN = "#f2f0ea"
SURFACE = "#ffffff"
VOICE = "#2347a5"
VOICE_PALE = "#a7b5db"
HEALTH = "#5b6472"
RISK = "#b0301c"
RISK_SOFT = "#fbe9e5"
STRENGTH = "#0b6f62"
STRENGTH_SOFT = "#e0f2ee"
AMBER = "#f0b429"

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": None,
    "font": "Inter, Noto Sans, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11,
        "labelColor": INK_2,
        "titleFontSize": 11,
        "titleFontWeight": 600,
        "titleColor": INK,
        "titleAnchor": "end",
        "grid": True,
        "gridColor": LINE,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "tickCount": 4,
    },
    "axisX": {"grid": False, "domain": True, "domainColor": INK},
    "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start"},
    "point": {"size": 64, "filled": True, "opacity": 1},
    "rule": {"color": HEALTH, "strokeWidth": 1.5},
    "text": {"fontSize": 11, "color": INK},
    "range": {
        "category": [VOICE, HEALTH, RISK, STRENGTH, AMBER],
        "ordinal": [RISK, AMBER, STRENGTH],
    },
}
