"""A to-do list in FastHTML: components in Python, a table by fastlite, and htmx for what changes.

Run it with `python main.py`, with `uvicorn main:app`, or with `tabcorn serve main:app`.
"""

from fasthtml.common import *


def render(todo):
    """Show one thing to do; htmx replaces it, or takes it away."""
    here = f"todo-{todo.id}"
    swap = {"target_id": here, "hx_swap": "outerHTML"}
    return Li(
        CheckboxX(todo.done, label=todo.title, hx_post=toggle.to(id=todo.id), **swap),
        Button("Remove", hx_delete=remove.to(id=todo.id), **swap),
        id=here,
        cls="done" if todo.done else None,
    )


app, rt, todos, Todo = fast_app(
    "data/todos.db",
    tbls={"todos": {"id": int, "title": str, "done": bool, "pk": "id", "render": render}},
    default_hdrs=False,
    hdrs=(Script(src="static/htmx.min.js"), Link(rel="stylesheet", href="static/style.css")),
    secret_key="not a secret in an example",
)


def entry(**kwargs):
    """Make the field that things to do are typed into."""
    return Input(id="title", placeholder="What is to be done?", **kwargs)


def added(session, **kwargs):
    """Tell how many things this visitor has added."""
    return P(f"You have added {session.get('added', 0)}.", id="added", **kwargs)


@rt
def index(session):
    form = Form(
        entry(), Button("Add"), id="add", hx_post=add, target_id="todos", hx_swap="beforeend"
    )
    return Titled("To do", form, Ul(*todos(order_by="id"), id="todos"), added(session))


@rt
def add(todo: Todo, session):
    todo.done = False
    session["added"] = session.get("added", 0) + 1
    return todos.insert(todo), entry(hx_swap_oob="true"), added(session, hx_swap_oob="true")


@rt
def toggle(id: int):
    todo = todos[id]
    todo.done = not todo.done
    return todos.update(todo)


@rt(methods=["delete"])
def remove(id: int):
    todos.delete(id)


serve()
