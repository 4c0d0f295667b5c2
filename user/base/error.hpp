// SPDX-License-Identifier: GPL-2.0
// What went wrong, in words an operator can act on, and Result<T>, which holds a value or that.
// Functions say what they know; who prints it adds the program's name and the place in a file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <boost/system/result.hpp>

namespace lb {

struct Error {
    // Nothing converts to this, so that no number or text silently becomes an Error: Result<T>
    // would not know which of the two a value is meant to be.
    struct OnlyByName {
        explicit OnlyByName() = default;
    };
    OnlyByName onlyByName = OnlyByName();
    int code = 0;                       // errno, or 0 when the system was not asked
    std::string what{};                 // a sentence without a full stop
    std::string hint{};                 // what to do about it, if that is known
    std::string attribute{};            // the spec's name of what is to blame: "key.port"
    std::optional<std::size_t> index{}; // which command of a transaction was refused
    std::size_t column = 0; // of the word to blame, from 1; set for errors in what a user wrote
};

template <typename T>
using Result = boost::system::result<T, Error>;

// "what (hint)", or just "what".
std::string toString(const Error &error);

// The error of a system call: "opening /run/netns/blue: No such file or directory".
Error systemError(int code, std::string doing);

[[noreturn]] void throw_exception_from_error(const Error &error, const boost::source_location &);

} // namespace lb
