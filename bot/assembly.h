#pragma once

#include "bot/config/config.h"
#include "bot/net/http_server.h"
#include "bot/web/site.h"
#include "bot/work/tools.h"
#include "core/sealed.h"
#include "runner/runner.h"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace slipway {

/// The program put together from its parts: besides the registries the one place that names concrete classes.
class Assembly {
 public:
  Assembly(config::Config config, store::Access access);
  ~Assembly();
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  const config::Config& config() const { return config_; }
  const work::Tools& tools() const { return *tools_; }
  store::Store& store() { return *store_; }
  Sandbox& sandbox() { return *sandbox_; }

  /// Listens, works, and returns when `SIGTERM` or `SIGINT` came and everything has ended. The exit code.
  int serve();

 private:
  void connect_forges();
  void connect_hooks();

  config::Config config_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Keyring> keyring_;
  std::unique_ptr<Children> children_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<runner::Terraform> terraform_;
  std::unique_ptr<vcs::Repositories> repositories_;
  std::unique_ptr<Query> query_;
  std::map<std::string, std::unique_ptr<HttpClient>> http_;  // by CA file
  std::map<std::string, std::unique_ptr<vcs::Host>> hosts_;
  std::map<std::string, std::unique_ptr<policies::PolicyEngine>, std::less<>> engines_;
  std::vector<work::NamedHook> hooks_;
  work::Running running_;
  work::Budget budget_;
  work::Graphs graphs_;
  work::RepoFiles repo_files_;
  std::unique_ptr<work::Tools> tools_;
  web::Tally tally_;
  std::atomic<bool> closing_{false};
};

}  // namespace slipway
