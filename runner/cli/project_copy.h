#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace slipway::runner {

/// Beyond so many files and directories, a directory below the project's is shown read-only instead of
/// copied.
inline constexpr std::size_t kMaxCopied = 1000;
/// A larger file is shown read-only too: code isn't that large.
inline constexpr std::uint64_t kMaxCopiedFile = 16u << 20;

/// Which entries of a project's directory are copied for a run, whole, and which are only shown. It depends
/// on the checkout alone, so that plan and apply see the same. Names, sorted. Left out: .git, and .terraform,
/// which is a run's own.
struct ProjectSurvey {
  std::vector<std::string> copied;
  std::vector<std::string> shown;
};
ProjectSurvey survey_project(const std::string& directory);

/// A copy with its times, so that what a run changes is found again.
void copy_entry(const std::string& from, const std::string& to);
/// Names below `copy` that are not in `original`, or differ in size or time; what `skip` holds is left out at
/// the top.
std::vector<std::string> changed_files(const std::string& copy, const std::string& original,
                                       const std::vector<std::string>& skip);

}  // namespace slipway::runner
