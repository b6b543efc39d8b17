#include "bot/web/site.h"
#include "core/crypto.h"

#include <algorithm>

namespace slipway::web {
namespace {

/// The secret that a request carries: "Bearer X", or the password of "Basic …".
std::string presented(const net::Request& request) {
  const std::string_view header = request.header("authorization");
  if (header.starts_with("Bearer ")) return std::string(header.substr(7));
  if (!header.starts_with("Basic ")) return {};
  const std::string pair = from_base64(header.substr(6));
  const auto colon = pair.find(':');
  return colon == std::string::npos ? std::string() : pair.substr(colon + 1);
}

bool may(const config::Access& access, const std::string& secret, const std::string& what) {
  if (access.open) return true;
  return std::any_of(access.tokens.begin(), access.tokens.end(), [&](const config::AccessToken& token) {
    return equal_in_constant_time(token.token.reveal(), secret) && !secret.empty() &&
           std::find(token.may.begin(), token.may.end(), what) != token.may.end();
  });
}

}  // namespace

net::Handler guarded(const Site& site, std::string what, net::Handler handler) {
  const config::Access& access = site.tools.config.access;
  return [&access, what = std::move(what), handler = std::move(handler)](const net::Request& request) {
    if (may(access, presented(request), what)) return handler(request);
    net::Response refused =
        net::Response::text(401, "A token of `access:` that may \"" + what + "\" is needed.\n");
    refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"slipway\"");
    return refused;
  };
}

}  // namespace slipway::web
