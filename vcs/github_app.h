#pragma once

#include "core/clock.h"
#include "core/guarded.h"
#include "core/rsa_key.h"
#include "vcs/github_authority.h"
#include "vcs/github_rest.h"
#include "vcs/host.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slipway::vcs {

/// GitHub takes no JSON Web Token that lives longer than ten minutes, and clocks differ.
inline constexpr std::chrono::seconds kJwtLife{540};
inline constexpr std::chrono::seconds kJwtBackdated{60};
/// An installation's token lives for an hour. One that is given out may be used for a whole fetch.
inline constexpr std::chrono::seconds kTokenReserve{600};

/// Where the app is installed: an organization or a person.
struct GithubInstallation {
  std::int64_t id = 0;
  std::string account;
  bool all_repositories = false;  // else those that were selected
  bool suspended = false;
};

/// As a GitHub App (docs.github.com/apps, "Authenticating with a GitHub App"): itself by a JSON Web Token
/// that its private key signs, and in a repository by the token of the installation there, which is kept and
/// renewed before it expires. Any thread; every call throws Failure or Stopped.
class GithubApp final : public GithubAuthority {
 public:
  /// Throws Failure when the private key is none.
  GithubApp(HttpClient& http, GithubRest::Config rest, const HostConfig::App& app, std::function<Time()> now);

  /// Of the installation that the path is about: /repos/OWNER/NAME/…, /orgs/OWNER/…
  Secret token(std::string_view path, std::stop_token stop) override;
  bool renew(std::string_view path) override;
  std::string_view key() const override { return "app"; }

  /// "slipway[bot]": whom its comments are by.
  std::string login(std::stop_token stop);
  std::vector<GithubInstallation> installations(std::stop_token stop);
  Secret token_of(std::int64_t installation, std::stop_token stop);
  /// Whether it is installed for a repository, "acme/infra", or an owner, "acme".
  bool installed(const std::string& where, std::stop_token stop);
  /// REST as one installation sees it: for what is about no single repository.
  void in_installation(std::int64_t installation, std::stop_token stop, FunctionRef<void(GithubRest&)> work);

 private:
  /// The app itself, which may see who installed it and no more.
  class Itself final : public GithubAuthority {
   public:
    Itself(std::string id, RsaKey key, std::function<Time()> now)
        : id_(std::move(id)), key_(std::move(key)), now_(std::move(now)) {}
    Secret token(std::string_view path, std::stop_token stop) override;
    bool renew(std::string_view) override { return false; }
    std::string_view key() const override { return "app"; }

   private:
    std::string id_;
    RsaKey key_;
    std::function<Time()> now_;
  };
  struct About {
    std::string slug;
    std::string url;
  };
  struct Kept {
    Secret token;
    Time expires;
  };
  struct Known {
    std::optional<About> about;
    std::map<std::string, std::int64_t> installations;  // by repository or owner
    std::map<std::int64_t, Kept> tokens;
  };

  About about(std::stop_token stop);
  std::optional<std::int64_t> find_installation(const std::string& where, std::stop_token stop);
  std::int64_t installation(const std::string& where, std::stop_token stop);
  void forget(const std::string& where);
  std::optional<Secret> kept_token(std::int64_t installation) const;

  HttpClient& http_;
  GithubRest::Config config_;
  std::function<Time()> now_;
  Itself itself_;
  GithubRest rest_;
  Guarded<Known> known_;
};

}  // namespace slipway::vcs
