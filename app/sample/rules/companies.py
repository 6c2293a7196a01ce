"""Invented companies: stems that fit a region, lines of business and the places they could be in."""

from dataclasses import dataclass

STEMS = {
    "anglo": (
        "Aldercombe Brackenfold Cravenholt Dunmarrow Elmscarrow Fallowhurst Garthmere Hexbourne Inkerstone Jarrowfield "
        "Kelderby Larchmoor Mistlebeck Netherwold Oxcombe Penharrow Quenby Ravelstoke Saltmarden Tarrowby Underfell "
        "Vexholme Wychmarsh Yarrowdene Ashgrieve Birchingale Coldmere Drumlanagh Eskerroe Foxmarden Glenbarrack "
        "Harrowgill Kilbrannoch Lissadoon Moorcastle Nettlebay Orrisdale Pinefallow Redspruce Timberlaine"
    ),
    "germanic": (
        "Ahrendorn Bruchwerder Dornhagen Eschenwerd Falkenried Grauwinkel Hohlenstedt Immenlohe Jachenbrunn Kesselmark "
        "Lindwerder Moosgrund Niederquell Ostenkamp Pfeilstadt Quellhorst Rabenfurt Sturmhain Talbrück Uhlenfeld "
        "Vosslohe Wiesenthor Zandmeer Brinkerhoek Duinwater Havelwijk Kwelderdam Molenrijn"
    ),
    "nordic": (
        "Askvarden Bjørnmark Dalvarde Eldstrand Fjellvarg Granvarde Hvalstrøm Isfjärd Järnvika Kaldmoen Lyngdraget "
        "Myrvatten Nordlunge Oskvarn Rimfjell Skogsvarde Torvanger Ulvmarken Vinterlia Yläkoski"
    ),
    "romance": (
        "Altabruna Bellavena Castelombra Dorsolana Estremar Fontalba Granvalle Isolmare Lagovento Montefiero Navarrosa "
        "Olmedal Pietrasola Quintavela Riverosa Solanera Torrelunga Valombra Beaurivel Clairvaudan Rochevallon "
        "Merlancourt"
    ),
    "slavic": ("Brzezomir Czarnodal Dubowiec Jasnograd Kamienowo Lipovany Modrovice Novohradna Stribrov Zielomir"),
}

INDUSTRIES = {
    "Manufacturing": ("Components", "Tooling", "Works"),
    "Logistics": ("Logistics", "Freight", "Shipping"),
    "Healthcare": ("Clinics", "Health", "Care Homes"),
    "Insurance": ("Mutual", "Insurance", "Assurance"),
    "Energy": ("Energy", "Power", "Heat"),
    "Retail": ("Stores", "Outfitters", "Retail"),
    "Food and drink": ("Foods", "Dairies", "Mills"),
    "Construction": ("Construction", "Timber", "Facades"),
    "Education": ("Academy", "College", "Learning"),
    "Hospitality": ("Hotels", "Resorts", "Catering"),
    "Public services": ("Water", "Transit", "Housing"),
    "Financial services": ("Savings", "Leasing", "Payments"),
    "Pharmaceuticals": ("Laboratories", "Pharma", "Diagnostics"),
    "Media": ("Press", "Broadcasting", "Studios"),
    "Agriculture": ("Farms", "Seeds", "Growers"),
}


@dataclass(frozen=True)
class Place:
    """A town and what follows from it."""

    country: str
    city: str
    region: str
    timezone: str


PLACES = {
    "anglo": (
        Place("United Kingdom", "Leeds", "UK and Ireland", "Europe/London"),
        Place("United Kingdom", "Bristol", "UK and Ireland", "Europe/London"),
        Place("United Kingdom", "Glasgow", "UK and Ireland", "Europe/London"),
        Place("Ireland", "Cork", "UK and Ireland", "Europe/Dublin"),
        Place("United States", "Columbus", "North America", "America/New_York"),
        Place("United States", "Portland", "North America", "America/Los_Angeles"),
        Place("United States", "Minneapolis", "North America", "America/Chicago"),
        Place("Canada", "Halifax", "North America", "America/Halifax"),
        Place("Canada", "Ottawa", "North America", "America/Toronto"),
    ),
    "germanic": (
        Place("Germany", "Bremen", "DACH", "Europe/Berlin"),
        Place("Germany", "Kassel", "DACH", "Europe/Berlin"),
        Place("Germany", "Augsburg", "DACH", "Europe/Berlin"),
        Place("Austria", "Linz", "DACH", "Europe/Vienna"),
        Place("Switzerland", "Winterthur", "DACH", "Europe/Zurich"),
        Place("Netherlands", "Zwolle", "Benelux", "Europe/Amsterdam"),
        Place("Belgium", "Ghent", "Benelux", "Europe/Brussels"),
    ),
    "nordic": (
        Place("Sweden", "Uppsala", "Nordics", "Europe/Stockholm"),
        Place("Norway", "Bergen", "Nordics", "Europe/Oslo"),
        Place("Denmark", "Aarhus", "Nordics", "Europe/Copenhagen"),
        Place("Finland", "Tampere", "Nordics", "Europe/Helsinki"),
    ),
    "romance": (
        Place("France", "Nantes", "Southern Europe", "Europe/Paris"),
        Place("France", "Lille", "Southern Europe", "Europe/Paris"),
        Place("Spain", "Zaragoza", "Southern Europe", "Europe/Madrid"),
        Place("Italy", "Bologna", "Southern Europe", "Europe/Rome"),
        Place("Portugal", "Braga", "Southern Europe", "Europe/Lisbon"),
    ),
    "slavic": (
        Place("Poland", "Wrocław", "Central Europe", "Europe/Warsaw"),
        Place("Czechia", "Brno", "Central Europe", "Europe/Prague"),
    ),
}
