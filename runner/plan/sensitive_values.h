#pragma once

#include "core/json.h"
#include "core/secret.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace slipway::runner {

/// The strings that some mask of a plan covers, in memory while it is read and no longer. Terraform forgets
/// the mark of some values after an apply (`terraform_data.output`), so what was sensitive once is sensitive
/// wherever it stands.
class SensitiveValues {
 public:
  /// Every string in `value` of at least kMinRedacted bytes: a shorter one would blank out ordinary words.
  void learn(const Json& value);
  bool knows(std::string_view text) const;

  /// `text` is about to be shown. False when it must not be.
  bool may_show(std::string_view text);
  /// Something was shown before it was known to be sensitive: the plan has to be read again, knowing it.
  /// Rarely true without a reason (two strings with one fingerprint), never false with one.
  bool shown_too_early();
  void forget_shown();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const Secret& value) const { return (*this)(value.reveal()); }
    std::size_t operator()(std::string_view value) const { return std::hash<std::string_view>{}(value); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Secret& a, const Secret& b) const { return a.reveal() == b.reveal(); }
    bool operator()(std::string_view a, const Secret& b) const { return a == b.reveal(); }
    bool operator()(const Secret& a, std::string_view b) const { return a.reveal() == b; }
  };
  void compact();

  std::unordered_set<Secret, Hash, Equal> known_;
  std::vector<std::size_t> shown_;  // fingerprints: a plan has more strings than memory should hold
  std::size_t compact_at_ = 1u << 16;
};

}  // namespace slipway::runner
