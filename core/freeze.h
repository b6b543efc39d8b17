#pragma once

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace slipway {

/// What a freeze covers: everything, one repository, or some of its projects. Whatever is empty is any.
struct FreezeScope {
  RepoId repo = {};  // empty: every repository
  std::string dir = {};
  std::string workspace = {};
  std::string name = {};
  auto operator<=>(const FreezeScope&) const = default;

  bool everywhere() const { return repo == RepoId(); }
  bool whole_repo() const { return dir.empty() && workspace.empty() && name.empty(); }
  bool covers(const RepoId& other) const { return everywhere() || repo == other; }
  bool covers(const ChangeId& change) const;
};

/// Everything, github/acme/infra, github/acme/infra prod/web
std::string to_string(const FreezeScope& scope);

/// A person holds back applies: none begins before it ends, and what has begun goes on.
struct Freeze {
  FreezeScope scope;
  std::string reason;
  std::string by;
  bool by_operator = false;  // ordered at the server, and only there it is ended
  Time since{};
  std::optional<Time> until;  // nothing: until a person ends it
  bool operator==(const Freeze&) const = default;

  bool holds(Time now) const { return !until || now < *until; }
};

/// Applies of a project may not begin at this time of the day or week.
struct WindowClosed {
  std::optional<Time> until;  // nothing: none opens within a year
  std::string opens;          // the same on the clock there: "Mon Nov 23, 09:00 (Europe/Berlin)"
  bool operator==(const WindowClosed&) const = default;
};

/// Why an apply that is next in its queue does not begin.
using Withheld = std::variant<Freeze, WindowClosed>;

/// When it ends by itself; nothing: nobody knows.
std::optional<Time> ends(const Withheld& withheld);

/// "it is frozen by `bob` since Nov 22, 19:10 UTC: year-end close"
std::string words_of(const Withheld& withheld);

inline constexpr std::chrono::seconds kShortestFreeze{60};
inline constexpr std::chrono::seconds kLongestFreeze{std::chrono::hours(24 * 366)};
inline constexpr std::size_t kMaxFreezeReason = 500;  // bytes

/// How long a freeze lasts, as people write it: "90m", "3d".
Result<std::chrono::seconds> parse_freeze_length(std::string_view text);

/// Nov 22, 19:10 UTC
std::string minute_of(Time time);

}  // namespace slipway
