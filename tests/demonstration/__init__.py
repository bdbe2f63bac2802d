"""The demonstration: that it is as its table has it, and that it would say so if it were not."""
