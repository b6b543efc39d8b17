#pragma once

#include "core/secret.h"
#include "vcs/host.h"

#include <string>
#include <vector>

namespace slipway::vcs {

/// GitHub's webhooks. Signed by HMAC-SHA256 over the raw body (X-Hub-Signature-256); the older
/// X-Hub-Signature is SHA-1 and not looked at. With no secret nothing is ever good.
class GithubEvents final : public Deliveries {
 public:
  GithubEvents(std::string forge, std::vector<Secret> secrets);

  bool recognises(const Headers& headers) const override;
  Signature check(const Headers& headers, std::string_view body) const override;
  std::string delivery_id(const Headers& headers) const override;
  std::string event(const Headers& headers) const override;
  Headers kept(const Headers& headers) const override;
  /// Understands JSON and the form that a webhook sends when its content type was left as GitHub proposes it.
  Result<Heard> hear(const Headers& headers, std::string_view body) const override;

 private:
  std::string forge_;
  std::vector<Secret> secrets_;
};

}  // namespace slipway::vcs
