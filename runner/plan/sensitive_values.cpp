#include "runner/plan/sensitive_values.h"

#include "core/redactor.h"

#include <algorithm>

namespace slipway::runner {

void SensitiveValues::learn(const Json& value) {
  if (value.is_string() && value.string().size() >= kMinRedacted) known_.emplace(value.string());
  if (value.is_array())
    for (const Json& item : value.array_items()) learn(item);
  if (value.is_object())
    for (const auto& [key, item] : value.object_members()) learn(item);
}

bool SensitiveValues::knows(std::string_view text) const {
  return text.size() >= kMinRedacted && known_.find(text) != known_.end();
}

bool SensitiveValues::may_show(std::string_view text) {
  if (text.size() < kMinRedacted) return true;
  if (known_.find(text) != known_.end()) return false;
  shown_.push_back(Hash{}(text));
  if (shown_.size() >= compact_at_) {
    compact();
    compact_at_ = std::max(compact_at_, 2 * shown_.size());
  }
  return true;
}

bool SensitiveValues::shown_too_early() {
  compact();
  return std::any_of(known_.begin(), known_.end(), [this](const Secret& value) {
    return std::binary_search(shown_.begin(), shown_.end(), Hash{}(value));
  });
}

void SensitiveValues::forget_shown() { shown_.clear(); }

void SensitiveValues::compact() {
  std::sort(shown_.begin(), shown_.end());
  shown_.erase(std::unique(shown_.begin(), shown_.end()), shown_.end());
}

}  // namespace slipway::runner
