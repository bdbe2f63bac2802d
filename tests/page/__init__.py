"""What a candidate meets in the browser, against the running stack."""
