#pragma once

#include "bot/commands/command.h"
#include "core/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::commands {

/// What a comment's first line asks for.
struct Asked {
  const CommandKind* kind = nullptr;
  change::Call call;
};

inline constexpr std::size_t kMaxCommandLine = 1'000;  // bytes of the first line
inline constexpr std::size_t kMaxFlags = 20;

/// Nothing: the comment is none of ours (its first line does not begin with one of `prefixes`; quoted text
/// and code never do). An error is for the person who wrote it.
std::optional<Result<Asked>> parse_comment(std::string_view body, const std::vector<std::string>& prefixes);

}  // namespace slipway::commands
