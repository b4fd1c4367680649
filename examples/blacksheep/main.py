"""A cookbook in BlackSheep: the application, its services, sessions, files and OpenAPI.

Run it with `uvicorn main:app` or with `tabcorn serve main:app`. The controllers are in
`app/controllers`, their views in `app/views`.
"""

from pathlib import Path

from blacksheep import Application
from blacksheep.server.openapi.v3 import OpenAPIHandler
from openapidocs.v3 import Info

from app import controllers as controllers
from app.cookbook import Cookbook

HERE = Path(__file__).parent

app = Application()
app.use_sessions("not a secret in an example")
app.serve_files(HERE / "app" / "static", root_path="static")
app.services.add_instance(Cookbook(HERE / "recipes.sqlite3"))

docs = OpenAPIHandler(info=Info(title="Cookbook", version="1.0.0"))
docs.bind_app(app)
