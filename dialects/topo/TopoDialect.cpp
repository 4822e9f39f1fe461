//===- TopoDialect.cpp - Registration of the topo dialect -----------------===//

#include "dialects/topo/Topo.h"

#include "dialects/topo/TopoDialect.cpp.inc"

void weft::topo::TopoDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/topo/TopoOps.cpp.inc"
      >();
}
