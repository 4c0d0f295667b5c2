// SPDX-License-Identifier: GPL-2.0
// A line as it is written becomes a line as it is meant: without its comment and blanks around.
#pragma once

#include "text.hpp"

namespace lb::config {

// @line is written at @place. A comment begins at a # or ! that stands in no double quotes and
// behind no \; it leaves a \ alone that ends the line.
void uncomment(std::string_view line, Place place, Text &into);

} // namespace lb::config
