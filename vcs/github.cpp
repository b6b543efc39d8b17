#include "vcs/github.h"

#include "vcs/github_app.h"
#include "vcs/github_events.h"
#include "vcs/github_pulls.h"
#include "vcs/github_rest.h"
#include "vcs/github_voice.h"

#include <fmt/format.h>

#include <string_view>

namespace slipway::vcs {
namespace {

constexpr std::string_view kPublicRoot = "https://github.com";

std::string without_last_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string web_root(const HostConfig& config) {
  return config.url.empty() ? std::string(kPublicRoot) : without_last_slashes(config.url);
}

/// An Enterprise Server has GraphQL beside /v3, everybody else below the root.
std::string graphql_of(const std::string& rest_root) {
  constexpr std::string_view kVersioned = "/v3";
  if (!rest_root.ends_with(kVersioned)) return rest_root + "/graphql";
  return rest_root.substr(0, rest_root.size() - kVersioned.size()) + "/graphql";
}

GithubRest::Config rest_config(const HostConfig& config) {
  const std::string root =
      config.api_url.empty() ? github_rest_root(web_root(config)) : without_last_slashes(config.api_url);
  return {config.name, root, graphql_of(root), config.pause ? config.pause : Pause(pause)};
}

std::unique_ptr<GithubApp> app_of(const HostConfig& config, HttpClient& http) {
  if (!config.app) return nullptr;
  const auto now = config.now ? config.now : [] { return SystemClock().now(); };
  return std::make_unique<GithubApp>(http, rest_config(config), *config.app, now);
}

class Github final : public Host {
 public:
  Github(const HostConfig& config, HttpClient& http)
      : config_(config),
        web_(web_root(config)),
        token_(std::make_unique<GithubToken>(config.token)),
        app_(app_of(config, http)),
        rest_(http, rest_config(config), authority()),
        events_(config.name, config.webhook_secrets),
        pulls_(config.name, rest_, app_.get()),
        voice_(traits_, rest_, app_.get()) {}

  const std::string& name() const override { return config_.name; }
  const Traits& traits() const override { return traits_; }
  Deliveries& deliveries() override { return events_; }
  Pulls& pulls() override { return pulls_; }
  Voice& voice() override { return voice_; }

  GitAccess git_access(const RepoId& repo) const override {
    const Secret token = authority().token("/repos/" + repo.path, {});
    return {fmt::format("{}/{}.git", web_, repo.path), "x-access-token", token, config_.ca_file};
  }
  std::vector<std::string> findings(std::stop_token stop) override {
    std::vector<std::string> out;
    if (!app_) return out;
    for (const GithubInstallation& one : app_->installations(stop))
      out.push_back(fmt::format("the app is installed by {}, for {}{}", one.account,
                                one.all_repositories ? "all repositories" : "selected repositories",
                                one.suspended ? ", and suspended there" : ""));
    if (out.empty()) out.emplace_back("the app is installed nowhere");
    return out;
  }
  std::string pull_ref(const PullId& id) const override {
    return fmt::format("refs/pull/{}/head", id.number);
  }
  std::string pull_url(const PullId& id) const override {
    return fmt::format("{}/{}/pull/{}", web_, id.repo.path, id.number);
  }

 private:
  GithubAuthority& authority() const { return app_ ? static_cast<GithubAuthority&>(*app_) : *token_; }

  HostConfig config_;
  std::string web_;
  Traits traits_;
  std::unique_ptr<GithubAuthority> token_;
  std::unique_ptr<GithubApp> app_;
  GithubRest rest_;
  GithubEvents events_;
  GithubPulls pulls_;
  GithubVoice voice_;
};

}  // namespace

std::unique_ptr<Host> make_github(const HostConfig& config, HttpClient& http) {
  return std::make_unique<Github>(config, http);
}

std::string github_rest_root(const std::string& web_root) {
  if (web_root == kPublicRoot || web_root == "https://www.github.com") return "https://api.github.com";
  constexpr std::string_view kHttps = "https://";
  if (web_root.starts_with(kHttps) && web_root.ends_with(".ghe.com"))
    return fmt::format("https://api.{}", web_root.substr(kHttps.size()));
  return web_root + "/api/v3";
}

}  // namespace slipway::vcs
