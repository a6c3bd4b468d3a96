"""Who reports about which year, when, and in what sort of document; and the dated gazetteer that this rests on."""

from extract.identity.gazetteer import Region, Succession, load_regions, load_successions, resolve
from extract.identity.identify import identify

__all__ = ["Region", "Succession", "identify", "load_regions", "load_successions", "resolve"]
