//===- weftc.cpp - The compiler driver ------------------------------------===//

#include "compiler/driver/Driver.h"

int main(int argc, char **argv) { return weft::driver::runDriver(argc, argv); }
