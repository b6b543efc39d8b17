#include "core/failure.h"
#include "core/json_reader.h"
#include "runner/keeper.h"
#include "runner/process.h"
#include "tests/runner/projects.h"
#include "tests/runner/state_server.h"

#include <catch2/catch.hpp>
#include <poll.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace slipway;
using namespace slipway::runner;

namespace {

std::string which() { return GENERATE("walled", "unshared"); }

/// Waits until a run made this file: what it does next is up to the test.
void wait_for(const std::string& path) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!exists(path)) {
    if (std::chrono::steady_clock::now() > deadline) FAIL(path << " was never made");
    std::this_thread::yield();
  }
}

/// A resource whose making says when it began, and then lasts until somebody lets it end.
std::string slow_resource(const std::string& states) {
  return R"(
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "echo made >> )" +
         states + "/made; while ! test -e " + states + R"(/go; do sleep 0.02; done"
  }
}
)";
}

std::size_t lines_of(const std::string& path) {
  const std::string text = read_file(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Whether a process has this file open.
bool has_open(const std::filesystem::path& process, const std::string& path) {
  std::error_code error;
  for (const auto& fd : std::filesystem::directory_iterator(process / "fd", error)) {
    if (std::filesystem::read_symlink(fd, error) == path) return true;
  }
  return false;
}

/// Kills the keeper of a run, and returns when it is gone.
void kill_keeper(const std::string& directory) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    const std::string command{std::istreambuf_iterator<char>(file), {}};
    if (command != std::string("slipway\0internal\0keep\0", 22)) continue;
    if (!has_open(entry.path(), directory + "/alive")) continue;
    const Fd keeper = open_process(std::atoi(entry.path().filename().c_str()));
    REQUIRE(send_signal(keeper.get(), SIGKILL));
    pollfd gone{keeper.get(), POLLIN, 0};
    REQUIRE(::poll(&gone, 1, 60'000) == 1);
    return;
  }
  FAIL("nobody keeps " << directory);
}

const ApplyFailure& failure(const ApplyOutcome& outcome) {
  REQUIRE(std::holds_alternative<ApplyFailure>(outcome));
  return std::get<ApplyFailure>(outcome);
}

}  // namespace

TEST_CASE("an approved plan is applied as it was shown, whatever the files say by now") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const std::string backend = projects.local_backend();
  projects.write("main.tf",
                 backend + "resource \"terraform_data\" \"web\" {\n  count = 3\n  input = \"approved\"\n}\n");
  const PlanMade made = projects.planned("r1");
  projects.write("main.tf", backend + "resource \"terraform_data\" \"web\" {\n  input = \"sneaked in\"\n}\n");
  const ApplyDone done = projects.applied(made, "r2");
  CHECK(done.resources == 3);
  CHECK(done.state.find("approved") != std::string::npos);
  CHECK(done.state.find("sneaked in") == std::string::npos);
  CHECK(projects.log.done == 3);
  CHECK(projects.log.total == 3);
  CHECK_THAT(projects.log.said, Catch::Contains("Apply complete! Resources: 3 added"));
}

TEST_CASE("a second apply of one run tells the result of the first") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const std::string states = projects.states();
  projects.write("main.tf", projects.local_backend() + slow_resource(states));
  std::ofstream(states + "/go") << "";
  const PlanMade made = projects.planned("r1");
  const ApplyDone first = projects.applied(made, "r2");
  projects.log.said.clear();
  const ApplyDone second = projects.applied(made, "r2");
  CHECK(second.resources == first.resources);
  CHECK(second.state == first.state);
  CHECK(lines_of(states + "/made") == 1);
  CHECK_THAT(projects.log.said, Catch::Contains("Apply complete!"));
}

TEST_CASE("a plan file that was exchanged is not applied") {
  NEEDS_TERRAFORM
  Projects projects;
  projects.write("main.tf", projects.local_backend() + "output \"x\" { value = 1 }\n");
  const PlanMade made = projects.planned("r1");
  std::ofstream(made.plan_file, std::ios::app) << "more";
  CHECK_THROWS_WITH(projects.apply(made, "r2"), Catch::Contains("SHA-256"));
  CHECK(kept_state(projects.data() / "runs/r2") == Kept::NotStarted);
}

TEST_CASE("a plan that went stale is refused, and nothing has begun") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + "resource \"terraform_data\" \"web\" {}\n");
  const PlanMade first = projects.planned("r1");
  const PlanMade second = projects.planned("r2");
  projects.applied(first, "r3");
  const ApplyOutcome outcome = projects.apply(second, "r4");
  CHECK(failure(outcome).failed.stale_plan);
  CHECK(failure(outcome).failed.phase == "apply");
}

