#include "core/failure.h"
#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace slipway::hooks {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Sink {
  explicit Sink(std::vector<std::pair<std::string, Settings>> more = {}) {
    std::vector<std::pair<std::string, Settings>> keys = {
        {"kind", text("ansible")}, {"directory", text("/srv/ansible")}, {"playbook", text("site.yml")}};
    keys.insert(keys.end(), more.begin(), more.end());
    hook = make("ansible", settings(std::move(keys)), fakes.tools());
    fakes.sandbox.during = [this](const SandboxCommand& command) {
      inventory = *parse_json(read(command.argv[2]));
      limit = read(command.argv[4].substr(1));
    };
  }

  void handle(MachineEvent what, const Machine& machine, const Estate& estate) {
    hook->handle(event(what, machine), estate, log, {});
  }
  const std::vector<SandboxCommand>& commands() const { return fakes.sandbox.commands; }
  Json hosts() { return inventory["all"]["hosts"]; }

  Fakes fakes;
  TextOutput log;
  std::unique_ptr<Hook> hook;
  Json inventory;
  std::string limit;
};

const Machine kWeb = machine("web-1", "10.0.0.1");
const Estate kEstate = {version("prod/web", {kWeb, machine("web-2", "10.0.0.2")})};

TEST_CASE("a playbook is run for a machine that was created, changed or replaced, limited to it") {
  for (const MachineEvent what : {MachineEvent::Created, MachineEvent::Changed, MachineEvent::Replaced}) {
    Sink sink;
    sink.handle(what, kWeb, kEstate);
    REQUIRE(sink.commands().size() == 1);
    const SandboxCommand& command = sink.commands()[0];
    REQUIRE(command.argv.size() == 6);
    CHECK(command.argv[0] == "/usr/bin/ansible-playbook");
    CHECK(command.argv[1] == "--inventory");
    CHECK(command.argv[3] == "--limit");
    CHECK(command.argv[5] == "site.yml");
    CHECK(command.directory == "/srv/ansible");
    CHECK(sink.limit == "web-1\n");
    CHECK(sink.hosts().size() == 2);
    CHECK(sink.log.text == "ran\n");
  }
}

TEST_CASE("a run sees the playbooks read-only and its own directory, and no environment but its own") {
  Sink sink(
      {{"environment", settings({{"MODE", text("fast")}, {"TOKEN", settings({{"env", text("TOKEN")}})}})},
       {"paths", settings({{"read", list({"/srv/keys"})}, {"write", list({"/var/log/ansible"})}})},
       {"timeout", text("5m")}});
  sink.handle(MachineEvent::Created, kWeb, kEstate);
  const SandboxCommand& command = sink.commands().at(0);
  std::map<std::string, bool> binds;
  for (const Bind& bind : command.binds) {
    CHECK(bind.host == bind.inside);
    if (!bind.host.starts_with("/etc/")) binds[bind.host] = bind.writable;
  }
  CHECK(binds == std::map<std::string, bool>{{"/srv/ansible", false},
                                             {"/srv/keys", false},
                                             {"/var/log/ansible", true},
                                             {sink.fakes.data.file("hook"), true}});
  CHECK(command.environment.at("MODE") == "fast");
  CHECK(command.environment.at("TOKEN") == "secret of TOKEN");
  CHECK(command.environment.at("HOME") == sink.fakes.data.file("hook"));
  CHECK(command.limits.wall == std::chrono::minutes(5));
}

TEST_CASE("the files of a run are gone when it has ended, however it ended") {
  Sink sink;
  sink.handle(MachineEvent::Created, kWeb, kEstate);
  sink.fakes.sandbox.exit.code = 2;
  CHECK_THROWS_AS(sink.handle(MachineEvent::Created, kWeb, kEstate), Failure);
  CHECK(std::filesystem::is_empty(sink.fakes.data.file("hook")));
}

TEST_CASE("nothing is run for a machine that is gone by the time its turn comes") {
  Sink sink;
  sink.handle(MachineEvent::Created, machine("web-9", "10.0.0.9"), kEstate);
  CHECK(sink.commands().empty());
  CHECK(sink.log.text == "web-9 is gone by now: nothing is run for it\n");
}

