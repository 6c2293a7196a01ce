"""The words of the report, for a reader who meets them for the first time."""

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "Health": "The score, 0 to 100, that telemetry gives an account by the scorecard named below.",
    "Voice": "The score, 0 to 100, that an account’s people give us: each role’s mean, weighted by role.",
    "Gap": "Voice minus health, once both are on one scale.",
    "Drawn towards the average": "A gap that rests on few voices is taken to be nearer to the average than it looks.",
    "95 % interval": "In nineteen of twenty studies like this one, an interval made so holds the true figure.",
    "P": "The probability that a gap is larger than 15 points.",
    "Confirmed, probable, watch": "How sure a flag is: by P, by the interval, and by how many voices it rests on.",
    "Hidden risk": "Health is amber or green, and the voice is red.",
    "Hidden strength": "Health is red or amber, and the voice is green.",
    "Role coverage": "The share of the role weights that was heard at an account; under half, it gets no band.",
    "NPS": "The share of 9 and 10 minus the share of 0 to 6, of the answers to whether they would recommend us.",
    "Response rate": "Complete answers over everyone asked (RR1), or over those who were probably eligible (RR3).",
    "Kappa": "How far two ratings agree beyond chance: 1 is perfect, 0 is chance.",
}
