#pragma once

#include "core/secret.h"

#include <stop_token>
#include <string_view>

namespace slipway::vcs {

/// As whom GitHub is spoken to. Any thread.
class GithubAuthority {
 public:
  virtual ~GithubAuthority() = default;
  /// The token for a request to this path below REST's root; may ask the forge for one. Throws Failure,
  /// Stopped. Empty: the request is made without.
  virtual Secret token(std::string_view path, std::stop_token stop) = 0;
  /// The forge refused the token of this path: true when another one is to be had.
  virtual bool renew(std::string_view path) = 0;
  /// Its key in the forge's section of the config: where a person has to look.
  virtual std::string_view key() const = 0;
};

/// One token for everything: a person's, or a machine account's.
class GithubToken final : public GithubAuthority {
 public:
  explicit GithubToken(Secret token) : token_(std::move(token)) {}
  Secret token(std::string_view, std::stop_token) override { return token_; }
  bool renew(std::string_view) override { return false; }
  std::string_view key() const override { return "token"; }

 private:
  Secret token_;
};

}  // namespace slipway::vcs
