"""Laws that hold for every primitive of the table; a new primitive is held to them on arrival."""