TEST_CASE("an apply that fails half way tells how far it came and what the state is") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + R"(
resource "terraform_data" "one" {}
resource "terraform_data" "two" {
  depends_on = [terraform_data.one]
  provisioner "local-exec" { command = "echo it is broken; exit 3" }
}
resource "terraform_data" "three" { depends_on = [terraform_data.two] }
)");
  const ApplyOutcome outcome = projects.apply(projects.planned("r1"), "r2");
  const ApplyFailure& failed = failure(outcome);
  CHECK(failed.began);
  CHECK(failed.done == 1);
  CHECK(failed.total == 3);
  CHECK_THAT(failed.failed.summary, Catch::Contains("local-exec"));
  CHECK(failed.state.find("terraform_data") != std::string::npos);
  CHECK_THAT(projects.log.said, Catch::Contains("it is broken"));
}

TEST_CASE("an apply whose state can't be written leaves errored.tfstate, which is collected") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const StateServer server;
  projects.write("main.tf", "terraform {\n  backend \"http\" {\n    retry_max = 0\n    address = \"" +
                                server.address("/broken") +
                                "\"\n  }\n}\nresource \"terraform_data\" \"web\" {}\n");
  const ApplyOutcome outcome = projects.apply(projects.planned("r1"), "r2");
  CHECK(failure(outcome).began);
  CHECK(failure(outcome).errored_state.find("terraform_data") != std::string::npos);
}

TEST_CASE("what an apply could not write is pushed back, once the lock that it left is released") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const StateServer server;
  const std::string address = server.address("/stubborn");
  projects.write("main.tf", "terraform {\n  backend \"http\" {\n    retry_max = 0\n    address = \"" +
                                address + "\"\n    lock_address = \"" + address +
                                "\"\n    unlock_address = \"" + address + "\"\n    username = \"" +
                                StateServer::kUser + "\"\n    password = \"" + StateServer::kPassword +
                                "\"\n  }\n}\nresource \"terraform_data\" \"web\" {}\n");
  const PlanMade made = projects.planned("r1");
  const ApplyOutcome outcome = projects.apply(made, "r2");
  const std::string left = failure(outcome).errored_state;
  const std::string lock = failure(outcome).held_lock;
  REQUIRE(left.find("terraform_data") != std::string::npos);
  REQUIRE_FALSE(lock.empty());
  CHECK_FALSE(projects.terraform().lives(projects.place("r2")));

  const StateRequest request{projects.place("r3"), projects.settings(), made.materials};
  const auto push = [&](const std::string& state) {
    return projects.terraform().push_state(request, work::Claim::proof(), state, projects.log, {});
  };
  const PushOutcome locked = push(left);
  REQUIRE(std::holds_alternative<RunFailed>(locked));
  CHECK(std::get<RunFailed>(locked).state_locked);
  CHECK(std::get<RunFailed>(locked).lock.id == lock);
  CHECK_FALSE(projects.terraform().release_lock(request, work::Claim::proof(), lock, projects.log, {}));
  for (int times = 0; times < 2; ++times) {
    const PushOutcome pushed = push(left);
    INFO(projects.log.said);
    REQUIRE(std::holds_alternative<StatePushed>(pushed));
    CHECK(std::get<StatePushed>(pushed).state.find("terraform_data") != std::string::npos);
  }
  std::string other = left;
  other.replace(other.find("\"web\""), 5, "\"db\"");
  CHECK(std::holds_alternative<PushRefused>(push(other)));
  CHECK(projects.planned("r4").plan.counts.none());
}

TEST_CASE("a lock that cannot be released says why") {
  NEEDS_TERRAFORM
  Projects projects;
  projects.write("main.tf", projects.local_backend() + "resource \"terraform_data\" \"web\" {}\n");
  const PlanMade made = projects.planned("r1");
  const auto refusal =
      projects.terraform().release_lock({projects.place("r2"), projects.settings(), made.materials},
                                        work::Claim::proof(), "9dc5a002", projects.log, {});
  REQUIRE(refusal);
  CHECK_FALSE(refusal->summary.empty());
}

TEST_CASE("a lock tells who holds it, since when and for what, and of ours which run") {
  NEEDS_TERRAFORM
  Projects projects;
  const std::string states = projects.states();
  projects.write("main.tf", projects.local_backend() + slow_resource(states));
  const PlanMade made = projects.planned("r1");
  std::jthread first([&] {
    HeardLog log;
    projects.terraform().apply(Projects::approved(made), work::Claim::proof(),
                               projects.apply_request(made, "r2"), log, {});
  });
  wait_for(states + "/made");
  CHECK(projects.terraform().lives(projects.place("r2")));
  ApplyRequest request = projects.apply_request(made, "r3");
  request.settings.environment["TF_CLI_ARGS_apply"] = Secret("-lock-timeout=0s");
  const ApplyOutcome outcome =
      projects.terraform().apply(Projects::approved(made), work::Claim::proof(), request, projects.log, {});
  std::ofstream(states + "/go") << "";
  first.join();
  const LockHolder lock = failure(outcome).failed.lock;
  CHECK_THAT(lock.id, Catch::Matches("[0-9a-f-]{36}"));
  CHECK(lock.operation == "OperationTypeApply");
  CHECK_THAT(lock.since, Catch::Matches("20[0-9]{2}-.*"));
  if (projects.terraform().level().mount_namespace) CHECK(run_of(lock) == "r2");
}

