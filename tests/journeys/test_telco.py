"""The whole chain by command on the Telco file, against pandas and scipy on the source."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from flask import Flask
from scipy import stats

from app.core.database import db

BANDS = ["red", "amber", "green"]
SCORECARD = {
    "key": "default",
    "name": "Vendor health",
    "measures": [{"key": "vendor", "metric": "vendor_health", "points": [[0, 0], [100, 100]], "weight": 100}],
    "bands": {"amber_from": 21, "green_from": 41},
}
STUDY = {
    "key": "telco",
    "name": "Telco census",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": [],
    "method": "census",
    "seed": 360,
    "roles": {"subscriber": 1},
    "opens_on": "2019-09-01",
    "closes_on": "2019-09-30",
    "health_as_of": "2019-09-30",
}
RESPONSES = ["--map", "csat_1_5=satisfaction", "--map", "open_text=reason", "--ignore", "exit_reason_category"]


class Chain:
    """The commands of the walkthrough, run in one application, and what each printed."""

    def __init__(self, application: Flask, folder: Path) -> None:
        self.application, self.folder = application, folder

    def run(self, *arguments: str) -> dict[str, Any]:
        result = self.application.test_cli_runner().invoke(args=[*arguments, "--json"])
        assert result.exit_code == 0, result.output + result.stderr
        printed: dict[str, Any] = json.loads(result.stdout)
        return printed

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def write(self, name: str, document: dict[str, Any]) -> str:
        (self.folder / name).write_text(json.dumps(document), encoding="utf-8")
        return self.path(name)


@pytest.fixture
def source(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "telco" / "telco_dev.csv", keep_default_na=False)


@pytest.fixture
def chain(application: Flask, shared: Path, tmp_path: Path) -> Chain:
    data = shared / "data"
    subprocess.run(
        [sys.executable, str(data / "telco_to_imports.py"), str(data / "telco" / "telco_dev.csv"), str(tmp_path)],
        check=True,
        capture_output=True,
    )
    chain = Chain(application, tmp_path)
    for kind in ("accounts", "contacts", "telemetry", "outcomes"):
        chain.run("import", kind, chain.path(f"{kind}.csv"))
    chain.run("scorecard", "load", chain.write("scorecard.json", SCORECARD))
    chain.run("study", "create", chain.write("study.json", STUDY))
    chain.run("study", "draw", "telco")
    chain.run("import", "responses", chain.path("survey_responses.csv"), "--study", "telco", *RESPONSES)
    chain.run("study", "score", "telco")
    return chain


def test_the_chain_gives_the_control_totals_and_the_figures_of_pandas(chain: Chain, source: pd.DataFrame) -> None:
    chain.run("report", "gaps", "telco", "--out", chain.path("gaps.json"), "--html", chain.path("gaps.html"))
    report = json.loads(Path(chain.path("gaps.json")).read_text(encoding="utf-8"))
    voice, health = 25 * (source["Satisfaction Score"] - 1), 100 - source["Churn Score"]
    arr = (source["Monthly Charge"] * 12).round(2)

    assert report["population"]["accounts"] == 3527
    assert report["population"]["arr"] == pytest.approx(2_725_919.40, abs=0.005)
    assert (report["sample"]["drawn"], report["sample"]["responded"]) == (3527, 3527)
    assert report["sample"]["response_rates"]["rr1"] == 1
    assert report["voice"]["mean"]["value"] == pytest.approx(100 * (11_460 / 3527 - 1) / 4)
    assert report["voice"]["mean"]["se"] == 0
    assert report["voice"]["csat_top2"]["value"] == pytest.approx((source["Satisfaction Score"] >= 4).mean())
    assert report["voice"]["nps"]["value"] is None
    assert_cross_table(report["crosstab"], voice, health, arr)
    assert_agreement(report["agreement"], voice, health)
    with chain.application.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM telemetry")) == 28_216
        total = """SELECT sum(value_number) FROM answer JOIN question ON question.id = answer.question_id
                   WHERE question.key = 'satisfaction'"""
        assert db.session.scalar(sa.text(total)) == 11_460


def assert_cross_table(table: dict[str, Any], voice: pd.Series, health: pd.Series, arr: pd.Series) -> None:
    rows = pd.cut(health, [-1, 20.999, 40.999, 101], labels=BANDS)
    columns = pd.cut(voice, [-1, 49.999, 74.999, 101], labels=BANDS)
    counts, money = pd.crosstab(rows, columns, dropna=False), arr.groupby([rows, columns], observed=False).sum()
    for h in BANDS:
        for v in BANDS:
            assert table[h][v]["accounts"] == counts.loc[h, v]
            assert table[h][v]["arr"] == pytest.approx(money[h, v], abs=0.005)


def assert_agreement(agreement: dict[str, Any], voice: pd.Series, health: pd.Series) -> None:
    assert agreement["n"] == 3527
    assert agreement["spearman"]["value"] == pytest.approx(stats.spearmanr(voice, health).statistic)
    assert agreement["kendall"]["value"] == pytest.approx(stats.kendalltau(voice, health).statistic)
    assert agreement["pearson"]["value"] == pytest.approx(stats.pearsonr(voice, health).statistic)
    assert agreement["bias"]["value"] == pytest.approx((voice - health).mean())


def test_importing_the_answers_again_changes_nothing(chain: Chain) -> None:
    again = chain.run("import", "responses", chain.path("survey_responses.csv"), "--study", "telco", *RESPONSES)
    assert again["created"] == again["updated"] == 0
    assert again["unchanged"] > 3527


def test_the_health_export_carries_every_account(chain: Chain) -> None:
    chain.run("export", "health", chain.path("health.csv"))
    with Path(chain.path("health.csv")).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3527
    assert {row["band"] for row in rows} <= {"red", "amber", "green"}
    assert rows[0]["score"] == rows[0]["vendor"]
