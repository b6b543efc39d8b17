#include "bot/assembly.h"
#include "bot/cli/cli.h"
#include "bot/config/key_file.h"
#include "core/failure.h"
#include "core/version.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace slipway::cli {
namespace {

/// One line a check: what was looked at and what was found.
class Report {
 public:
  void good(const std::string& what, const std::string& found) {
    std::cout << fmt::format("ok    {:<12} {}\n", what, found);
  }
  void note(const std::string& what, const std::string& found) {
    std::cout << fmt::format("note  {:<12} {}\n", what, found);
  }
  void bad(const std::string& what, const std::string& found) {
    std::cout << fmt::format("FAIL  {:<12} {}\n", what, found);
    failed_ = true;
  }
  /// Runs a check whose failure is a finding.
  template <class Check>
  void check(const std::string& what, Check&& run) {
    try {
      good(what, run());
    } catch (const std::exception& error) {
      bad(what, error.what());
    }
  }
  /// The same for what may find nothing, or several things.
  template <class Look>
  void look(const std::string& what, Look&& run) {
    try {
      run();
    } catch (const std::exception& error) {
      bad(what, error.what());
    }
  }
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

void check_forge(Report& report, const config::ForgeConfig& forge, const std::vector<std::string>& patterns) {
  const auto http = net::make_http_client(forge.host.ca_file);
  for (const vcs::HostKind& kind : vcs::host_kinds()) {
    if (kind.kind != forge.kind) continue;
    const auto host = kind.make(forge.host, *http);
    report.check("forge",
                 [&] { return fmt::format("{}: speaks as {}", host->name(), host->voice().own_login({})); });
    report.look("forge", [&] {
      for (const std::string& finding : host->findings({})) report.note("forge", finding);
    });
    for (const std::string& pattern : patterns)
      report.check("repos", [&] {
        return fmt::format("{}: {} are seen at {}", pattern, host->pulls().repos(pattern, {}).size(),
                           host->name());
      });
  }
}

void check_store(Report& report, const config::Config& config) {
  report.check("store", [&] {
    const auto store = store::open_sqlite(config.data_dir, store::Access::ReadOnly);
    const std::string wrong = store->check_integrity();
    if (!wrong.empty()) throw Failure(wrong);
    std::size_t dead = 0;
    store->read([&](const store::Snapshot& rows) { dead = rows.jobs.count(JobState::Dead); });
    if (dead > 0) report.note("jobs", fmt::format("{} were given up: see the front page", dead));
    return config.data_dir + ": whole";
  });
  SystemRandom random;
  report.check("key", [&] {
    return fmt::format("{}: {} keys", config.key_file,
                       config::load_keys(config.key_file, false, random).size());
  });
}

void examine(Report& report, const config::Config& config) {
  report.good("config", config.file);
  const bool is_new = !std::filesystem::exists(config.data_dir) || std::filesystem::is_empty(config.data_dir);
  if (is_new) {
    report.note("store", config.data_dir + ": empty; the server fills it when it first starts");
  } else {
    check_store(report, config);
  }
  const auto sandbox = runner::make_sandbox(config.data_dir);
  report.good("sandbox", sandbox->level().words);
  for (const std::string& lack : sandbox->level().lacking) report.note("sandbox", lack);
  const auto terraform = runner::make_terraform(*sandbox, {config.data_dir});
  report.check("terraform", [&] { return terraform->version(config::RepoConfig().terraform); });
  for (const config::ForgeConfig& forge : config.forges) check_forge(report, forge, config.repo_patterns());
}

}  // namespace

void add_doctor(CLI::App& app, int& code) {
  CLI::App* command =
      app.add_subcommand("doctor", "Looks at everything that the server needs, and says what is wrong");
  command->footer("Example: slipway doctor -c /etc/slipway/slipway.yaml");
  auto file = std::make_shared<std::string>();
  command->add_option("-c,--config", *file, "The configuration (slipway.yaml)")->required();
  command->callback([file, &code] {
    std::cout << "slipway " << kVersion << '\n';
    Report report;
    examine(report, config::load_config(*file));
    code = report.failed() ? kFailed : kDone;
  });
}

}  // namespace slipway::cli
