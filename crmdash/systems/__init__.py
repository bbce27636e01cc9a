"""What the domain asks of an evaluation beside the board: one module per system, each a rule with its calculation."""
