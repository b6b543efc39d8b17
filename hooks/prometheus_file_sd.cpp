#include "hooks/prometheus_file_sd.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "core/guarded.h"
#include "core/log.h"
#include "hooks/files.h"
#include "hooks/prometheus_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace slipway::hooks {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOwn = "slipway-";
constexpr std::string_view kEnd = ".json";
constexpr std::size_t kMaxReadableName = 120;

std::string directory_of(const Settings& settings) {
  settings.only({"kind", "name", "directory"});
  const Settings& directory = settings.at("directory");
  if (!directory.scalar().starts_with("/"))
    directory.refuse("write the whole path of the directory, from \"/\"");
  return directory.scalar();
}

/// Readable for the person who lists the directory, unique by the digest behind it.
std::string file_name(const StateKey& key) {
  std::string name = key.text();
  const std::string digest = sha256_hex(name).substr(0, 8);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                 c == '_');
      },
      '-');
  return fmt::format("{}{}-{}{}", kOwn, name.substr(0, kMaxReadableName), digest, kEnd);
}

class PrometheusFileSd final : public Hook {
 public:
  explicit PrometheusFileSd(std::string directory) : sink_(std::in_place, Sink{std::move(directory), {}}) {}

  /// The files are made from the whole estate: two writers would undo each other.
  std::string lane(const HookEvent&) const override { return converge_lane(); }
  std::string converge_lane() const override { return "files"; }
  bool monitors() const override { return true; }

  void handle(const HookEvent&, const Estate& estate, Output& log, std::stop_token) override {
    sink_.with([&](Sink& sink) {
      write(sink, estate);
      log.out(fmt::format("{} holds the targets of {} states\n", sink.directory, estate.size()));
    });
  }

  void converge(const Estate& estate, std::stop_token) override {
    sink_.with([&](Sink& sink) { write(sink, estate); });
  }

 private:
  struct Sink {
    std::string directory;
    std::set<std::string> problems;  // said already: the estate is compared every few minutes
  };

  static void write(Sink& sink, const Estate& estate) {
    make_directory(sink.directory);
    std::set<std::string> wanted;
    std::set<std::string> problems;
    for (const StateVersion& version : estate) {
      const Targets targets = prometheus_targets({version});
      problems.insert(targets.problems.begin(), targets.problems.end());
      if (targets.groups.size() == 0) continue;
      if (const std::string problem = problem_of(targets.groups); !problem.empty()) {
        throw Failure(
            fmt::format("Prometheus would refuse the targets of {}: {}", version.key.text(), problem));
      }
      const std::string name = file_name(version.key);
      wanted.insert(name);
      replace(fmt::format("{}/{}", sink.directory, name), targets.groups.pretty() + "\n");
    }
    remove_others(sink.directory, wanted);
    for (const std::string& problem : problems)
      if (!sink.problems.contains(problem)) log::warning("a target is left out", {{"why", problem}});
    sink.problems = std::move(problems);
  }

  /// Each change of a file makes Prometheus read all of them again.
  static void replace(const std::string& path, const std::string& text) {
    if (read_file(path) != text) publish(path, text);
  }

  static void remove_others(const std::string& directory, const std::set<std::string>& wanted) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
      const std::string name = entry.path().filename().string();
      const bool own = name.starts_with(kOwn) && name.ends_with(kEnd) && !wanted.contains(name);
      const bool left_behind = name.starts_with(kTemporary);
      if (own || left_behind) fs::remove(entry.path(), error);
      if (error) break;
    }
    if (error) throw Failure(fmt::format("cannot tidy {}: {}", directory, error.message()), Retry::Later);
  }

  Guarded<Sink> sink_;
};

}  // namespace

void check_prometheus_file_sd(const Settings& settings) { (void)directory_of(settings); }

std::unique_ptr<Hook> make_prometheus_file_sd(const Settings& settings, const HookTools&) {
  return std::make_unique<PrometheusFileSd>(directory_of(settings));
}

}  // namespace slipway::hooks
