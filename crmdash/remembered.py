"""What was worked out from something that does not change, kept beside it: few of each kind, the oldest goes first."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Lock
from typing import Any, Final, TypeVar

FEW: Final = 4
"""How many of a kind are kept unless told: now, the baseline, and a step or two back."""

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Remembered:
    """Results by kind and key; sessions that share data share them, so nobody may change one."""

    def __init__(self) -> None:
        self._kinds: dict[str, OrderedDict[Hashable, Any]] = {}
        self._lock = Lock()

    def __reduce__(self) -> tuple[type["Remembered"], tuple[()]]:
        """Stay behind where the data goes to another process: there it is worked out anew."""
        return Remembered, ()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kinds.clear()

    def get(self, kind: str, key: Hashable, make: Callable[[], Made], few: int = FEW) -> Made:
        """Return what `make` gave for `key`, or gives now; of a kind, the `few` that were asked for last are kept."""
        with self._lock:
            kept = self._kinds.setdefault(kind, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        made = make()
        with self._lock:
            kept[key] = made
            while len(kept) > few:
                kept.popitem(last=False)
        return made

    def get_each(
        self, kind: str, keys: Collection[Key], make: Callable[[list[Key]], Mapping[Key, Made]], few: int
    ) -> dict[Key, Made]:
        """Return what belongs to each key, all that is not kept made in one go; of a kind, `few` are kept or these."""
        with self._lock:
            kept = self._kinds.setdefault(kind, OrderedDict())
            found = {key: kept[key] for key in keys if key in kept}
        wanting = [key for key in keys if key not in found]
        found |= make(wanting) if wanting else {}
        with self._lock:
            for key in keys:
                kept[key] = found[key]
                kept.move_to_end(key)
            while len(kept) > max(few, len(keys)):
                kept.popitem(last=False)
        return found

    def all_of(self, kind: str) -> list[Any]:
        """Return everything that is kept of a kind, what was asked for last first."""
        with self._lock:
            return list(reversed(self._kinds.get(kind, {}).values()))
