"""What one application costs, beside the shortest workflow written by hand that does the same. Run it with `python -m tests.bench`."""
