#include "bot/assembly.h"

#include "bot/config/key_file.h"
#include "bot/config/values.h"
#include "bot/work/record_state.h"
#include "bot/work/threads.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

#include <csignal>

namespace slipway {
namespace {

constexpr std::chrono::seconds kCloseConnections{5};

/// From inside of a run the server is at its own address; with TLS only its public name fits its certificate.
std::string state_url(const config::Config& config, std::uint16_t port) {
  if (!config.tls_certificate.empty()) return config.public_url;
  const bool any = config.address == "0.0.0.0" || config.address == "::";
  const std::string host = any ? "127.0.0.1" : config.address;
  const bool v6 = host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

/// Both signals, blocked in every thread that is started after this.
sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

Assembly::Assembly(config::Config config, store::Access access) : config_(std::move(config)) {
  store_ = store::open_sqlite(config_.data_dir, access);
  keyring_ = std::make_unique<Keyring>(
      config::load_keys(config_.key_file, access == store::Access::Own, random_), random_);
  children_ = runner::make_children();
  sandbox_ = runner::make_sandbox(config_.data_dir);
  terraform_ = runner::make_terraform(*sandbox_, {config_.data_dir});
  repositories_ = vcs::make_repositories(config_.data_dir + "/repos", *children_, {});
  query_ = policies::make_query(*children_);
  for (const policies::EngineKind& kind : policies::engine_kinds())
    engines_.emplace(std::string(kind.name), kind.make(*children_));
  connect_forges();
  connect_hooks();
  tools_ = std::make_unique<work::Tools>(work::Tools{
      config_, *store_, *keyring_, clock_, random_, hosts_, *repositories_, *terraform_, engines_, *query_,
      hooks_, state_url(config_, config_.port), running_, budget_, graphs_, repo_files_});
}

Assembly::~Assembly() = default;

void Assembly::connect_forges() {
  for (const config::ForgeConfig& forge : config_.forges) {
    auto& http = http_[forge.host.ca_file];
    if (!http) http = net::make_http_client(forge.host.ca_file);
    for (const vcs::HostKind& kind : vcs::host_kinds())
      if (kind.kind == forge.kind) hosts_.emplace(forge.host.name, kind.make(forge.host, *http));
  }
}

void Assembly::connect_hooks() {
  auto& http = http_[""];
  if (!http) http = net::make_http_client({});
  for (const config::HookConfig& hook : config_.hooks) {
    const hooks::HookTools tools{*http, *sandbox_, random_, config_.data_dir + "/hooks/" + hook.name,
                                 [](const Settings& value) { return config::secret(value, true); }};
    for (const hooks::HookKind& kind : hooks::hook_kinds())
      if (kind.kind == hook.kind) hooks_.push_back({hook.name, kind.make(hook.settings, tools)});
  }
}

int Assembly::serve() {
  const sigset_t ending = ending_signals();
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  for (const std::string& lack : sandbox_->level().lacking)
    log::warning("the sandbox is not whole", {{"why", lack}});
  work::map_again(*tools_, {});

  const web::Site site{*tools_, tally_, closing_};
  net::Router router;
  web::add_webhooks(router, site);
  web::add_state_backend(router, site);
  web::add_discovery(router, site);
  web::add_health(router, site);
  web::add_pages(router, site);
  net::ServerOptions options;
  options.address = config_.address;
  options.port = config_.port;
  options.tls = {config_.tls_certificate, config_.tls_key};
  net::HttpServer server(options, router);
  tools_->state_url = state_url(config_, server.port());
  work::Threads threads(*tools_);
  log::info("listening", {{"address", fmt::format("{}:{}", config_.address, server.port())},
                          {"sandbox", sandbox_->level().words}});

  int signal = 0;
  sigwait(&ending, &signal);
  log::info("shutting down", {{"grace", fmt::format("{}s", config_.shutdown_grace.count())}});
  closing_ = true;
  threads.shut_down(config_.shutdown_grace);
  server.stop(kCloseConnections);
  log::info("ended");
  return 0;
}

}  // namespace slipway
