"""The list of expenses, and the form that adds one."""

from typing import Any

from dash import Input, Output, State, callback, dcc, html, no_update, register_page
from flask import session

from expenses import KINDS, expenses

register_page(__name__, path="/", name="Ledger")


def layout() -> html.Div:
    """Make the page anew for each visit: the visitor's last kind is chosen already."""
    return html.Div(
        [
            html.Form(
                [
                    dcc.Dropdown(KINDS, session.get("kind", KINDS[0]), id="kind", clearable=False),
                    dcc.Input(id="what", placeholder="What for?"),
                    dcc.Input(id="amount", type="number", min=0, placeholder="How much?"),
                    html.Button("Add", id="add", type="button"),
                ]
            ),
            html.Div(table(), id="ledger"),
            html.P(id="problem", role="alert"),
        ]
    )


def table() -> html.Table:
    rows = [
        html.Tr([html.Td(kind), html.Td(what), html.Td(f"{amount:.2f}")])
        for kind, what, amount in expenses().all()
    ]
    return html.Table([html.Tr([html.Th("Kind"), html.Th("What"), html.Th("Amount")]), *rows])


@callback(
    Output("ledger", "children"),
    Output("problem", "children"),
    Input("add", "n_clicks"),
    State("kind", "value"),
    State("what", "value"),
    State("amount", "value"),
    prevent_initial_call=True,
)
def add(_clicks: int, kind: str, what: str | None, amount: float | None) -> tuple[Any, str]:
    if not what or amount is None:
        return no_update, "Say what for, and how much."
    expenses().add(kind, what, amount)
    session["kind"] = kind
    return table(), ""
