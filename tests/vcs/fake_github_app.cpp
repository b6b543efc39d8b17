#include "tests/vcs/fake_github_app.h"

#include "core/crypto.h"
#include "core/json.h"
#include "core/json_reader.h"
#include "core/rsa_key.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace slipway::vcs {
namespace {

HttpResponse said(int status, const Json& body) { return {status, {}, body.dump()}; }

std::string from_base64url(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return from_base64(text);
}

std::int64_t seconds(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string_view authorization_of(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers)
    if (name == "Authorization") return value;
  return {};
}

}  // namespace

bool FakeGithubApp::signed_by_us(std::string_view authorization, Time now) const {
  constexpr std::string_view kBearer = "Bearer ";
  if (!authorization.starts_with(kBearer)) return false;
  const std::string token(authorization.substr(kBearer.size()));
  const auto second = token.rfind('.');
  const auto first = token.find('.');
  if (first == std::string::npos || first == second) return false;
  const auto ours = RsaKey::from_pem(Secret(key));
  if (!ours || from_base64url(token.substr(second + 1)) != ours->sign_sha256(token.substr(0, second)))
    return false;
  const auto header = parse_json(from_base64url(token.substr(0, first)));
  const auto claims = parse_json(from_base64url(token.substr(first + 1, second - first - 1)));
  if (!header || !claims) return false;
  const JsonReader in(*claims);
  const std::int64_t at = seconds(now);
  return JsonReader(*header)["alg"].string() == "RS256" && in["iss"].string() == id &&
         in["iat"].integer() <= at && in["exp"].integer() > at && in["exp"].integer() <= at + 600;
}

std::optional<std::string> FakeGithubApp::owner_of(std::string_view authorization, Time now) const {
  constexpr std::string_view kBearer = "Bearer ";
  if (!authorization.starts_with(kBearer)) return {};
  const auto found = tokens_.find(authorization.substr(kBearer.size()));
  if (found == tokens_.end() || found->second.expires <= now) return {};
  return found->second.owner;
}

std::optional<HttpResponse> FakeGithubApp::answer(const HttpRequest& request, std::string_view path,
                                                  Time now) {
  const bool about_app = path == "/app" || path.starts_with("/app/") || path.ends_with("/installation");
  if (!about_app) return {};
  if (!signed_by_us(authorization_of(request), now))
    return said(401, Json::object({{"message", "A JSON web token could not be decoded"}}));
  const auto installation = [](const std::string& owner, std::int64_t number) {
    return Json::object({{"id", number},
                         {"account", Json::object({{"login", owner}})},
                         {"repository_selection", "all"},
                         {"suspended_at", nullptr}});
  };
  if (path == "/app")
    return said(200, Json::object({{"slug", slug}, {"html_url", "https://github.com/apps/" + slug}}));
  if (path == "/app/installations") {
    Json list = Json::array();
    for (const auto& [owner, number] : installed_by) list.push_back(installation(owner, number));
    return said(200, list);
  }
  if (path.ends_with("/installation")) {
    // /repos/OWNER/NAME/installation, /orgs/OWNER/installation, /users/OWNER/installation
    const auto from = path.find('/', 1) + 1;
    const std::string owner(path.substr(from, path.find('/', from) - from));
    const auto found = installed_by.find(owner);
    if (found == installed_by.end()) return said(404, Json::object({{"message", "Not Found"}}));
    return said(200, installation(found->first, found->second));
  }
  for (const auto& [owner, number] : installed_by) {
    if (path != fmt::format("/app/installations/{}/access_tokens", number)) continue;
    const std::string token = fmt::format("ghs_{}", ++given_);
    tokens_[token] = {owner, now + life};
    return said(201, Json::object({{"token", token},
                                   {"expires_at", fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                                                              fmt::gmtime(seconds(now + life)))}}));
  }
  return said(404, Json::object({{"message", "Not Found"}}));
}

}  // namespace slipway::vcs
