"""Makes samples.txt beside this file: python make_samples.py (Python 3.11, NumPy 2.4.6, ONNX 1.23.2).

Each line is a name, what a scan has to say of it (PICKLE, CLEAN or another word of its finding, and
the names that a pickle imports), and the bytes in Base64.
"""
import base64
import collections
import gzip
import io
import os
import pathlib
import pickle
import pickletools
import tarfile
import zipfile
import zlib

import numpy as np
import onnx
from onnx import TensorProto, helper


class Harm:
    def __reduce__(self):
        return os.system, ("true",)


def npy(array):
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(name, content=b"x", kind=tarfile.REGTYPE):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo(name)
        info.type = kind
        info.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
        info.size = len(content) if kind == tarfile.REGTYPE else 0
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def model(domain="", external=None, nested_domain=None):
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    if external:
        tensor.ClearField("float_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in external:
            tensor.external_data.add(key=key, value=value)
    nodes = [helper.make_node("Add", ["x", "w"], ["y"], name="add", domain=domain)]
    if nested_domain:
        inner = helper.make_graph(
            [helper.make_node("Evil", [], ["z"], name="deep", domain=nested_domain)], "inner", [], []
        )
        nodes.append(helper.make_node("If", ["x"], ["q"], name="if", then_branch=inner))
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        [tensor],
    )
    return helper.make_model(graph).SerializeToString()


system = f"{os.system.__module__}.system"
samples = []
for protocol in range(6):
    samples.append((f"harm-{protocol}.bin", f"PICKLE {system}", pickle.dumps(Harm(), protocol)))
    samples.append((f"optimised-{protocol}.bin", f"PICKLE {system}", pickletools.optimize(pickle.dumps(Harm(), protocol))))
for protocol in range(2, 6):
    samples.append((f"list-{protocol}.bin", "PICKLE", pickle.dumps([1, {"a": 2.5}, "text", None, True, 2**70], protocol)))
    samples.append((f"ordered-{protocol}.bin", "PICKLE collections.OrderedDict", pickle.dumps(collections.OrderedDict(a=1), protocol)))
samples += [
    ("broken-off.bin", f"PICKLE {system}", pickle.dumps(Harm(), 4)[:-1] + b"\xff"),
    ("trailing.bin", f"PICKLE {system}", pickle.dumps(Harm(), 4) + b"more"),
    ("inst.bin", "PICKLE os.system", b"(S'true'\nios\nsystem\n."),
    ("obj.bin", "PICKLE os.system", b"(cos\nsystem\nS'true'\no."),
    ("array.npy", "CLEAN", npy(np.arange(6.0))),
    ("objects.npy", "PICKLE", npy(np.array([Harm()], object))),
    ("arrays.npz", "CLEAN", zipped([("a.npy", npy(np.arange(3)))])),
    ("objects.npz", "PICKLE", zipped([("a.npy", npy(np.array([Harm()], object)))])),
    ("torch.zip", f"PICKLE {system}", zipped([("archive/data.pkl", pickle.dumps(Harm(), 2)), ("archive/data/0", b"\0" * 64)], zipfile.ZIP_STORED)),
    ("renamed.txt", f"PICKLE {system}", zipped([("readme.txt", zipped([("x", pickle.dumps(Harm(), 2))]))])),
    ("polyglot.bin", f"PICKLE {system}", b"harmless text " * 9 + zipped([("x", pickle.dumps(Harm(), 2))])),
    ("joblib-zlib.bin", f"PICKLE {system}", zlib.compress(pickle.dumps(Harm(), 4))),
    ("joblib-gzip.bin", f"PICKLE {system}", gzip.compress(pickle.dumps(Harm(), 4), mtime=0)),
    ("tar.bin", f"PICKLE {system}", tarred("a/b", pickle.dumps(Harm(), 4))),
    ("slip.zip", "leads out", zipped([("../../etc/passwd", b"x")])),
    ("absolute.zip", "leads out", zipped([("/etc/passwd", b"x")])),
    ("windows.zip", "leads out", zipped([("..\\x", b"x")])),
    ("slip.tar", "leads out", tarred("../x")),
    ("symlink.tar", "a link", tarred("x", kind=tarfile.SYMTYPE)),
    ("hardlink.tar", "a link", tarred("x", kind=tarfile.LNKTYPE)),
    ("bomb.zip", "times as many", zipped([("zeros", b"\0" * (8 << 20))])),
    ("bomb.gz", "times as many", gzip.compress(b"\0" * (8 << 20), mtime=0)),
    ("matryoshka.zip", "in each other", zipped([("a", zipped([("b", zipped([("c", zipped([("d", b"x")]))]))]))])),
    ("text.txt", "CLEAN", b"cat\ndog\nbird\n(in brackets\nfoo\n."),
    ("csv.txt", "CLEAN", b"city,amount\nBern,1\nBasel,2\n"),
    ("json.txt", "CLEAN", b'{"learner": {"trees": [1, 2, 3]}}'),
    ("empty.bin", "CLEAN", b""),
    ("model.onnx", "CLEAN", model()),
    ("microsoft.onnx", "CLEAN", model(domain="com.microsoft")),
    ("custom.onnx", "operator evil.Add", model(domain="evil")),
    ("nested.onnx", "operator deep.evil.Evil", model(nested_domain="deep.evil")),
    ("external.onnx", "CLEAN", model(external=[("location", "weights.bin"), ("offset", "0"), ("length", "4")])),
    ("absolute.onnx", "external data at '/etc/passwd'", model(external=[("location", "/etc/passwd")])),
    ("dots.onnx", "external data at 'a/../../b'", model(external=[("location", "a/../../b")])),
    ("drive.onnx", "external data at 'C:", model(external=[("location", "C:\\x")])),
    ("key.onnx", "external data key 'basepath'", model(external=[("location", "w"), ("basepath", "/")])),
    ("twice.onnx", "comes twice", model(external=[("location", "w"), ("location", "../w")])),
    ("offset.onnx", "offset '-1'", model(external=[("location", "w"), ("offset", "-1")])),
]
lines = [f"{name}\t{expected}\t{base64.b64encode(content).decode()}" for name, expected, content in samples]
(pathlib.Path(__file__).parent / "samples.txt").write_text("\n".join(lines) + "\n")
