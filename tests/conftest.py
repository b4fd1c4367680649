"""What every tier shares: the browser fixtures, which start nothing until a test asks."""

pytest_plugins = ["tests.browser.fixtures"]
