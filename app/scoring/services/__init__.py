"""Scoring a study, and scoring it again when its responses change."""

from app.scoring.services.scoring import Scored, rescore_changed, score_study

__all__ = ["Scored", "rescore_changed", "score_study"]
