#pragma once

#include "bot/config/config.h"
#include "core/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace slipway::config {

/// What a repository says of itself: slipway.yaml, or else atlantis.yaml, at the root of its base branch. It
/// may name projects, when each is planned and whom it waits for, and add policies. Everything that decides
/// what runs, with which credentials, and how a plan is judged is the server's: here it is refused, or passed
/// over with a note where nothing is lost by that.

inline constexpr std::string_view kRepoFile = "slipway.yaml";
inline constexpr std::string_view kAtlantisFile = "atlantis.yaml";
inline constexpr std::size_t kMaxRepoFile = 512u << 10;  // bytes

struct RepoFileText {
  std::string name;  // one of the two
  std::string text;
  std::string branch;  // the base branch that it is read from: a project may be for some only
};

/// The server's word with what the file adds. The error is "FILE:LINE: what, and what to write instead".
Result<RepoConfig> with_repo_file(RepoConfig server, const RepoFileText& file);

}  // namespace slipway::config
