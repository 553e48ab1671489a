"""Trains small tree models with the real libraries and writes what they answer.

    pip install -r requirements.txt
    python make_golden.py ../resources/golden

Each model becomes NAME.<ext>.gz and NAME.golden.gz, a gzipped little-endian file:
    int32 rows, int32 columns, int32 trees (0: no leaves), int32 values
    float32 input[rows][columns]
    int32 leaf[rows][trees]
    float64 output[rows][values]
Leaves and outputs are the library's own: pred_leaf and predict of XGBoost and LightGBM, and ONNX
Runtime's last output for ONNX models (probabilities, where the first is a label).
"""

import gzip
import json
import struct
import sys
import warnings
import zlib
from pathlib import Path

import lightgbm as lgb
import numpy as np
import onnx
import onnxruntime as ort
import pandas as pd
import xgboost as xgb
from onnx import TensorProto, helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloat
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from sklearn import ensemble, tree

warnings.filterwarnings("ignore")
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "../resources/golden")
OUT.mkdir(parents=True, exist_ok=True)
RNG = np.random.default_rng(0)
TRAIN, ROWS, COLUMNS = 1500, 150, 6


def reseed(name):
    """A model does not change when another is added before it."""
    global RNG
    RNG = np.random.default_rng(zlib.crc32(name.encode()))


def inputs(rows, missing=0.0, categories=()):
    x = RNG.normal(size=(rows, COLUMNS)).astype(np.float32)
    x[:, 4] = RNG.poisson(1.5, rows)
    x[:, 5] = np.where(RNG.random(rows) < 0.6, 0, RNG.normal(size=rows))
    for column, count in categories:
        x[:, column] = RNG.integers(0, count, rows)
    if missing:
        x[RNG.random(x.shape) < missing] = np.nan
    return x


