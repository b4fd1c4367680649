"""The totals as a chart."""

from typing import Any

from dash import Input, Output, callback, dcc, html, register_page

from expenses import KINDS, expenses

register_page(__name__, path="/chart", name="Chart")


def layout() -> html.Div:
    return html.Div([dcc.Checklist(KINDS, list(KINDS), id="kinds"), dcc.Graph(id="totals")])


@callback(Output("totals", "figure"), Input("kinds", "value"))
def draw(kinds: list[str]) -> dict[str, Any]:
    totals = expenses().totals()
    bars = {"type": "bar", "x": kinds, "y": [totals[kind] for kind in kinds]}
    return {"data": [bars], "layout": {"title": {"text": f"Sum: {sum(bars['y']):.2f}"}}}
