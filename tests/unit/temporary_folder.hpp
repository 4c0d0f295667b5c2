// SPDX-License-Identifier: GPL-2.0
// A folder of a test's own, which all may write; gone with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/stat.h>

namespace lb {

struct TemporaryFolder {
    TemporaryFolder()
    {
        std::string name = std::filesystem::temp_directory_path() / "lb.XXXXXX";
        path = ::mkdtemp(name.data());
        ::chmod(path.c_str(), 0777);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    [[nodiscard]] std::string text(const std::string &name) const
    {
        std::ifstream file(path / name);
        std::ostringstream all;
        all << file.rdbuf();
        return all.str();
    }
    void write(const std::string &name, const std::string &content) const
    {
        std::ofstream file(path / name);
        file << content;
    }

    std::filesystem::path path{};
};

} // namespace lb
