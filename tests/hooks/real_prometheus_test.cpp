#include "core/json_reader.h"
#include "hooks/prometheus_targets.h"
#include "tests/hooks/loopback.h"
#include "tests/hooks/samples.h"
#include "tests/hooks/sandbox.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <set>

namespace slipway::hooks {
namespace {

constexpr const char* kPrometheus = "/usr/bin/prometheus";
constexpr std::chrono::seconds kPatience{60};
constexpr int kPauseMillis = 100;

/// Prometheus at a loopback port, for the length of a test.
class Prometheus {
 public:
  Prometheus(const Directory& directory, const std::string& config) : port_(free_port()) {
    directory.write("prometheus.yml", config);
    std::vector<std::string> arguments = {kPrometheus, "--config.file=" + directory.file("prometheus.yml"),
                                          "--storage.tsdb.path=" + directory.file("data"),
                                          fmt::format("--web.listen-address=127.0.0.1:{}", port_)};
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    char* environment[] = {nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, directory.file("log").c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    REQUIRE(posix_spawn(&process_, kPrometheus, &actions, nullptr, argv.data(), environment) == 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Prometheus() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Prometheus(const Prometheus&) = delete;
  Prometheus& operator=(const Prometheus&) = delete;

  /// "job url team", of its active targets.
  std::set<std::string> targets() const {
    std::set<std::string> out;
    const auto read = read_json(get(port_, "/api/v1/targets?state=active"), [&](const JsonReader& in) {
      for (const JsonReader& target : in["data"]["activeTargets"].items_or_none()) {
        out.insert(fmt::format("{} {} {} {}", target["scrapePool"].string(), target["scrapeUrl"].string(),
                               target["labels"]["job"].string(), target["labels"]["resource"].string_or("")));
      }
      return true;
    });
    return out;
  }

  /// Waits until it lists exactly these; gives what it lists at last.
  std::set<std::string> wait_for(const std::set<std::string>& wanted) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::set<std::string> found = targets();
    while (found != wanted && std::chrono::steady_clock::now() < deadline) {
      poll(nullptr, 0, kPauseMillis);
      found = targets();
    }
    return found;
  }

 private:
  std::uint16_t port_;
  pid_t process_ = -1;
};

TEST_CASE("the real Prometheus lists the targets of files and of http_sd", "[slow]") {
  if (!has_program(kPrometheus)) return;
  Machine web = machine("web-1", "127.0.0.1", {1});
  web.exporters[0].metrics_path = "/custom";
  web.labels = {{"team", "web"}};
  const Estate both = {version("prod/web", {web}), version("prod/db", {machine("db-1", "::1", {2})})};

  Fakes fakes;
  const Directory directory;
  const auto hook =
      make("prometheus_file_sd", settings({{"directory", text(directory.file("sd"))}}), fakes.tools());
  hook->converge(both, {});
  const JsonServer server(prometheus_targets(both).groups.dump());
  const std::string relabel =
      "relabel_configs: [{source_labels: [__meta_slipway_address], target_label: resource}]";
  const Prometheus prometheus(directory, fmt::format(R"(scrape_configs:
- job_name: files
  {0}
  file_sd_configs: [{{files: ["{1}/*.json"], refresh_interval: 1s}}]
- job_name: http
  {0}
  http_sd_configs: [{{url: "http://127.0.0.1:{2}/sd/prometheus", refresh_interval: 1s}}]
)",
                                                     relabel, directory.file("sd"), server.port()));
  const std::set<std::string> all = {"files http://127.0.0.1:1/custom node hci_instance.web-1",
                                     "files http://[::1]:2/metrics node hci_instance.db-1",
                                     "http http://127.0.0.1:1/custom node hci_instance.web-1",
                                     "http http://[::1]:2/metrics node hci_instance.db-1"};
  CHECK(prometheus.wait_for(all) == all);

  hook->converge({both[1]}, {});
  std::set<std::string> without_web = all;
  without_web.erase("files http://127.0.0.1:1/custom node hci_instance.web-1");
  CHECK(prometheus.wait_for(without_web) == without_web);
}

}  // namespace
}  // namespace slipway::hooks
