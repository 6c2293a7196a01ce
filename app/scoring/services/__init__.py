"""Scoring a study, and scoring it again when its responses change."""

from app.scoring.services.analyses import Beside
from app.scoring.services.scoring import Scored, low_core_shares, score_study

__all__ = ["Beside", "Scored", "low_core_shares", "score_study"]
