"""Where runs come from: --call, doctests, main guards, generation."""
