// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace norikv::lint {

/// The repository: NORIKV_LINT_ROOT, else where it was built from.
std::filesystem::path repositoryRoot();

struct SourceFile {
    std::string path; ///< from the root, with slashes
    std::vector<std::string> lines;
};

/// The files under `folder` (all folders of the table for an empty one) whose name ends in one of `endings`,
/// in the order of their paths.
std::vector<SourceFile> sources(
    const std::filesystem::path& root, const std::string& folder, const std::vector<std::string>& endings);

/// One sentence each, `path:line: what is wrong`; empty when the house is in order.
std::vector<std::string> brokenRules(const std::filesystem::path& root);

/// The folders of design.md's table.
const std::vector<std::string>& folders();

} // namespace norikv::lint
