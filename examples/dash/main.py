"""Expenses in Dash: two pages, callbacks, a chart, SQLite, and what a visitor chose in a session.

Run it with `python main.py`, with `gunicorn main:server`, or with `tabcorn serve main:server`.
"""

from pathlib import Path

from dash import Dash, dcc, html, page_container, page_registry

from expenses import Expenses

HERE = Path(__file__).parent

app = Dash(__name__, use_pages=True, title="Expenses", update_title="")
server = app.server
server.secret_key = "not a secret in an example"
server.extensions["expenses"] = Expenses(HERE / "expenses.sqlite3")

links = [dcc.Link(page["name"], href=page["relative_path"]) for page in page_registry.values()]
app.layout = html.Main([html.H1("Expenses"), html.Nav(links), page_container])

if __name__ == "__main__":
    app.run(debug=True)