def probes(missing=True, categories=()):
    """Rows to predict: like the training rows, and rows of awkward numbers."""
    x = inputs(ROWS, 0.1 if missing else 0.0, categories)
    awkward = np.array(
        [0.0, -0.0, 1e-40, -1e-40, 1e-35, -1e-35, 1e-34, 3e38, -3e38, 0.5, -0.5, 1.0]
        + ([np.nan] if missing else []),
        dtype=np.float32,
    )
    x[: ROWS // 3] = awkward[RNG.integers(0, len(awkward), (ROWS // 3, COLUMNS))]
    for column, count in categories:
        odd = np.array([-1, -0.5, 0.5, 1.7, count, count + 40, 1e6, 3e7, 3e9], dtype=np.float32)
        x[: ROWS // 6, column] = odd[RNG.integers(0, len(odd), ROWS // 6)]
    return x


def signal(x):
    z = np.nan_to_num(x)
    return z[:, 0] + z[:, 1] * z[:, 2] + 0.5 * z[:, 4] - (z[:, 5] > 0) + 0.1 * RNG.normal(size=len(x))


def write(name, x, leaves, output):
    output = np.asarray(output, dtype=np.float64).reshape(len(x), -1)
    leaves = np.zeros((len(x), 0)) if leaves is None else np.asarray(leaves).reshape(len(x), -1)
    head = struct.pack("<4i", len(x), x.shape[1], leaves.shape[1], output.shape[1])
    body = head + x.astype("<f4").tobytes() + leaves.astype("<i4").tobytes()
    body += output.astype("<f8").tobytes()
    compress(f"{name}.golden", body)


def compress(name, body):
    with open(OUT / f"{name}.gz", "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as f:
            f.write(body)


# ---------------------------------------------------------------- XGBoost


def xgboost_model(name, params, y, rounds=8, missing=0.1, categories=(), suffix="ubj", early=False, **data):
    reseed(name)
    x = inputs(TRAIN, missing, categories)
    types = ["q"] * COLUMNS
    for column, _ in categories:
        types[column] = "c"
    label = y(x)
    names = [f"f{i} x" if i == 0 else f"col_{i}" for i in range(COLUMNS)] if data.pop("named", False) else None
    matrix = xgb.DMatrix(
        x, label, feature_types=types, enable_categorical=bool(categories), feature_names=names, **data
    )
    if name == "xgb-aft":
        matrix.set_float_info("label_lower_bound", label)
        matrix.set_float_info("label_upper_bound", label + 1)
    base = dict(max_depth=4, eta=0.3, nthread=1, seed=7)
    options = dict(evals=[(matrix, "train")], early_stopping_rounds=2, verbose_eval=False) if early else {}
    booster = xgb.train({**base, **params}, matrix, rounds, **options)
    path = OUT / f"{name}.{suffix}"
    booster.save_model(path)
    loaded = xgb.Booster(model_file=path)
    probe = probes(True, categories)
    d = xgb.DMatrix(probe, feature_types=types, enable_categorical=bool(categories), feature_names=names)
    write(name, probe, loaded.predict(d, pred_leaf=True), loaded.predict(d))


def xgboost_models():
    binary = lambda x: (signal(x) > 0.5).astype(int)
    real = lambda x: signal(x)
    positive = lambda x: np.exp(0.3 * signal(x)) + 0.1
    count = lambda x: RNG.poisson(np.exp(0.2 * signal(x)))
    many = lambda x: np.digitize(signal(x), [-0.5, 0.7, 1.8])
    unit = lambda x: 1 / (1 + np.exp(-signal(x)))

    def one(objective, y, **params):
        name = params.pop("name", None) or "xgb-" + objective.split(":")[1]
        extra = {k: params.pop(k) for k in list(params) if k in DATA}
        xgboost_model(name, dict(objective=objective, **params), y, **extra)

    DATA = {"rounds", "missing", "categories", "suffix", "early", "qid", "named"}
    one("reg:squarederror", real)
    one("reg:squarederror", real, name="xgb-json", suffix="json", named=True)
    one("reg:squarederror", real, name="xgb-base-score", base_score=3.25)
    one("reg:squaredlogerror", positive)
    one("reg:pseudohubererror", real)
    one("reg:absoluteerror", real)
    one("reg:quantileerror", real, quantile_alpha=[0.1, 0.5, 0.9])
    one("reg:logistic", unit)
    one("reg:gamma", positive)
    one("reg:tweedie", positive, tweedie_variance_power=1.3)
    one("count:poisson", count)
    one("survival:cox", lambda x: np.where(RNG.random(len(x)) < 0.3, -1, 1) * positive(x))
    one("survival:aft", positive)
    one("binary:logistic", binary, name="xgb-binary", named=True)
    one("binary:logistic", binary, name="xgb-binary-base", base_score=0.2, suffix="json")
    one("binary:logitraw", binary)
    one("binary:logitraw", binary, name="xgb-logitraw-base", base_score=0.3)
    one("binary:hinge", binary)
    one("binary:logistic", lambda x: np.zeros(len(x)), name="xgb-one-label")
    one("multi:softprob", many, num_class=4)
    one("multi:softprob", many, num_class=4, name="xgb-softprob-json", suffix="json")
    one("multi:softmax", many, num_class=4)
    for kind in ("pairwise", "ndcg"):
        one(f"rank:{kind}", binary, qid=np.repeat(np.arange(TRAIN // 10), 10))
    one("rank:map", binary, qid=np.repeat(np.arange(TRAIN // 10), 10))
    one("binary:logistic", binary, name="xgb-dart", booster="dart", rate_drop=0.4, rounds=12)
    one("multi:softprob", many, num_class=4, name="xgb-dart-multi", booster="dart", rate_drop=0.4, suffix="json")
    one("reg:squarederror", real, name="xgb-forest", num_parallel_tree=5, subsample=0.7, eta=1, rounds=1)
    one("binary:logistic", binary, name="xgb-boosted-forest", num_parallel_tree=3, subsample=0.7, rounds=3)
    one("binary:logistic", binary, name="xgb-early", rounds=60, early=True, eta=2.5, max_depth=6)
    one("binary:logistic", binary, name="xgb-deep", max_depth=10, rounds=6, grow_policy="lossguide", max_leaves=120)
    one("binary:logistic", binary, name="xgb-stumps", max_depth=1, rounds=40)
    one("reg:squarederror", real, name="xgb-single-leaf", gamma=1e9, rounds=3)
    one("binary:logistic", binary, name="xgb-approx", tree_method="exact", rounds=5)
    cats = ((0, 5), (1, 40))
    catted = lambda x: (np.isin(np.nan_to_num(x[:, 1], nan=3) % 7, [1, 2, 4]) ^ (np.nan_to_num(x[:, 0]) == 2)).astype(int)
    one("binary:logistic", catted, name="xgb-onehot", categories=cats, max_cat_to_onehot=100)
    one("binary:logistic", catted, name="xgb-partition", categories=cats, max_cat_to_onehot=2, max_depth=6)
    one("binary:logistic", catted, name="xgb-partition-json", categories=cats, max_cat_to_onehot=2, suffix="json")
    two = lambda x: np.stack([signal(x), 2 - signal(x)], 1)
    one("reg:squarederror", two, name="xgb-two-outputs")
    one("reg:squarederror", two, name="xgb-vector-leaves", multi_strategy="multi_output_tree", tree_method="hist")
    one("reg:squarederror", two, name="xgb-vector-leaves-json", multi_strategy="multi_output_tree", tree_method="hist", suffix="json")
    one("binary:logistic", lambda x: (two(x) > 0.6).astype(int), name="xgb-multilabel", suffix="json")

    reseed("gblinear")
    x = inputs(200)
    linear = xgb.train(dict(booster="gblinear"), xgb.DMatrix(x, signal(x)), 2)
    linear.save_model(OUT / "refused-gblinear.ubj")
    # Models of older versions wrote the base score as one number for all outputs.
    for name in ("xgb-binary-base", "xgb-softprob-json"):
        document = json.loads((OUT / f"{name}.json").read_text())
        params = document["learner"]["learner_model_param"]
        if name == "xgb-binary-base":
            params["base_score"] = params["base_score"].strip("[]")
            del params["num_target"]
            document["version"] = [1, 7, 6]
            (OUT / f"{name}.json").write_text(json.dumps(document))


# --------------------------------------------------------------- LightGBM


def lightgbm_model(name, params, y, rounds=8, missing=0.1, categories=(), **data):
    reseed(name)
    x = inputs(TRAIN, missing, categories)
    base = dict(verbose=-1, num_threads=1, seed=7, num_leaves=12, min_data_in_leaf=10)
    columns = [column for column, _ in categories]
    booster = lgb.train(
        {**base, **params}, lgb.Dataset(x, y(x), categorical_feature=columns or "auto", **data), rounds
    )
    path = OUT / f"{name}.txt"
    booster.save_model(path)
    loaded = lgb.Booster(model_file=path)
    probe = probes(True, categories)
    write(name, probe, loaded.predict(probe, pred_leaf=True), loaded.predict(probe))


def lightgbm_models():
    binary = lambda x: (signal(x) > 0.5).astype(int)
    real = lambda x: signal(x)
    positive = lambda x: np.exp(0.3 * signal(x)) + 0.1
    many = lambda x: np.digitize(signal(x), [-0.5, 0.7, 1.8])
    unit = lambda x: 1 / (1 + np.exp(-signal(x)))
    m = lightgbm_model
    m("lgb-binary", dict(objective="binary"), binary)
    m("lgb-binary-31", dict(objective="binary", num_leaves=31), binary, rounds=20)
    m("lgb-binary-127", dict(objective="binary", num_leaves=127, min_data_in_leaf=3), binary, rounds=6)
    m("lgb-sigmoid", dict(objective="binary", sigmoid=2.5), binary)
    m("lgb-no-missing", dict(objective="binary"), binary, missing=0)
    m("lgb-missing-off", dict(objective="binary", use_missing=False), binary)
    m("lgb-zero-missing", dict(objective="binary", zero_as_missing=True, min_data_in_leaf=2, num_leaves=31), binary)
    m("lgb-multiclass", dict(objective="multiclass", num_class=4), many)
    m("lgb-multiclassova", dict(objective="multiclassova", num_class=4, sigmoid=1.5), many)
    m("lgb-regression", dict(objective="regression"), real)
    m("lgb-sqrt", dict(objective="regression", reg_sqrt=True), real)
    for objective in ("regression_l1", "huber", "fair", "quantile", "mape"):
        m(f"lgb-{objective}", dict(objective=objective), positive)
    for objective in ("poisson", "gamma", "tweedie"):
        m(f"lgb-{objective}", dict(objective=objective), positive)
    m("lgb-cross_entropy", dict(objective="cross_entropy"), unit)
    m("lgb-cross_entropy_lambda", dict(objective="cross_entropy_lambda"), unit)
    for objective in ("lambdarank", "rank_xendcg"):
        m(f"lgb-{objective}", dict(objective=objective), binary, group=np.full(TRAIN // 10, 10))
    bag = dict(bagging_freq=1, bagging_fraction=0.6)
    m("lgb-rf", dict(objective="binary", boosting="rf", **bag), binary)
    m("lgb-rf-multiclass", dict(objective="multiclass", num_class=4, boosting="rf", **bag), many)
    m("lgb-dart", dict(objective="binary", boosting="dart", drop_rate=0.5), binary, rounds=12)
    m("lgb-goss", dict(objective="binary", data_sample_strategy="goss"), binary)
    m("lgb-single-leaf", dict(objective="regression", min_gain_to_split=1e9), real, rounds=2)
    m("lgb-stumps", dict(objective="binary", num_leaves=2), binary, rounds=20)
    cats = ((0, 5), (1, 90))
    catted = lambda x: (np.isin(np.nan_to_num(x[:, 1], nan=3) % 7, [1, 2, 4]) ^ (np.nan_to_num(x[:, 0]) == 2)).astype(int)
    sharp = dict(min_data_per_group=5, cat_smooth=1, cat_l2=0, max_cat_threshold=64)
    m("lgb-categories", dict(objective="binary", **sharp), catted, categories=cats)
    m("lgb-categories-onehot", dict(objective="binary", max_cat_to_onehot=100, **sharp), catted, categories=cats)
    reseed("lgb-pandas")
    x = inputs(TRAIN, 0, cats)
    frame = pd.DataFrame(x, columns=[f"c{i}" for i in range(COLUMNS)])
    frame["c0"] = frame["c0"].astype(int).astype("category")
    booster = lgb.train(
        dict(objective="binary", verbose=-1, num_threads=1, num_leaves=8, **sharp), lgb.Dataset(frame, catted(x)), 5
    )
    booster.save_model(OUT / "lgb-pandas.txt")
    probe = probes(True, cats)
    loaded = lgb.Booster(model_file=OUT / "lgb-pandas.txt")
    write("lgb-pandas", probe, loaded.predict(probe, pred_leaf=True), loaded.predict(probe))
    reseed("linear")
    x = inputs(300)
    linear = lgb.train(
        dict(objective="regression", linear_tree=True, verbose=-1, num_leaves=4), lgb.Dataset(x, signal(x)), 2
    )
    linear.save_model(OUT / "refused-linear.txt")


# ------------------------------------------------------------------- ONNX


def onnx_model(name, model, probe=None):
    reseed("probe " + name)
    path = OUT / f"{name}.onnx"
    path.write_bytes(model.SerializeToString())
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = ort.InferenceSession(path, options)
    probe = probes(True) if probe is None else probe
    kind = session.get_inputs()[0].type
    cast = {"tensor(double)": np.float64, "tensor(int64)": np.int64}.get(kind, np.float32)
    if cast is np.int64:
        probe = np.nan_to_num(np.clip(probe, -50, 50)).round()
    answer = session.run(None, {session.get_inputs()[0].name: probe.astype(cast)})[-1]
    if isinstance(answer, list):
        answer = [[row[k] for k in row] for row in answer]
    write(name, probe, None, answer)


def sklearn_models():
    reseed("skl")
    x = inputs(TRAIN)
    y = signal(x)
    binary, many = (y > 0.5).astype(int), np.digitize(y, [-0.5, 0.7, 1.8])
    words = np.array(["low", "middle", "high", "höchste"])[many]
    small = dict(random_state=7, max_depth=5)
    forest = dict(n_estimators=8, **small)

    def f(name, model, target, zipmap=False, type_=FloatTensorType, **options):
        model.fit(x.astype(np.int64) if type_ is Int64TensorType else x, target)
        arguments = {}
        if hasattr(model, "predict_proba"):
            arguments["options"] = {id(model): {"zipmap": zipmap, **options}}
        onnx_model(
            name,
            to_onnx(model, initial_types=[("X", type_([None, COLUMNS]))], target_opset={"": 18, "ai.onnx.ml": 3}, **arguments),
        )

    f("skl-tree-classifier", tree.DecisionTreeClassifier(**small), many)
    f("skl-tree-regressor", tree.DecisionTreeRegressor(**small), y)
    f("skl-forest-classifier", ensemble.RandomForestClassifier(**forest), many)
    f("skl-forest-binary", ensemble.RandomForestClassifier(**forest), binary)
    f("skl-forest-words", ensemble.RandomForestClassifier(**forest), words)
    f("skl-forest-zipmap", ensemble.RandomForestClassifier(**forest), words, zipmap=True)
    f("skl-forest-regressor", ensemble.RandomForestRegressor(**forest), y)
    f("skl-forest-two-outputs", ensemble.RandomForestRegressor(**forest), np.stack([y, 1 - y], 1))
    f("skl-extra-trees", ensemble.ExtraTreesClassifier(**forest), many)
    f("skl-boosting-binary", ensemble.GradientBoostingClassifier(n_estimators=10, random_state=7), binary)
    f("skl-boosting-multi", ensemble.GradientBoostingClassifier(n_estimators=5, random_state=7), many)
    f("skl-boosting-regressor", ensemble.GradientBoostingRegressor(n_estimators=10, random_state=7), y)
    f("skl-double-classifier", ensemble.RandomForestClassifier(**forest), many, type_=DoubleTensorType)
    f("skl-int64-regressor", ensemble.RandomForestRegressor(**forest), y, type_=Int64TensorType)
    f("skl-int64-classifier", ensemble.RandomForestClassifier(**forest), binary, type_=Int64TensorType)


def converted_models():
    reseed("onnx")
    x = inputs(TRAIN, 0.1)
    y = signal(x)
    binary, many = (y > 0.5).astype(int), np.digitize(y, [-0.5, 0.7, 1.8])
    types = [("input", MlFloat([None, COLUMNS]))]
    l = dict(n_estimators=8, num_leaves=12, verbose=-1, random_state=7, n_jobs=1)
    g = dict(n_estimators=8, max_depth=4, n_jobs=1, random_state=7)
    for name, target, zipmap in (("binary", binary, False), ("multi", many, False), ("zipmap", many, True)):
        model = lgb.LGBMClassifier(**l).fit(x, target)
        onnx_model(f"onnx-lgb-{name}", convert_lightgbm(model, initial_types=types, zipmap=zipmap, target_opset=15))
    model = lgb.LGBMRegressor(**l).fit(x, y)
    onnx_model("onnx-lgb-regressor", convert_lightgbm(model, initial_types=types, target_opset=15))
    for name, target in (("binary", binary), ("multi", many)):
        model = xgb.XGBClassifier(**g).fit(x, target)
        onnx_model(f"onnx-xgb-{name}", convert_xgboost(model, initial_types=types, target_opset=15))
    model = xgb.XGBRegressor(base_score=0.5, **g).fit(x, y)
    onnx_model("onnx-xgb-regressor", convert_xgboost(model, initial_types=types, target_opset=15))


def graph(node, outputs, opset, elem=TensorProto.FLOAT, extra=()):
    result = [helper.make_tensor_value_info(n, t, s) for n, t, s in outputs]
    g = helper.make_graph(
        [node, *extra], "g", [helper.make_tensor_value_info("X", elem, [None, COLUMNS])], result
    )
    return helper.make_model(
        g, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", opset)], ir_version=9
    )


def random_nodes(trees, depth, modes, tracks):
    """Complete random trees as the classic operators list them."""
    n = dict(treeids=[], nodeids=[], featureids=[], values=[], modes=[], truenodeids=[], falsenodeids=[], tracks=[])
    leaves = []
    for t in range(trees):
        for i in range(2 ** (depth + 1) - 1):
            leaf = i >= 2**depth - 1
            n["treeids"].append(t)
            n["nodeids"].append(i)
            n["featureids"].append(0 if leaf else int(RNG.integers(COLUMNS)))
            n["values"].append(0.0 if leaf else float(np.float32(RNG.choice([0, 1, 2, -0.5, RNG.normal()]))))
            n["modes"].append("LEAF" if leaf else str(RNG.choice(modes)))
            n["truenodeids"].append(0 if leaf else 2 * i + 1)
            n["falsenodeids"].append(0 if leaf else 2 * i + 2)
            n["tracks"].append(0 if leaf else int(tracks and RNG.integers(2)))
            if leaf:
                leaves.append((t, i))
    return n, leaves


def classic(name, kind, trees=6, depth=4, modes=("BRANCH_LEQ",), tracks=False, targets=1, spread=False, weights=None, **attributes):
    reseed(name)
    n, leaves = random_nodes(trees, depth, modes, tracks)
    prefix = "class" if kind.endswith("Classifier") else "target"
    rows = [(t, i, c) for t, i in leaves for c in (range(targets) if spread else [t % targets])]
    common = {f"nodes_{k}": v for k, v in n.items() if k != "tracks"}
    if tracks:
        common["nodes_missing_value_tracks_true"] = n["tracks"]
    draw = weights or (lambda: float(np.float32(RNG.normal())))
    node = helper.make_node(
        kind, ["X"], ["label", "scores"] if prefix == "class" else ["scores"], domain="ai.onnx.ml", **common,
        **{
            f"{prefix}_treeids": [r[0] for r in rows], f"{prefix}_nodeids": [r[1] for r in rows],
            f"{prefix}_ids": [r[2] for r in rows], f"{prefix}_weights": [draw() for _ in rows],
        },
        **attributes,
    )
    outputs = [("scores", TensorProto.FLOAT, [None, None])]
    if prefix == "class":
        outputs.insert(0, ("label", TensorProto.INT64, [None]))
    onnx_model(name, graph(node, outputs, 3))


def operator_models():
    regressor, classifier = "TreeEnsembleRegressor", "TreeEnsembleClassifier"
    for mode in ("LEQ", "LT", "GTE", "GT", "EQ", "NEQ"):
        for tracks in (False, True):
            classic(f"op-{mode.lower()}{'-nan' if tracks else ''}", regressor, modes=(f"BRANCH_{mode}",), tracks=tracks, n_targets=1)
    every = tuple(f"BRANCH_{m}" for m in ("LEQ", "LT", "GTE", "GT", "EQ", "NEQ"))
    classic("op-mixed", regressor, modes=every, tracks=True, n_targets=1)
    classic("op-average", regressor, aggregate_function="AVERAGE", n_targets=1, base_values=[0.25])
    classic("op-targets", regressor, targets=3, n_targets=3, base_values=[0.25, -1.0, 2.0], modes=every)
    classic("op-targets-spread", regressor, targets=3, spread=True, n_targets=3, aggregate_function="AVERAGE")
    for transform in ("NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"):
        low = transform.lower()
        classic(f"op-regressor-{low}", regressor, targets=2, n_targets=2, post_transform=transform)
        classic(f"op-regressor-one-{low}", regressor, n_targets=1, post_transform=transform)
        for base in ((), (0.3, -0.2, 0.1)):
            tail = "-base" if base else ""
            extra = dict(base_values=list(base)) if base else {}
            classic(f"op-multi-{low}{tail}", classifier, targets=3, classlabels_int64s=[5, 7, 9], post_transform=transform, **extra)
        for base in ((), (0.3,)):
            tail = "-base" if base else ""
            extra = dict(base_values=list(base)) if base else {}
            classic(f"op-binary-one-{low}{tail}", classifier, targets=1, classlabels_int64s=[0, 1], post_transform=transform, **extra)
        classic(f"op-binary-two-{low}", classifier, targets=2, classlabels_int64s=[0, 1], post_transform=transform)
    classic("refused-two-bases", classifier, targets=1, classlabels_int64s=[0, 1], base_values=[0.3, 0.3])
    classic("refused-min", regressor, n_targets=1, aggregate_function="MIN")
    classic("refused-one-class", classifier, targets=1, classlabels_int64s=[3])
    part = lambda: float(np.float32(RNG.random() / 6))
    classic("op-binary-positive", classifier, targets=1, weights=part, classlabels_int64s=[3, 4])
    classic("op-binary-positive-two", classifier, targets=2, spread=True, weights=part, classlabels_int64s=[0, 1])

    reseed("op-double")
    n, leaves = random_nodes(4, 4, ("BRANCH_LEQ",), False)
    double = helper.make_node(
        regressor, ["X"], ["scores"], domain="ai.onnx.ml", n_targets=1,
        **{f"nodes_{k}": v for k, v in n.items() if k not in ("tracks", "values")},
        nodes_values_as_tensor=helper.make_tensor("v", TensorProto.DOUBLE, [len(n["values"])], [v + 1e-9 for v in n["values"]]),
        target_treeids=[t for t, _ in leaves], target_nodeids=[i for _, i in leaves], target_ids=[0] * len(leaves),
        target_weights_as_tensor=helper.make_tensor("w", TensorProto.DOUBLE, [len(leaves)], RNG.normal(size=len(leaves))),
    )
    onnx_model("op-double", graph(double, [("scores", TensorProto.FLOAT, [None, 1])], 3, TensorProto.DOUBLE))

    for name, targets, members in (("op-v5", 1, False), ("op-v5-targets", 3, False), ("op-v5-member", 1, True)):
        version5(name, targets, members)


def version5(name, targets, members):
    reseed(name)
    inner, leaf_weights, leaf_targets, roots = [], [], [], []

    def grow(depth, target):
        at = len(inner)
        inner.append(None)
        children = []
        for _ in range(2):
            if depth == 0 or RNG.random() < 0.15:
                leaf_weights.append(float(np.float32(RNG.normal())))
                leaf_targets.append(target)
                children.append((1, len(leaf_weights) - 1))
            else:
                children.append((0, grow(depth - 1, target)))
        mode = 6 if members and RNG.random() < 0.4 else int(RNG.integers(0, 6))
        inner[at] = (int(RNG.integers(COLUMNS)), float(np.float32(RNG.choice([0, 1, 2, RNG.normal()]))), mode, int(RNG.integers(2)), children)
        return at

    for t in range(6):
        roots.append(grow(4, t % targets))
    sets = []
    for _, _, mode, _, _ in inner:
        if mode == 6:
            sets += [float(v) for v in RNG.choice([1, 2, 3, 4, 7], 3, replace=False)] + [float("nan")]
    tensor = lambda n, v, t=TensorProto.FLOAT: helper.make_tensor(n, t, [len(v)], v)
    node = helper.make_node(
        "TreeEnsemble", ["X"], ["scores"], domain="ai.onnx.ml", n_targets=targets, aggregate_function=1, post_transform=0,
        tree_roots=roots, nodes_featureids=[i[0] for i in inner], nodes_splits=tensor("s", [i[1] for i in inner]),
        nodes_modes=tensor("m", [i[2] for i in inner], TensorProto.UINT8),
        nodes_missing_value_tracks_true=[i[3] for i in inner],
        nodes_trueleafs=[i[4][0][0] for i in inner], nodes_truenodeids=[i[4][0][1] for i in inner],
        nodes_falseleafs=[i[4][1][0] for i in inner], nodes_falsenodeids=[i[4][1][1] for i in inner],
        leaf_targetids=leaf_targets, leaf_weights=tensor("w", leaf_weights),
        **(dict(membership_values=tensor("k", sets)) if members else {}),
    )
    onnx_model(name, graph(node, [("scores", TensorProto.FLOAT, [None, targets])], 5))


if __name__ == "__main__":
    xgboost_models()
    lightgbm_models()
    sklearn_models()
    converted_models()
    operator_models()
    for golden in OUT.glob("refused-*.golden.gz"):
        golden.unlink()
    for model in list(OUT.iterdir()):
        if model.suffix != ".gz":
            compress(model.name, model.read_bytes())
            model.unlink()
    print(sum(p.stat().st_size for p in OUT.iterdir()), "bytes in", len(list(OUT.iterdir())), "files")
