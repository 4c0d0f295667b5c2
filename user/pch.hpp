// SPDX-License-Identifier: GPL-2.0
// Compiled once and given to every file, only to save time: each file includes what it needs.
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <boost/system/result.hpp>
#include <fmt/format.h>
