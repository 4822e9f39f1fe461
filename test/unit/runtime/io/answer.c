//===- answer.c - The smallest native code --------------------------------===//
int answer(void) { return 42; }
