#include "vcs/github_app.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "vcs/timestamps.h"
#include "vcs/uri.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::vcs {
namespace {

constexpr std::string_view kAboutFields[] = {"slug", "html_url"};
constexpr std::string_view kInstallationFields[] = {
    "id", "account", "login", "slug", "repository_selection", "suspended_at"};
constexpr std::string_view kTokenFields[] = {"token", "expires_at"};

/// RFC 7515: base64url without padding.
std::string base64url(std::string_view bytes) {
  std::string out = to_base64(bytes);
  while (out.ends_with('=')) out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::int64_t seconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// What the path is about: "acme/infra" of /repos/acme/infra/pulls, "acme" of /orgs/acme/teams.
std::string where_of(std::string_view path) {
  std::vector<std::string_view> parts;
  std::string_view rest = path.substr(0, path.find('?'));
  while (!rest.empty() && parts.size() < 4) {
    const auto slash = std::min(rest.find('/'), rest.size());
    parts.push_back(rest.substr(0, slash));
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  if (parts.size() > 3 && parts[1] == "repos") return fmt::format("{}/{}", parts[2], parts[3]);
  if (parts.size() > 2 && parts[1] == "orgs") return std::string(parts[2]);
  throw Failure(fmt::format("a GitHub App has no token for {}: it is about no repository", path));
}

RsaKey key_of(const HostConfig::App& app) {
  auto key = RsaKey::from_pem(app.private_key);
  if (!key) throw Failure("the private key of the GitHub App: " + key.error().text());
  return *std::move(key);
}

}  // namespace

GithubApp::GithubApp(HttpClient& http, GithubRest::Config rest, const HostConfig::App& app,
                     std::function<Time()> now)
    : http_(http),
      config_(std::move(rest)),
      now_(now),
      itself_(app.id, key_of(app), std::move(now)),
      rest_(http, config_, itself_) {}

Secret GithubApp::Itself::token(std::string_view, std::stop_token) {
  const Time at = now_();
  const Json header = Json::object({{"alg", "RS256"}, {"typ", "JWT"}});
  const Json claims = Json::object(
      {{"iat", seconds_of(at - kJwtBackdated)}, {"exp", seconds_of(at + kJwtLife)}, {"iss", id_}});
  std::string token = base64url(header.dump()) + "." + base64url(claims.dump());
  token += "." + base64url(key_.sign_sha256(token));
  return Secret(std::move(token));
}

Secret GithubApp::token(std::string_view path, std::stop_token stop) {
  const std::string where = where_of(path);
  return while_doing(fmt::format("asking for the app's token for {}", where),
                     [&] { return token_of(installation(where, stop), stop); });
}

bool GithubApp::renew(std::string_view path) {
  forget(where_of(path));
  return true;
}

void GithubApp::forget(const std::string& where) {
  known_.with([&](Known& known) {
    const auto found = known.installations.find(where);
    if (found == known.installations.end()) return;
    known.tokens.erase(found->second);
    known.installations.erase(found);
  });
}

std::string GithubApp::login(std::stop_token stop) { return about(stop).slug + "[bot]"; }

GithubApp::About GithubApp::about(std::stop_token stop) {
  if (auto known = known_.with([](const Known& one) { return one.about; })) return *known;
  const RestAnswer answer = rest_.get("/app", kAboutFields, stop);
  About about = rest_.read(answer, [](const JsonReader& json) {
    return About{json["slug"].string(), json["html_url"].string_or("")};
  });
  known_.with([&](Known& known) { known.about = about; });
  return about;
}

std::vector<GithubInstallation> GithubApp::installations(std::stop_token stop) {
  std::vector<GithubInstallation> out;
  rest_.each("/app/installations", kInstallationFields, stop, [&](const JsonReader& json) {
    // An enterprise's account has a slug in the place of a login.
    const JsonReader account = json["account"];
    const std::string login =
        account.empty() ? "" : account["login"].string_or(account["slug"].string_or(""));
    out.push_back({json["id"].integer(), login, json["repository_selection"].string_or("") == "all",
                   !json["suspended_at"].empty()});
    return true;
  });
  return out;
}

std::optional<std::int64_t> GithubApp::find_installation(const std::string& where, std::stop_token stop) {
  const auto known = known_.with([&](const Known& one) -> std::optional<std::int64_t> {
    const auto found = one.installations.find(where);
    if (found == one.installations.end()) return {};
    return found->second;
  });
  if (known) return known;
  std::vector<std::string> paths;
  if (where.find('/') != std::string::npos) {
    paths = {fmt::format("/repos/{}/installation", where)};
  } else {
    paths = {fmt::format("/orgs/{}/installation", percent_encoded(where)),
             fmt::format("/users/{}/installation", percent_encoded(where))};
  }
  for (const std::string& path : paths) {
    const RestAnswer answer = rest_.get(path, kInstallationFields, stop, {404});
    if (answer.status == 404) continue;
    const auto id = rest_.read(answer, [](const JsonReader& json) { return json["id"].integer(); });
    known_.with([&](Known& one) { one.installations[where] = id; });
    return id;
  }
  return {};
}

bool GithubApp::installed(const std::string& where, std::stop_token stop) {
  return find_installation(where, stop).has_value();
}

std::int64_t GithubApp::installation(const std::string& where, std::stop_token stop) {
  if (const auto found = find_installation(where, stop)) return *found;
  throw Failure(
      fmt::format("the GitHub App is not installed for {}: install it there, by {}/installations/new", where,
                  about(stop).url));
}

void GithubApp::in_installation(std::int64_t installation, std::stop_token stop,
                                FunctionRef<void(GithubRest&)> work) {
  GithubToken token(token_of(installation, stop));
  GithubRest rest(http_, config_, token);
  work(rest);
}

std::optional<Secret> GithubApp::kept_token(std::int64_t installation) const {
  const Time soon = now_() + kTokenReserve;
  return known_.with([&](const Known& known) -> std::optional<Secret> {
    const auto found = known.tokens.find(installation);
    if (found == known.tokens.end() || found->second.expires <= soon) return {};
    return found->second.token;
  });
}

Secret GithubApp::token_of(std::int64_t installation, std::stop_token stop) {
  if (auto kept = kept_token(installation)) return *std::move(kept);
  const RestAnswer answer =
      rest_.write({.method = "POST",
                   .path = fmt::format("/app/installations/{}/access_tokens", installation),
                   .body = Json::object(),
                   .repeat = Repeat::Safe,
                   .fields = kTokenFields},
                  stop, {404});
  if (answer.status == 404) {
    // Uninstalled, and perhaps installed anew under another number.
    known_.with([&](Known& known) {
      std::erase_if(known.installations, [&](const auto& one) { return one.second == installation; });
    });
    throw Failure("the GitHub App is not installed there any more", Retry::Later);
  }
  const Kept made = rest_.read(answer, [&](const JsonReader& json) {
    const auto expires = parse_rfc3339(json["expires_at"].string());
    if (!expires) json["expires_at"].mismatch("a time");
    return Kept{Secret(json["token"].string()), *expires};
  });
  known_.with([&](Known& known) { known.tokens.insert_or_assign(installation, made); });
  return made.token;
}

}  // namespace slipway::vcs
