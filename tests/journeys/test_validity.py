"""Is the health score right, by command on files that others made, against scikit-learn on the source."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask import Flask
from sklearn.metrics import roc_auc_score

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VENDOR: dict[str, Any] = {
    "key": "default",
    "measures": [
        {"key": "vendor", "metric": "vendor_health", "points": [[0, 0], [100, 100]], "weight": 60},
        {"key": "gb", "metric": "usage_gb_month", "points": [[0, 0], [85, 100]], "weight": 40},
    ],
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
    "closes_on": "2019-12-31",
    "health_as_of": "2019-09-30",
}
RESPONSES = ["--map", "csat_1_5=satisfaction", "--map", "open_text=reason", "--ignore", "exit_reason_category"]


def run(application: Flask, *arguments: str) -> dict[str, Any]:
    result = application.test_cli_runner().invoke(args=[*arguments, "--json"])
    assert result.exit_code == 0, result.output + result.stderr
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def written(path: Path, document: dict[str, Any]) -> str:
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def telco(application: Flask, shared: Path, folder: Path, days: int) -> dict[str, dict[str, Any]]:
    """The factors by key, with outcomes and answers dated so many days after the telemetry."""
    source = str(shared / "data" / "telco" / "telco_dev.csv")
    tool = str(shared / "data" / "telco_to_imports.py")
    subprocess.run(
        [sys.executable, tool, source, str(folder), "--outcome-after", str(days)], check=True, capture_output=True
    )
    for kind in ("accounts", "contacts", "telemetry", "outcomes"):
        run(application, "import", kind, str(folder / f"{kind}.csv"))
    run(application, "scorecard", "load", written(folder / "scorecard.json", VENDOR))
    run(application, "study", "create", written(folder / "study.json", STUDY))
    run(application, "study", "draw", "telco")
    run(application, "import", "responses", str(folder / "survey_responses.csv"), "--study", "telco", *RESPONSES)
    run(application, "study", "score", "telco")
    figures = run(application, "health", "validate")
    assert (figures["renewals"], figures["losses"]) == (2351, 945)
    return {"health": figures["health"], **{line["key"]: line for line in figures["factors"]}}


def test_what_telco_says_on_the_outcomes_day_is_measured_too_late(
    application: Flask, shared: Path, tmp_path: Path
) -> None:
    factors = telco(application, shared, tmp_path, 0)
    for key in ("vendor", "gb", "voice", "voice.overall_sentiment"):
        assert (factors[key]["n"], factors[key]["late"], factors[key]["verdict"]) == (0, 3296, "unproven")
        assert factors[key]["auc"]["value"] is None
    assert factors["health"]["value"] is None


def test_telcos_telemetry_of_100_days_before_is_tested_as_by_scikit_learn(
    application: Flask, shared: Path, tmp_path: Path
) -> None:
    factors = telco(application, shared, tmp_path, 100)
    source = pd.read_csv(shared / "data" / "telco" / "telco_dev.csv", keep_default_na=False)
    source = source[source["Customer Status"] != "Joined"]
    kept = source["Customer Status"] == "Stayed"
    assert factors["vendor"]["auc"]["value"] == pytest.approx(roc_auc_score(kept, 100 - source["Churn Score"]))
    assert factors["gb"]["auc"]["value"] == pytest.approx(roc_auc_score(kept, source["Avg Monthly GB Download"]))
    assert factors["gb"]["r"]["value"] == pytest.approx(np.corrcoef(kept, source["Avg Monthly GB Download"])[0, 1])
    assert (factors["vendor"]["verdict"], factors["gb"]["verdict"]) == ("signal", "wrong_way")
    assert (factors["voice"]["n"], factors["voice"]["late"]) == (0, 3296)


def test_the_csat_of_ravenstacks_tickets_has_no_relation_to_churn(
    application: Flask, shared: Path, tmp_path: Path
) -> None:
    data = shared / "data" / "ravenstack"
    accounts = pd.read_csv(data / "ravenstack_accounts.csv")
    tickets = pd.read_csv(data / "ravenstack_support_tickets.csv")
    write(
        tmp_path / "accounts.csv", ["account_id", "name"], zip(accounts.account_id, accounts.account_name, strict=True)
    )
    write(
        tmp_path / "cases.csv",
        ["case_id", "account_id", "opened_at", "csat"],
        (
            (
                row.ticket_id,
                row.account_id,
                row.submitted_at,
                "" if pd.isna(row.satisfaction_score) else row.satisfaction_score,
            )
            for row in tickets.itertuples()
        ),
    )
    day = date(2025, 6, 30).isoformat()
    write(
        tmp_path / "outcomes.csv",
        ["account_id", "outcome_date", "outcome"],
        ((row.account_id, day, "churned" if row.churn_flag else "renewed") for row in accounts.itertuples()),
    )
    for kind in ("accounts", "cases", "outcomes"):
        run(application, "import", kind, str(tmp_path / f"{kind}.csv"))
    card = {
        "key": "default",
        "measures": [{"key": "open", "metric": "cases.open", "points": [[0, 100], [9, 0]], "weight": 1}],
    }
    run(application, "scorecard", "load", written(tmp_path / "scorecard.json", card))
    line = next(each for each in run(application, "health", "validate")["factors"] if each["key"] == "cases.csat")
    mean = tickets.groupby("account_id").satisfaction_score.mean().dropna()
    kept = ~accounts.set_index("account_id").churn_flag[mean.index]
    assert line["auc"]["value"] == pytest.approx(roc_auc_score(kept, mean))
    assert round(line["auc"]["value"], 2) == 0.48
    assert line["verdict"] == "unproven"
    said = application.test_cli_runner().invoke(args=["health", "validate"]).stdout
    assert "Ticket CSAT: No relation found – AUC 0.48" in said


def test_too_few_outcomes_are_refused_with_a_sentence(application: Flask, tmp_path: Path) -> None:
    run(application, "scorecard", "load", written(tmp_path / "scorecard.json", VENDOR))
    result = application.test_cli_runner().invoke(args=["health", "validate", "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "0 losses and 0 renewals are known, and it takes 10 of each" in result.stderr


def test_distress_by_command_is_refused_without_cases(application: Flask) -> None:
    result = application.test_cli_runner().invoke(args=["health", "distress", "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No support case is known" in result.stderr


def write(path: Path, header: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
