"""Makes changes.txt beside this file: python make_changes.py (river 0.26.1).

Each line is the places at which a detector of river sees a change in a made-up sequence whose rate is
0.1, 0.25, 0.12 and 0.4; see ChangeDetectorTest for the same sequence.
"""
import pathlib

from river import drift
from river.drift import binary

detectors = {
    "adwin": drift.ADWIN(delta=0.002),
    "ddm": binary.DDM(warm_start=30, warning_threshold=2.0, drift_threshold=3.0),
    "page-hinkley": drift.PageHinkley(
        min_instances=30, delta=0.005, threshold=50, alpha=1.0, mode="up"
    ),
    "adwin-numbers": drift.ADWIN(delta=0.002),
}
places = {name: [] for name in detectors}
state = 12345
for i in range(20_000):
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    uniform = ((state >> 8) & 0xFFFF) / 65536
    rate = 0.1 if i < 5_000 else 0.25 if i < 9_000 else 0.12 if i < 14_000 else 0.4
    error = uniform < rate
    for name, detector in detectors.items():
        detector.update(uniform * rate * 3 if name == "adwin-numbers" else error if name == "ddm" else int(error))
        if detector.drift_detected:
            places[name].append(i)
lines = [f"{name} {' '.join(map(str, found))}" for name, found in places.items()]
(pathlib.Path(__file__).parent / "changes.txt").write_text("\n".join(lines) + "\n")
