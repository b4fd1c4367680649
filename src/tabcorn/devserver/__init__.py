"""The servers behind `tabcorn serve` and `tabcorn preview`. Run on CPython, never in a tab."""
