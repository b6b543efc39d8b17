#include "runner/plan/noise.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::runner {
namespace {

using Words = std::vector<std::string>;

bool word_matches(const std::string& pattern, const std::string& word) {
  return pattern == "*" || pattern == word;
}

/// As far as the shorter of them goes.
bool begin_alike(const Words& pattern, const Words& words) {
  const std::size_t size = std::min(pattern.size(), words.size());
  return std::equal(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(size), words.begin(),
                    word_matches);
}

Words words_of(const AttributePath& path) {
  Words words;
  for (const AttributeStep& step : path)
    if (const auto* name = std::get_if<std::string>(&step)) words.push_back(*name);
  return words;
}

/// A copy of a value without what the rest of a pattern names in it.
class Pruning {
 public:
  Pruning(const Words& pattern, Words at, std::set<std::string>& found)
      : pattern_(pattern), at_(std::move(at)), found_(found) {}

  PlanValue prune(const PlanValue& value) {
    if (const auto* list = value.list()) {
      PlanValue::List out;
      for (const PlanValue& item : *list) out.push_back(prune(item));
      return PlanValue::Value(std::move(out));
    }
    const auto* map = value.map();
    if (map == nullptr) return value;
    PlanValue::Map out;
    for (const auto& [name, item] : *map) {
      if (!word_matches(pattern_[at_.size()], name)) {
        out.emplace(name, item);
        continue;
      }
      at_.push_back(name);
      if (at_.size() == pattern_.size())
        found_.insert(fmt::format("{}", fmt::join(at_, ".")));
      else
        out.emplace(name, prune(item));
      at_.pop_back();
    }
    return PlanValue::Value(std::move(out));
  }

 private:
  const Words& pattern_;
  Words at_;
  std::set<std::string>& found_;
};

/// False when nothing of the difference is left.
bool reduce(AttributeDifference& difference, const Words& place, const Words& pattern,
            std::set<std::string>& left_out) {
  if (!begin_alike(pattern, place)) return true;
  if (pattern.size() <= place.size()) {
    const Words named(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(pattern.size()));
    left_out.insert(fmt::format("{}", fmt::join(named, ".")));
    return false;
  }
  Pruning pruning(pattern, place, left_out);
  if (difference.before) difference.before = pruning.prune(*difference.before);
  if (difference.after) difference.after = pruning.prune(*difference.after);
  return difference.before != difference.after || (difference.after && holds_unknown(*difference.after));
}

}  // namespace

Noise::Noise(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) patterns_.push_back(address_words(pattern));
}

void Noise::leave_out(std::vector<AttributeDifference>& differences, std::string_view address,
                      std::set<std::string>& left_out) const {
  if (patterns_.empty()) return;
  const Words resource = address_words(address);
  for (const Words& pattern : patterns_) {
    if (pattern.size() <= resource.size() || !begin_alike(pattern, resource)) continue;
    std::erase_if(differences, [&](AttributeDifference& difference) {
      Words place = resource;
      for (std::string& word : words_of(difference.path)) place.push_back(std::move(word));
      return !reduce(difference, place, pattern, left_out);
    });
  }
}

}  // namespace slipway::runner
