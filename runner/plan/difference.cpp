#include "runner/plan/difference.h"

#include <algorithm>

namespace slipway::runner {
namespace {

class Comparison {
 public:
  explicit Comparison(std::vector<AttributeDifference>& found) : found_(found) {}

  void compare(const PlanValue* before, const PlanValue* after) {
    if (before != nullptr && after != nullptr) {
      if (before->map() != nullptr && after->map() != nullptr) return members(*before->map(), *after->map());
      if (before->list() != nullptr && after->list() != nullptr)
        return items(*before->list(), *after->list());
      if (*before == *after && !holds_unknown(*after)) return;
    }
    found_.push_back({at_, before != nullptr ? std::optional(*before) : std::nullopt,
                      after != nullptr ? std::optional(*after) : std::nullopt});
  }

 private:
  void members(const PlanValue::Map& before, const PlanValue::Map& after) {
    for (const auto& [name, value] : before) {
      const auto other = after.find(name);
      step(name, &value, other != after.end() ? &other->second : nullptr);
    }
    for (const auto& [name, value] : after)
      if (before.find(name) == before.end()) step(name, nullptr, &value);
  }

  void items(const PlanValue::List& before, const PlanValue::List& after) {
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i)
      step(i, i < before.size() ? &before[i] : nullptr, i < after.size() ? &after[i] : nullptr);
  }

  void step(AttributeStep name, const PlanValue* before, const PlanValue* after) {
    at_.push_back(std::move(name));
    compare(before, after);
    at_.pop_back();
  }

  std::vector<AttributeDifference>& found_;
  AttributePath at_;
};

}  // namespace

bool holds_unknown(const PlanValue& value) {
  if (value.is_unknown()) return true;
  if (const auto* sensitive = std::get_if<PlanValue::Sensitive>(&value.value()))
    return sensitive->tag.empty();
  if (const auto* list = value.list()) return std::any_of(list->begin(), list->end(), holds_unknown);
  if (const auto* map = value.map())
    return std::any_of(map->begin(), map->end(),
                       [](const auto& member) { return holds_unknown(member.second); });
  return false;
}

std::vector<AttributeDifference> differences(const PlanValue& before, const PlanValue& after) {
  std::vector<AttributeDifference> found;
  Comparison(found).compare(&before, &after);
  return found;
}

}  // namespace slipway::runner
