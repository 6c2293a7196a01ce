"""Scoring a study, and scoring it again when its responses change."""

from app.scoring.services.scoring import Scored, score_study

__all__ = ["Scored", "score_study"]
