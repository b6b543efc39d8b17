#pragma once

#include "core/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway {

inline constexpr std::string_view kRedacted = "(sensitive)";
/// Shorter secrets would blank out ordinary words.
inline constexpr std::size_t kMinRedacted = 6;

/// Replaces known secret values in a stream of text, also where one is cut by a chunk's border. A value: a
/// copy is a stream of its own.
class Redactor {
 public:
  explicit Redactor(std::vector<Secret> secrets = {});

  /// What of the stream can be said now; at most the longest secret's length is held back.
  std::string add(std::string_view bytes);
  /// What was held back.
  std::string end();
  /// A whole text at once.
  std::string redact(std::string_view text) const;

 private:
  std::vector<Secret> secrets_;  // longest first
  std::size_t longest_ = 0;
  std::string held_;
};

}  // namespace slipway
