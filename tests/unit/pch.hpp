// SPDX-License-Identifier: GPL-2.0
// Compiled once for all tests, only to save time.
#include <map>
#include <string>
#include <vector>

#include <boost/system/result.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
