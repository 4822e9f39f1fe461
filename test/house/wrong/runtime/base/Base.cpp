//===- Base.cpp - One include of each wrong kind --------------------------===//

#include <vector>

#include "runtime/base/Base.h"
#include "runtime/io/Clock.h"
#include "../frame/Frame.h"
#include <boost/asio.hpp>
