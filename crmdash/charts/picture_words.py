"""What every picture says beside its figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureWords:
    """What a picture says: title, names of its axes; the colours of its text and of the ground behind it.

    Title and names stand in the picture as they are: text of the data is made literal before.
    """

    title: str
    x_axis: str
    y_axis: str
    ink: str | None = None
    ground: str | None = None