TEST_CASE("Slipway's own backend holds the state of a project that declares none") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const StateServer server;
  projects.write("main.tf", "resource \"terraform_data\" \"web\" {}\n");
  RunSettings settings = projects.settings();
  settings.state =
      StateAccess{server.address("/state/web"), StateServer::kUser, Secret(StateServer::kPassword)};
  const auto plan = [&](const std::string& run) {
    return projects.made(projects.plan({projects.place(run), settings, {}, Secret("a key for tags")}));
  };
  const PlanMade made = plan("r1");
  ApplyRequest request = projects.apply_request(made, "r2");
  request.settings = settings;
  const ApplyOutcome outcome =
      projects.terraform().apply(Projects::approved(made), work::Claim::proof(), request, projects.log, {});
  REQUIRE(std::holds_alternative<ApplyDone>(outcome));
  CHECK(std::get<ApplyDone>(outcome).state.find("terraform_data") != std::string::npos);
  CHECK(plan("r3").plan.counts.none());
  CHECK(read_file(made.materials).find(StateServer::kPassword) == std::string::npos);
  CHECK_FALSE(exists(projects.tree() / "slipway_backend_override.tf"));
}

TEST_CASE("a state that somebody else has locked is told with the lock's id") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const StateServer server;
  const std::string states = projects.states();
  projects.write("main.tf", slow_resource(states));
  RunSettings settings = projects.settings();
  settings.state =
      StateAccess{server.address("/state/web"), StateServer::kUser, Secret(StateServer::kPassword)};
  const auto apply = [&](const PlanMade& made, const std::string& run) {
    ApplyRequest request = projects.apply_request(made, run);
    request.settings = settings;
    request.settings.environment["TF_CLI_ARGS_apply"] = Secret("-lock-timeout=0s");
    HeardLog log;
    return projects.terraform().apply(Projects::approved(made), work::Claim::proof(), request, log, {});
  };
  const PlanMade made =
      projects.made(projects.plan({projects.place("r1"), settings, {}, Secret("a key for tags")}));
  std::jthread first([&] { apply(made, "r2"); });
  wait_for(states + "/made");
  const ApplyOutcome outcome = apply(made, "r3");
  std::ofstream(states + "/go") << "";
  CHECK(failure(outcome).failed.state_locked);
  CHECK_THAT(failure(outcome).failed.lock.id, Catch::Matches("[0-9a-f-]{36}"));
  CHECK_FALSE(failure(outcome).began);
}

TEST_CASE("an apply outlives the one who started it, and the next one adopts it") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const std::string states = projects.states();
  projects.write("main.tf", projects.local_backend() + slow_resource(states));
  const PlanMade made = projects.planned("r1");

  // Leaving it alone is what a shutdown does; the log is told again from its beginning by whoever comes next.
  std::stop_source stop;
  {
    std::jthread first([&] { CHECK_THROWS_AS(projects.apply(made, "r2", ".", stop.get_token()), Stopped); });
    wait_for(states + "/made");
    CHECK(kept_state(projects.data() / "runs/r2") == Kept::Running);
    stop.request_stop();
  }
  CHECK(kept_state(projects.data() / "runs/r2") == Kept::Running);
  projects.log.said.clear();
  std::ofstream(states + "/go") << "";
  const ApplyDone done = projects.applied(made, "r2");
  CHECK(done.resources == 1);
  CHECK(lines_of(states + "/made") == 1);
  CHECK_THAT(projects.log.said, Catch::Contains("terraform_data.slow: Creating..."));
}

TEST_CASE("an apply of which nobody knows the end is lost, and never run again") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + "resource \"terraform_data\" \"web\" {}\n");
  const PlanMade made = projects.planned("r1");
  projects.applied(made, "r2");
  // As it looks when the machine lost its power in the middle.
  std::filesystem::remove(projects.data() / "runs/r2/exit");
  const ApplyOutcome outcome = projects.apply(made, "r2");
  REQUIRE(std::holds_alternative<ApplyLost>(outcome));
  CHECK(std::get<ApplyLost>(outcome).state.find("terraform_data") != std::string::npos);
}

