# /// script
# dependencies = ["dash"]
# ///
"""Dash: a text that follows a slider, a list that depends on a choice, a callback that fails."""

from __future__ import annotations

from dash import Dash, Input, Output, State, callback, dcc, html, no_update

CITIES = {"CH": ["Basel", "Zürich"], "FR": ["Lyon", "Paris"]}

app = Dash(__name__, title="Dash in a tab", update_title="")
server = app.server

app.layout = html.Div(
    [
        html.H1("Squares"),
        dcc.Slider(0, 10, 1, value=3, id="number"),
        html.P(id="square"),
        dcc.Dropdown(list(CITIES), "CH", id="country", clearable=False),
        dcc.RadioItems(id="city"),
        dcc.Input(id="name", value=""),
        html.Button("Greet", id="greet", n_clicks=0),
        html.P(id="greeting"),
    ]
)


@callback(Output("square", "children"), Input("number", "value"))
def square(number: int) -> str:
    return f"{number} squared is {number**2}"


@callback(Output("city", "options"), Output("city", "value"), Input("country", "value"))
def cities(country: str) -> tuple[list[str], str]:
    return CITIES[country], CITIES[country][0]


@callback(
    Output("greeting", "children"),
    Input("greet", "n_clicks"),
    State("name", "value"),
    prevent_initial_call=True,
)
def greet(clicks: int, name: str) -> object:
    if name == "nobody":
        return no_update
    if name == "error":
        raise ValueError("greeted in vain")
    return f"Hello {name}, {clicks}"
