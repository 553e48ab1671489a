#!/bin/sh
# Makes signed.zip and the two public keys beside this file, with the PyPI package model-signing 1.1.1 (Apache-2.0).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
mkdir -p "$work/model/sub"
echo "a model" > "$work/model/model.onnx"
echo "its weights" > "$work/model/sub/weights.bin"
for curve in prime256v1 secp384r1; do
  openssl ecparam -name "$curve" -genkey -noout -out "$work/$curve.pem"
  openssl ec -in "$work/$curve.pem" -pubout -out "$here/$curve.pub.pem" 2> /dev/null
  model_signing sign key "$work/model" --private_key "$work/$curve.pem" --signature "$work/$curve.sig"
done
(cd "$work" && rm -f "$here/signed.zip" && python3 -m zipfile -c "$here/signed.zip" model/ prime256v1.sig secp384r1.sig)
rm -r "$work"
