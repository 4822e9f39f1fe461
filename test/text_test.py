# The format of text tests: lit's shell tests, for files that have a RUN line. A file without one is data of the test beside it.
import lit.formats


class TextTest(lit.formats.ShTest):
    def getTestsForPath(self, testSuite, path_in_suite, litConfig, localConfig):
        with open(testSuite.getSourcePath(path_in_suite), encoding="utf-8", errors="replace") as file:
            if "RUN:" in file.read():
                yield from super().getTestsForPath(testSuite, path_in_suite, litConfig, localConfig)
