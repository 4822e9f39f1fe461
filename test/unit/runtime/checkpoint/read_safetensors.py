"""Reads a safetensors file as the published format says, and compares it with what is wanted.

    read_safetensors.py FILE 'NAME=TEXT.. NAME:DTYPE[SHAPE]:BYTES:FIRST..'

FIRST is a tensor's first byte, or - where it has none. Metadata and tensors are sorted by name. Exit code 1 where they differ.
"""
import json
import struct
import sys

data = open(sys.argv[1], "rb").read()
(length,) = struct.unpack("<Q", data[:8])
header = json.loads(data[8 : 8 + length].decode("utf-8"))
body = data[8 + length :]
found = [f"{name}={text}" for name, text in sorted(header.pop("__metadata__", {}).items())]
end = 0
for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
    begin, stop = entry["data_offsets"]
    assert begin == end, f"{name} begins at {begin}, wanted {end}"
    end = stop
assert end == len(body), f"the tensors end at {end} of {len(body)}"
for name, entry in sorted(header.items()):
    begin, stop = entry["data_offsets"]
    shape = ",".join(str(size) for size in entry["shape"])
    found.append(f"{name}:{entry['dtype']}[{shape}]:{stop - begin}:{body[begin] if stop > begin else '-'}")
if " ".join(found) != sys.argv[2]:
    sys.exit(f"found  {' '.join(found)}\nwanted {sys.argv[2]}")
