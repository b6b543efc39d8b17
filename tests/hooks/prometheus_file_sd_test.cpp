#include "core/failure.h"
#include "core/log.h"
#include "hooks/prometheus_targets.h"
#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>

namespace slipway::hooks {
namespace {

struct Sink {
  Fakes fakes;
  Directory parent;
  std::string path = parent.file("targets");
  std::unique_ptr<Hook> hook =
      make("prometheus_file_sd", settings({{"kind", text("prometheus_file_sd")}, {"directory", text(path)}}),
           fakes.tools());

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(path))
      out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }
};

const Estate kTwo = {version("prod/web", {machine("web-1", "10.0.0.1", {9100})}),
                     version("prod/db", {machine("db-1", "10.0.0.2", {9187})})};

TEST_CASE("each state has a file of its own, which holds its targets and which everybody may read") {
  Sink sink;
  sink.hook->converge(kTwo, {});
  const auto names = sink.names();
  REQUIRE(names.size() == 2);
  CHECK(names[0].starts_with("slipway-github-acme-infra-prod-db-default-"));
  CHECK(names[0].ends_with(".json"));
  CHECK(*parse_json(sink.parent.read("targets/" + names[1])) == prometheus_targets({kTwo[0]}).groups);
  struct stat status{};
  REQUIRE(stat((sink.path + "/" + names[0]).c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0644);
}

TEST_CASE("states whose names look alike have files of their own") {
  Sink sink;
  sink.hook->converge(
      {version("a/b", {machine("x", "10.0.0.1", {1})}), version("a-b", {machine("y", "10.0.0.2", {1})})}, {});
  CHECK(sink.names().size() == 2);
}

TEST_CASE("what is not in the estate any more goes, and nobody else's file does") {
  Sink sink;
  sink.hook->converge(kTwo, {});
  sink.parent.write("targets/own.json", "[]");
  sink.parent.write("targets/.slipway-left.tmp", "half of it");
  sink.hook->converge({version("prod/web", {machine("web-1", "10.0.0.1")}), kTwo[1]}, {});
  const auto names = sink.names();
  REQUIRE(names.size() == 2);
  CHECK(names[0] == "own.json");
  CHECK(names[1].find("prod-db") != std::string::npos);
  sink.hook->converge({}, {});
  CHECK(sink.names() == std::vector<std::string>{"own.json"});
}

TEST_CASE("a file that would not change is left alone, one that changes is replaced whole") {
  Sink sink;
  sink.hook->converge(kTwo, {});
  const std::string path = sink.path + "/" + sink.names()[0];
  const auto inode = [&] {
    struct stat status{};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_ino;
  };
  const auto first = inode();
  sink.hook->converge(kTwo, {});
  CHECK(inode() == first);
  sink.hook->converge({version("prod/db", {machine("db-1", "10.0.0.3", {9187})})}, {});
  CHECK(inode() != first);
}

TEST_CASE("an event makes the files equal to the estate, and again when it comes again") {
  Sink sink;
  TextOutput log;
  for (int attempt = 0; attempt < 2; ++attempt)
    sink.hook->handle(event(MachineEvent::Created, kTwo[0].machines[0]), kTwo, log, {});
  CHECK(sink.names().size() == 2);
  CHECK(log.text.find("holds the targets of 2 states") != std::string::npos);
}

TEST_CASE("a target that is left out is said once, and again when it comes back") {
  Sink sink;
  std::vector<std::string> said;
  log::install(
      [&](log::Level, std::string_view, log::Fields fields) { said.push_back(fields.begin()->second); });
  const Estate late = {version("a", {machine("late", "", {9100})})};
  for (const Estate& estate : {late, late, kTwo, late}) sink.hook->converge(estate, {});
  log::install({});
  CHECK(said == std::vector<std::string>(2, "late (hci_instance.late) has no address yet."));
}

TEST_CASE("a directory that can't be written is tried again later") {
  Fakes fakes;
  const auto hook =
      make("prometheus_file_sd", settings({{"directory", text("/proc/nowhere/targets")}}), fakes.tools());
  try {
    hook->converge(kTwo, {});
    FAIL("it must not be possible to write there");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Later);
  }
}

}  // namespace
}  // namespace slipway::hooks
