#include "core/freeze.h"

#include "core/settings.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace slipway {

bool FreezeScope::covers(const ChangeId& change) const {
  const ProjectId& project = change.project;
  return covers(change.pull.repo) && (dir.empty() || dir == project.dir) &&
         (workspace.empty() || workspace == project.workspace) && (name.empty() || name == project.name);
}

std::string to_string(const FreezeScope& scope) {
  if (scope.everywhere()) return "everything";
  std::string out = to_string(scope.repo);
  if (!scope.name.empty()) return out + " " + scope.name;
  if (!scope.dir.empty()) out += " " + scope.dir;
  if (!scope.workspace.empty()) out += fmt::format("{}@{}", scope.dir.empty() ? " " : "", scope.workspace);
  return out;
}

std::optional<Time> ends(const Withheld& withheld) {
  return std::visit([](const auto& why) { return why.until; }, withheld);
}

std::string words_of(const Withheld& withheld) {
  if (const auto* closed = std::get_if<WindowClosed>(&withheld)) {
    return closed->until ? "its next window opens " + closed->opens
                         : "none of its windows opens within a year";
  }
  const auto& freeze = std::get<Freeze>(withheld);
  return fmt::format("it is frozen by `{}` since {}{}: {}", freeze.by, minute_of(freeze.since),
                     freeze.until ? " until " + minute_of(*freeze.until) : "", freeze.reason);
}

Result<std::chrono::seconds> parse_freeze_length(std::string_view text) {
  try {
    const std::chrono::seconds length = Settings(std::string(text), "--for").duration();
    if (length < kShortestFreeze) return refuse("--for: a freeze lasts at least 1m");
    if (length > kLongestFreeze)
      return refuse("--for: a freeze lasts at most 366d; without --for it lasts until a person ends it");
    return length;
  } catch (const SettingsError& error) {
    return refuse(error.what());
  }
}

std::string minute_of(Time time) {
  const std::tm at = fmt::gmtime(std::chrono::system_clock::to_time_t(time));
  return fmt::format("{:%b} {}, {:%H:%M} UTC", at, at.tm_mday, at);
}

}  // namespace slipway
