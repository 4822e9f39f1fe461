//===- Base.h - What house/layers must find -------------------------------===//
#pragma once
