#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace slipway {

/// A value that nobody may see by accident: it prints *** by every road (streams, fmt, JSON) and wipes its
/// memory. `reveal` is the one way out; each call of it is a place to look at in a review.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&);
  Secret& operator=(Secret&&) noexcept;
  ~Secret();

  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  /// In constant time.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  std::string value_;
};

std::ostream& operator<<(std::ostream& out, const Secret&);
/// fmt finds this one (fmt::format_as is not yet known to fmt 9.1's string views).
inline std::string_view format_as(const Secret&) { return "***"; }

}  // namespace slipway
