"""`python -m tabcorn` is the `tabcorn` command."""

from tabcorn.cli import main

if __name__ == "__main__":
    main()
