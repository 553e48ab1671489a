"""Makes rows.parquet and plain.parquet beside this file: python make_rows.py (pyarrow 26.0.1)."""
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

here = pathlib.Path(__file__).parent
rows = pa.table(
    {
        "amount": pa.array([1.5, None, -3.25, 4.0], pa.float64()),
        "count": pa.array([1, 2, None, 4], pa.int64()),
        "long_id": pa.array([9007199254740993, 2, 3, None], pa.int64()),
        "small": pa.array([7, 8, 9, 10], pa.int32()),
        "single": pa.array([0.5, 0.25, None, 1.0], pa.float32()),
        "label": pa.array([True, False, False, None], pa.bool_()),
        "city": pa.array(["Bern", None, "Basel", "Bern"], pa.string()),
        "tags": pa.array([["a"], [], None, ["b", "c"]], pa.list_(pa.string())),
        "day": pa.array([1, 2, 3, 4], pa.date32()),
    }
)
pq.write_table(rows, here / "rows.parquet", compression="snappy")
pq.write_table(rows, here / "plain.parquet", compression="none", row_group_size=2, data_page_version="2.0")
