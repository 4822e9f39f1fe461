//===- JsonLibrary.cpp - The library's own code, compiled once ------------===//
//
// Boost.JSON's headers are Debian's, its code is built here: no library to link.
//
//===----------------------------------------------------------------------===//

#include <boost/json/src.hpp>
