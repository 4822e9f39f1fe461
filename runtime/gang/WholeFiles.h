//===- WholeFiles.h - What was learned, as files for others ---------------===//
//
// The states that begin as operands, the parameters, whole, in the published
// format: NAME-STEP.safetensors for the newest checkpoints and NAME.safetensors
// for the last one. NAME is the gang's, without ".train". What only training
// needs (moments of an optimizer) begins as zeros and is not in them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/checkpoint/Manifest.h"
#include "runtime/io/Storage.h"
#include "runtime/plan/Plan.h"

#include <string>

namespace weft::gang {

/// "lm" of gang "lm.train".
std::string wholeFileName(const plan::Gang &gang);

/// Reads the shards of `manifest` in `shards` and writes both files into `to`, each whole or not at all; then removes
/// files of older steps but the newest `checkpointKeep`. Blocks. Errors: those of readShards and of the storage.
base::Result<> writeWholeFiles(io::Storage &storage, const std::string &shards, const std::string &to,
                               const plan::Plan &plan, const plan::Gang &gang, const checkpoint::Manifest &manifest);

} // namespace weft::gang
