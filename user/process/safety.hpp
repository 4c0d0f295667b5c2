// SPDX-License-Identifier: GPL-2.0
// Whether a program may be run: that it is there, that whoever runs it can, and, if that is root,
// that nobody else can put another program in its place. Every folder on the way to it counts,
// and each symbolic link is followed. What is done about it is the caller's to say.
#pragma once

#include "identity.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace lb::process {

// Of stat(2), without following a link.
struct FileStatus {
    mode_t mode = 0;
    uid_t uid = 0;
    gid_t gid = 0;
};

// What is asked of the file system.
struct FileSystem {
    std::function<Result<FileStatus>(const std::string &path)> status{};
    std::function<Result<std::string>(const std::string &path)> readLink{};
    std::string searchPath{}; // of folders for names without a slash: "/usr/bin:/bin"
};

enum class Danger : std::uint8_t {
    none,
    missing,
    notExecutable, // by whom it would be run as
    unsafe,        // runs as root, and others can change it
};

struct Safety {
    Danger danger = Danger::none;
    std::string what{}; // a sentence without a full stop
    std::string hint{};
    std::string path{}; // where the program is, if it is there

    friend bool operator==(const Safety &, const Safety &) = default;
};

Safety judge(const std::string &program, const Identity &as, const FileSystem &files);

// The machine's own; its search path is this process's.
FileSystem thisFileSystem();

} // namespace lb::process
