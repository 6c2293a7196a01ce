"""Invented people of many origins, and how a name becomes an address."""

import re
import unicodedata
from random import Random

GIVEN_AND_FAMILY = {
    "anglo": (
        "Harriet Callum Imogen Rhys Bethan Declan Fiona Marcus Tamsin Gareth Niamh Elliot Rosalind Duncan Maeve Curtis",
        (
            "Ashdown Brierley Cavanagh Dunmore Entwistle Fairclough Garrity Hollins Kershaw Lockyer Merriman "
            "Penhale Rudge Standish Thackray Wetherby"
        ),
    ),
    "germanic": (
        (
            "Anneke Bastian Cornelia Detlef Friederike Gesa Henning Ilse Joost Katrin Lennart Marlies Pieter "
            "Ruben Saskia Wiebke"
        ),
        (
            "Achterberg Brandhuber Dierksen Eberlein Fahrenkamp Gruber Hagedorn Kluwer Lindenau Mertens "
            "Oberhofer Rademaker Schottel Terhorst Vandamme Wiesinger"
        ),
    ),
    "nordic": (
        "Aino Birgitte Eirik Freja Gunnar Hanne Ingrid Jesper Kaisa Linnea Mikkel Oskar Pernille Ragnhild Sindre Tuula",
        (
            "Aaltonen Bergvik Dahlstrøm Engebret Forsgren Haugland Kivistö Lindqvist Mørkved Nygaard Oksanen "
            "Rosendal Sandvik Tervonen Wahlgren Østby"
        ),
    ),
    "romance": (
        "Adèle Bruno Chiara Diogo Elena Fabrice Giulia Inês Jordi Lucía Mathieu Nuria Paolo Raquel Sandrine Tiago",
        (
            "Albarello Barros Castellane Delacourt Esposti Ferrandis Gallardo Lavigne Marchetti Noronha "
            "Ortuño Pelletier Quintela Rinaldi Sabater Villeneuve"
        ),
    ),
    "slavic": (
        "Agnieszka Bohdan Daria Iryna Jakub Kateřina Lukáš Magda Oksana Piotr Radek Tomasz Vendula Yevhen Zofia Zuzana",
        (
            "Bielawski Dvořáček Hrytsenko Jabłoński Kovalenko Lisowska Moravec Nowicka Petrenko Rybak Sedlák "
            "Tkachuk Urban Wójtowicz Zelenka Žižka"
        ),
    ),
    "south_asian": (
        "Aarti Dinesh Farhana Gaurav Ishani Kavya Manoj Nadeem Priyanka Rohan Sanjana Vikram",
        "Bhandari Chaudhary Deshpande Ghoshal Iyer Kulkarni Malhotra Nambiar Qureshi Raghavan Siddiqui Venkatesan",
    ),
    "middle_eastern": (
        "Amal Burak Dalia Elif Farid Hakan Leyla Nadim Rania Samir Yasmin Zeynep",
        "Aksoy Benhaddou Darwish El-Amrani Farahani Haddad Khoury Mansour Özdemir Rahimi Sabbagh Yıldız",
    ),
    "african": (
        "Abena Chidi Folake Jelani Kwame Makena Ngozi Sipho Temitope Wanjiru Yusuf Zola",
        "Adeyemi Boateng Chukwu Dlamini Kamau Mensah Mutasa Nkosi Okafor Onyango Sarpong Wekesa",
    ),
    "east_asian": (
        "Akiko Bao Hyejin Jiahui Kenta Linh Mei Minh Soo-jin Thuy Wenli Yuto",
        "Arakawa Cheung Duong Fujimori Hwang Ishikura Kwok Luong Morikawa Ngo Seo Zhao",
    ),
}
_ELSEWHERE = ("south_asian", "middle_eastern", "african", "east_asian", "slavic", "romance")
# Letters that carry no separable accent and would otherwise vanish from an address.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "ß": "ss", "æ": "ae", "đ": "d"})


def person_name(chance: Random, region: str) -> str:
    """A given and a family name; two in three come from the region, the others from elsewhere."""
    origin = region if chance.random() < 0.66 else chance.choice(_ELSEWHERE)
    given, family = GIVEN_AND_FAMILY[origin]
    return f"{chance.choice(given.split())} {chance.choice(family.split())}"


def slug(name: str, separator: str = "-") -> str:
    """The name in lower-case ASCII letters, digits and separators."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN_LETTERS))
    plain = decomposed.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", separator, plain).strip(separator)
