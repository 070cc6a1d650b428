"""How large a world is, and who is who in it: ids follow from places in the tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cascade.clock import on

TODAY = date(2026, 9, 15)
SINCE = date(2020, 1, 1)
DATED = TODAY - timedelta(days=240)  # of every letter
MOMENT = on(TODAY)
CLIENTS = 32  # pairs of people who act: each answers for its own communes


@dataclass(frozen=True)
class Size:
    """Of a province (unit 1): cities, communes in each, units in each of those.

    Whoever issues letters issues one, with the unit's own id; its tasks fall to the lowest units.
    """

    cities: int = 12
    communes: int = 150
    units: int = 5
    provinces: int = 93  # in the large world

    @property
    def issuers(self) -> int:
        """Units that issue letters: 1 to this."""
        return 1 + self.cities + self.cities * self.communes

    @property
    def bodies(self) -> int:
        """All units; every one but the first owes a step."""
        return self.issuers + self.cities * self.communes * self.units

    @property
    def steps(self) -> int:
        """Steps in a province."""
        return self.bodies - 1

    def parent(self, unit: int) -> int:
        """The unit directly above."""
        if unit <= 1 + self.cities:
            return 1
        if unit <= self.issuers:
            return 2 + (unit - 2 - self.cities) // self.communes
        return 2 + self.cities + (unit - self.issuers - 1) // self.units

    def commune_letters(self) -> range:
        """The letters (and units) of the communes."""
        return range(2 + self.cities, self.issuers + 1)

    def pair(self, commune: int) -> int:
        """Which pair of people acts for a commune."""
        return commune % CLIENTS
