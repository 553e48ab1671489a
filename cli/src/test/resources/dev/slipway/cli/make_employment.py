"""Makes employment.csv beside this file: python make_employment.py FOLDER (NannyML 0.13.1).

FOLDER holds employment_MA_reference.pq, employment_MA_analysis.pq and employment_MA_analysis_target.pq of
github.com/NannyML/nannyml, nannyml/datasets/data (Apache-2.0). The file has, for every 5,000 predictions,
what NannyML measures and what its CBPE estimates.
"""
import pathlib
import sys

import nannyml
import pandas

folder = pathlib.Path(sys.argv[1])
reference, analysis, target = (
    pandas.read_parquet(folder / f"employment_MA_{part}.pq")
    for part in ("reference", "analysis", "analysis_target")
)
names = {"roc_auc": "auc", "accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "f1"}
arguments = dict(
    problem_type="classification_binary",
    y_pred_proba="predicted_probability",
    y_pred="prediction",
    y_true="employed",
    metrics=list(names),
    chunk_size=5000,
)
estimator = nannyml.CBPE(**arguments)
estimator.fit(reference)
estimated = estimator.estimate(analysis).filter(period="analysis").to_df()
calculator = nannyml.PerformanceCalculator(**arguments)
calculator.fit(reference)
measured = calculator.calculate(analysis.merge(target, on="id")).filter(period="analysis").to_df()
lines = ["metric,window,estimated,measured"]
for metric, name in names.items():
    for i in range(len(estimated)):
        lines.append(
            f"{name},{i},{estimated[(metric, 'value')].iloc[i]:.12f},{measured[(metric, 'value')].iloc[i]:.12f}"
        )
(pathlib.Path(__file__).parent / "employment.csv").write_text("\n".join(lines) + "\n")
