"""The silent as a class: who they are, how they differ, whether they take part, and estimates that reckon with them."""

from datetime import timedelta

import numpy as np

from app.scoring import queries
from app.scoring.rules import portfolio
from app.scoring.rules.analyses import silence as rules
from app.scoring.rules.inputs import FloatArray
from app.scoring.services.analyses.scene import Figures, Scene
from app.scoring.services.columns import traits
from app.scoring.services.figures import nps_codes
from app.studies.queries.silent_draw import drawn_so_far, silent_units
from app.studies.rules.silent_draw import standings_of

WINDOW = timedelta(days=365)
"""How far back conversations count."""


def silence(scene: Scene) -> Figures:
    """Return what is known of those who were asked and never answered (methods d)."""
    drawn, people = scene.picture.drawn, scene.picture.people
    standing = standings_of(people.facts, is_heard=people.has_response, is_unwilling=people.is_unwilling)
    asked = rules.asked_columns(drawn, people.account, people.role, people.roles, standing.each)
    rows = queries.drawn_accounts(scene.session, scene.study, scene.health)
    invited, took_part = conversation_columns(scene)
    keys = {question.key: position for position, question in enumerate(scene.definition.questions)}
    voice, codes = scene.picture.voices.voice, nps_codes(people, keys, len(drawn.account_ids))
    return {
        "is_assumed": standing.is_assumed,
        **rules.class_figures(asked),
        "silent": _silent(scene, asked, invited, took_part),
        "bias": portfolio.non_response(asked.heard, traits(scene.session, scene.study, drawn, rows)),
        "tests": rules.tests_by_class(asked, drawn.strata),
        "health_difference": rules.health_difference(drawn.health, asked),
        "participation": rules.participation_figures(invited, took_part, asked),
        "adjusted": {
            "voice": rules.adjusted_figures(drawn, asked, voice),
            "nps": rules.adjusted_figures(drawn, asked, codes, factor=100),
        },
        "follow_up": _follow_up(scene, voice, codes),
    }


def conversation_columns(scene: Scene) -> tuple[FloatArray, FloatArray]:
    """Return by drawn account what we started in the year before the health date, and what they took part in.

    Only those of which it is known whether the customer took part.
    """
    ids = scene.picture.drawn.account_ids
    until = queries.midnight_after(scene.health.as_of)
    rows = queries.conversations(scene.session, scene.study, since=until - WINDOW, until=until)
    position = {account_id: i for i, account_id in enumerate(ids)}
    invited, took_part = np.zeros(len(ids)), np.zeros(len(ids))
    for account_id, number, came in rows:
        invited[position[account_id]], took_part[position[account_id]] = number, came
    return invited, took_part


def _silent(scene: Scene, asked: rules.Asked, invited: FloatArray, took_part: FloatArray) -> Figures:
    drawn = scene.picture.drawn
    silent = asked.eligible & ~asked.heard
    positions = np.flatnonzero(silent)
    return {
        "accounts": int(silent.sum()),
        "asked": int(asked.eligible.sum()),
        "arr": portfolio.money(drawn.arr[silent]),
        "arr_asked": portfolio.money(drawn.arr[asked.eligible]),
        "each": [
            {
                "id": drawn.account_ids[i],
                "arr": drawn.arr[i],
                "health": drawn.health[i],
                "invited": int(invited[i]),
                "took_part": int(took_part[i]),
            }
            for i in positions[np.argsort(-np.nan_to_num(drawn.arr[positions]), kind="stable")].tolist()
        ],
    }


def _follow_up(scene: Scene, voice: FloatArray, codes: FloatArray) -> Figures | None:
    draw = drawn_so_far(scene.session, scene.study)
    if draw is None:
        return None
    drawn = scene.picture.drawn
    position = {account_id: i for i, account_id in enumerate(drawn.account_ids)}
    in_frame, is_drawn = (np.zeros(len(position), dtype=np.bool_) for _ in range(2))
    for account_id, at in silent_units(scene.session, scene.study):
        in_frame[position[account_id]], is_drawn[position[account_id]] = True, at is not None
    return {
        "seed": draw.seed,
        "drawn_at": draw.drawn_at.isoformat(),
        "frame": draw.frame,
        "drawn": draw.drawn,
        "heard": int((is_drawn & ~np.isnan(voice)).sum()),
        "voice": rules.follow_up_figures(drawn, voice, in_frame=in_frame, is_drawn=is_drawn),
        "nps": rules.follow_up_figures(drawn, codes, in_frame=in_frame, is_drawn=is_drawn, factor=100),
    }