TEST_CASE("a keeper that is killed loses nothing of what its command does") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const std::string states = projects.states();
  projects.write("main.tf", projects.local_backend() + slow_resource(states));
  const PlanMade made = projects.planned("r1");
  std::stop_source stop;
  {
    std::jthread first([&] { CHECK_THROWS_AS(projects.apply(made, "r2", ".", stop.get_token()), Stopped); });
    wait_for(states + "/made");
    stop.request_stop();
  }
  const std::string directory = projects.data() / "runs/r2";
  kill_keeper(directory);
  // The command itself holds the lock on.
  CHECK(kept_state(directory) == Kept::Running);
  std::ofstream(states + "/go") << "";
  const ApplyOutcome outcome = projects.apply(made, "r2");
  REQUIRE(std::holds_alternative<ApplyLost>(outcome));
  CHECK(std::get<ApplyLost>(outcome).state.find("\"slow\"") != std::string::npos);
  CHECK(lines_of(states + "/made") == 1);
}

TEST_CASE("an apply that is interrupted ends what it began, once") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const std::string states = projects.states();
  projects.write("main.tf",
                 projects.local_backend() + slow_resource(states) +
                     "resource \"terraform_data\" \"later\" { depends_on = [terraform_data.slow] }\n");
  const PlanMade made = projects.planned("r1");
  std::optional<ApplyOutcome> outcome;
  {
    std::jthread applying([&] { outcome = projects.apply(made, "r2"); });
    wait_for(states + "/made");
    projects.terraform().interrupt(projects.place("r2"));
  }
  CHECK(failure(*outcome).began);
  CHECK(failure(*outcome).done == 0);
  CHECK_FALSE(failure(*outcome).failed.timed_out);
}

TEST_CASE("an apply that runs too long is interrupted, and says so") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + slow_resource(projects.states()));
  const PlanMade made = projects.planned("r1");
  ApplyRequest request = projects.apply_request(made, "r2");
  request.settings.limits.wall = std::chrono::seconds(2);
  const ApplyOutcome outcome =
      projects.terraform().apply(Projects::approved(made), work::Claim::proof(), request, projects.log, {});
  CHECK(failure(outcome).failed.timed_out);
}

TEST_CASE("an apply is not started after a stop") {
  NEEDS_TERRAFORM
  Projects projects;
  projects.write("main.tf", projects.local_backend() + "resource \"terraform_data\" \"web\" {}\n");
  const PlanMade made = projects.planned("r1");
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(projects.apply(made, "r2", ".", stop.get_token()), Stopped);
  CHECK(kept_state(projects.data() / "runs/r2") == Kept::NotStarted);
  projects.applied(made, "r2");
}

TEST_CASE("a sandbox that can't be made lets an apply be tried again") {
  NEEDS_TERRAFORM
  Projects projects;
  projects.write("main.tf", projects.local_backend() + "resource \"terraform_data\" \"web\" {}\n");
  const PlanMade made = projects.planned("r1");
  KeptCommand kept;
  kept.directory = projects.place("r2").directory;
  kept.data_dir = projects.data().path();
  kept.mount_namespace = projects.room().level().mount_namespace;
  kept.command = shell("true");
  kept.command.binds = {{"/nowhere", "/nowhere", false}};
  start_keeper(kept);
  while (kept_state(kept.directory) == Kept::Running) std::this_thread::yield();
  if (const auto end = kept_exit(kept.directory); kept.mount_namespace) CHECK_FALSE(end->failure.empty());
  projects.applied(made, "r2");
}

TEST_CASE("two keepers never have one run") {
  const std::string kind = which();
  const Scratch data;
  const auto room = make_room_of(kind, data.path());
  KeptCommand kept;
  kept.directory = data / "run";
  kept.data_dir = data.path();
  kept.mount_namespace = room->level().mount_namespace;
  make_directories(kept.directory);
  const std::string fifo = kept.directory + "/fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  kept.command = shell("read line < " + fifo + "; echo $line");
  kept.command.binds = {{kept.directory, kept.directory, true}};
  start_keeper(kept);
  CHECK_THROWS_WITH(start_keeper(kept), Catch::Contains("another keeper has this run"));
  std::ofstream(fifo) << "hello\n";
  while (kept_state(kept.directory) == Kept::Running) std::this_thread::yield();
  CHECK(kept_exit(kept.directory)->exit.ok());
  CHECK(read_file(kept.directory + "/output") == "hello\n");
}

TEST_CASE("a state is pulled from wherever the project keeps it") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + "output \"x\" { value = \"found\" }\n");
  const PlanMade made = projects.planned("r1");
  CHECK(
      projects.terraform().pull_state(projects.place("r3"), projects.settings(), made.materials, {}).empty());
  projects.applied(made, "r2");
  const std::string state =
      projects.terraform().pull_state(projects.place("r3"), projects.settings(), made.materials, {});
  CHECK(state.find("found") != std::string::npos);
}
