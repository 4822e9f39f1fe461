//===- New.h - In a folder without a line in the table --------------------===//
#pragma once
