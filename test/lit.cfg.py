# lit: text tests of the IR (test/dialects, test/compiler) and of the language (test/lang). CMake writes lit.site.cfg.py,
# which names the build tree and then loads this file.
import os
import sys

config.name = "weft"

# A module of its own, because lit hands the format to its worker processes.
sys.path.insert(0, os.path.dirname(__file__))
from text_test import TextTest

config.test_format = TextTest(True)
config.suffixes = [".mlir", ".weft", ".lit"]
config.excludes = ["unit", "reference", "data"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.weft_build, "test", "lit")
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.weft_build, "bin"), config.llvm_bin, os.environ["PATH"]])
config.substitutions.append(("%examples", os.path.join(os.path.dirname(config.test_source_root), "examples")))
