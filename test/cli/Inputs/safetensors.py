"""Writes a safetensors file of ones: safetensors.py FILE NAME:DTYPE:SIZES ..."""
import json
import struct
import sys

ONES = {"F32": struct.pack("<f", 1), "F64": struct.pack("<d", 1), "I64": struct.pack("<q", 1)}
header, data = {}, b""
for one in sys.argv[2:]:
    name, dtype, sizes = one.split(":")
    shape = [int(size) for size in sizes.split(",") if size]
    count = 1
    for size in shape:
        count *= size
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + count * len(ONES[dtype])]}
    data += count * ONES[dtype]
text = json.dumps(header).encode()
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
