// SPDX-License-Identifier: GPL-2.0
// main() is Boost.Test's.
#define BOOST_TEST_MODULE unit
#include <boost/test/unit_test.hpp>
