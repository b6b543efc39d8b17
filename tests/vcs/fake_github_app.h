#pragma once

#include "core/clock.h"
#include "core/http_client.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::vcs {

/// An app as GitHub knows it: who installed it, and the tokens it was given. It takes only what the app's own
/// key has signed.
class FakeGithubApp {
 public:
  std::string id = "4711";
  std::string slug = "slipway";
  std::string key;                                   // PEM
  std::map<std::string, std::int64_t> installed_by;  // owner -> installation
  std::chrono::seconds life{3600};                   // of a token

  /// The answer to what only the app itself may ask; nothing when it is not that.
  std::optional<HttpResponse> answer(const HttpRequest& request, std::string_view path, Time now);
  /// The installation whose token this is; nothing when it is none, or no longer.
  std::optional<std::string> owner_of(std::string_view authorization, Time now) const;
  void revoke_all() { tokens_.clear(); }
  int given() const { return given_; }

 private:
  struct Token {
    std::string owner;
    Time expires;
  };
  bool signed_by_us(std::string_view authorization, Time now) const;

  std::map<std::string, Token, std::less<>> tokens_;
  int given_ = 0;
};

}  // namespace slipway::vcs
