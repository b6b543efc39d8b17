#include "bot/work/path_pattern.h"

#include <fnmatch.h>

#include <algorithm>

namespace slipway::work {
namespace {

constexpr std::string_view kAnyFolders = "**";

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> out;
  while (true) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") out.emplace_back(part);
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

bool is_pattern(std::string_view dir) { return dir.find_first_of("*?[") != std::string_view::npos; }

PathPattern::PathPattern(std::string_view dir, std::string_view pattern) {
  segments_ = segments_of(dir);
  for (std::string& segment : segments_of(pattern)) {
    if (segment != "..") {
      segments_.push_back(std::move(segment));
    } else if (segments_.empty()) {
      nowhere_ = true;
    } else {
      segments_.pop_back();
    }
  }
  for (const std::string& segment : segments_) {
    if (is_pattern(segment) || segment.find('\\') != std::string::npos || &segment == &segments_.back())
      break;
    start_ += segment + "/";
  }
}

bool PathPattern::matches(std::string_view path) const {
  if (nowhere_ || !path.starts_with(start_)) return false;
  // Where in the pattern one may stand after each name of the path. "**" may stand for nothing.
  std::vector<bool> here(segments_.size() + 1);
  const auto pass = [this](std::vector<bool>& places) {
    for (std::size_t at = 0; at < segments_.size(); ++at)
      if (places[at] && segments_[at] == kAnyFolders) places[at + 1] = true;
  };
  here[0] = true;
  pass(here);
  for (const std::string& name : segments_of(path)) {
    std::vector<bool> next(here.size());
    for (std::size_t at = 0; at < segments_.size(); ++at) {
      if (!here[at]) continue;
      if (segments_[at] == kAnyFolders) {
        next[at] = true;
      } else if (fnmatch(segments_[at].c_str(), name.c_str(), 0) == 0) {
        next[at + 1] = true;
      }
    }
    pass(next);
    if (next.back()) return true;
    here = std::move(next);
  }
  return false;
}

bool any_matches(std::string_view dir, const std::vector<std::string>& patterns,
                 const std::vector<std::string>& paths) {
  struct Rule {
    PathPattern pattern;
    bool meant;
  };
  std::vector<Rule> rules;
  for (const std::string& text : patterns) {
    const bool meant = !text.starts_with('!');
    rules.push_back({PathPattern(dir, meant ? text : text.substr(1)), meant});
  }
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    const auto last = std::find_if(rules.rbegin(), rules.rend(),
                                   [&](const Rule& rule) { return rule.pattern.matches(path); });
    return last != rules.rend() && last->meant;
  });
}

}  // namespace slipway::work
