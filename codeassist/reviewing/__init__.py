"""A change -> the functions it touches -> inputs that tell old from new -> findings."""
