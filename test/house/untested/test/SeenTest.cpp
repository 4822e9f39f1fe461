//===- SeenTest.cpp - The test of the switch that has one -----------------===//

bool breaks() { return Sabotage{.seen = true}.seen; }