TEST_CASE("a destroyed machine has a playbook of its own, with the machine as it was") {
  Sink sink({{"on_destroy", text("retire.yml")}});
  sink.handle(MachineEvent::Destroyed, machine("web-9", "10.0.0.9"), kEstate);
  REQUIRE(sink.commands().size() == 1);
  CHECK(sink.commands()[0].argv[5] == "retire.yml");
  CHECK(sink.limit == "web-9\n");
  CHECK(sink.hosts()["web-9"]["ansible_host"] == Json("10.0.0.9"));
  CHECK(sink.hosts().size() == 3);
}

TEST_CASE("without a playbook for it nothing is run for a destroyed machine") {
  Sink sink;
  sink.handle(MachineEvent::Destroyed, machine("web-9", "10.0.0.9"), kEstate);
  CHECK(sink.commands().empty());
}

TEST_CASE("a playbook that retires machines is not run on another one that has taken the name") {
  Sink sink({{"on_destroy", text("retire.yml")}});
  sink.handle(MachineEvent::Destroyed, machine("web-1", "10.0.0.9"), kEstate);
  CHECK(sink.commands().empty());
  CHECK(sink.log.text.find("another machine is called web-1") != std::string::npos);
}

TEST_CASE("a playbook that fails is tried again, one that was called wrongly is not") {
  const auto failure = [](SandboxExit exit) {
    Sink sink;
    sink.fakes.sandbox.exit = exit;
    try {
      sink.handle(MachineEvent::Created, kWeb, kEstate);
    } catch (const Failure& thrown) {
      return thrown;
    }
    FAIL("it must fail");
    return Failure("");
  };
  SandboxExit exit;
  exit.code = 2;
  CHECK(failure(exit).retry() == Retry::Later);
  CHECK(std::string(failure(exit).what()) == "site.yml failed: ansible-playbook ended with 2");
  exit.code = 5;
  CHECK(failure(exit).retry() == Retry::Never);
  exit.code = -1;
  exit.timed_out = true;
  CHECK(std::string(failure(exit).what()) == "site.yml was not done within 1800 s");
  exit.timed_out = false;
  exit.signal = 9;
  CHECK(failure(exit).retry() == Retry::Later);
  exit.out_of_memory = true;
  CHECK(std::string(failure(exit).what()).find("more memory") != std::string::npos);
}

TEST_CASE("a playbook that was stopped has not failed") {
  Sink sink;
  sink.fakes.sandbox.exit.stopped = true;
  sink.fakes.sandbox.exit.code = -1;
  CHECK_THROWS_AS(sink.handle(MachineEvent::Created, kWeb, kEstate), Stopped);
}

TEST_CASE("a machine that can't be reached in time is tried again") {
  Sink sink({{"wait_reachable", text("0s")}});
  Machine deaf = machine("deaf", "127.0.0.1");
  deaf.variables["ansible_port"] = 1;
  try {
    sink.handle(MachineEvent::Created, deaf, {version("a", {deaf})});
    FAIL("it must fail");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Later);
    CHECK(std::string(failure.what()).starts_with("deaf did not answer at 127.0.0.1 port 1 within 0 s: "));
  }
  const Machine nowhere = machine("nowhere", "");
  CHECK_THROWS_AS(sink.handle(MachineEvent::Created, nowhere, {version("a", {nowhere})}), Failure);
  CHECK(sink.commands().empty());
}

TEST_CASE("events of one machine are done in order, those of two are not kept waiting") {
  Sink sink;
  CHECK(sink.hook->lane(event(MachineEvent::Created, kWeb)) ==
        sink.hook->lane(event(MachineEvent::Destroyed, kWeb)));
  CHECK(sink.hook->lane(event(MachineEvent::Created, kWeb)) !=
        sink.hook->lane(event(MachineEvent::Created, machine("web-2", ""))));
}

}  // namespace
}  // namespace slipway::hooks
