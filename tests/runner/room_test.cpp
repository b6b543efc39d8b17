#include "runner/room.h"

#include "core/failure.h"
#include "runner/process.h"
#include "tests/runner/rooms.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

using namespace slipway;
using namespace slipway::runner;
using namespace std::chrono_literals;

namespace {

/// Stops the run once it says a word, so that no test waits for time to pass.
struct StopAt final : Output {
  explicit StopAt(std::string word) : word_(std::move(word)) {}
  void out(std::string_view bytes) override {
    text += bytes;
    if (text.find(word_) != std::string::npos) stop.request_stop();
  }
  void err(std::string_view bytes) override { text += bytes; }
  std::string text;
  std::stop_source stop;

 private:
  std::string word_;
};

/// Whether any process of this machine has this word on its command line.
bool anybody_runs(const std::string& word) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (line.find(std::string("sleep\0", 6) + word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a command tells its exit code, its output and its errors") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  const auto room = make_room_of(which, data.path());
  Heard heard;
  const SandboxExit exit = room->run(shell("echo out; echo err >&2; exit 3"), heard, {});
  CHECK(exit.code == 3);
  CHECK(exit.signal == 0);
  CHECK(heard.stdout_text == "out\n");
  CHECK(heard.stderr_text == "err\n");
}

TEST_CASE("a command that a signal ended tells which") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  const SandboxExit exit = make_room_of(which, data.path())->run(shell("kill -9 $$"), heard, {});
  CHECK(exit.code == -1);
  CHECK(exit.signal == SIGKILL);
  CHECK_FALSE(exit.timed_out);
}

TEST_CASE("much output comes whole") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  const SandboxExit exit =
      make_room_of(which, data.path())->run(shell("head -c 5000000 /dev/zero | tr '\\0' x"), heard, {});
  CHECK(exit.ok());
  CHECK(heard.stdout_text.size() == 5'000'000);
}

TEST_CASE("the environment is exactly what was given, with a home, a path and no more") {
  const std::string which = GENERATE("walled", "unshared");
  ::setenv("SLIPWAY_TEST_SECRET", "leaked", 1);
  const Scratch data;
  Heard heard;
  SandboxCommand command = shell("env -u PWD -u OLDPWD -u SHLVL -u _ -u TMPDIR | cut -d= -f1 | sort | xargs");
  command.environment = {{"TOKEN", "a value with\nlines"}};
  REQUIRE(make_room_of(which, data.path())->run(command, heard, {}).ok());
  CHECK(heard.stdout_text.starts_with("HOME PATH TOKEN"));
  CHECK(heard.stdout_text.find("SLIPWAY_TEST_SECRET") == std::string::npos);
}

TEST_CASE("a credential of a run is on no command line") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  SandboxCommand command = shell("cat /proc/*/cmdline | tr '\\0' ' '");
  command.environment = {{"TOKEN", "s3cr3t-in-environment"}};
  make_room_of(which, data.path())->run(command, heard, {});
  CHECK(heard.stdout_text.find("s3cr3t-in-environment") == std::string::npos);
}

TEST_CASE("a program that isn't there is a failure with its name, and no exit code") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  SandboxCommand command;
  command.argv = {"/nowhere/terraform"};
  CHECK_THROWS_WITH(make_room_of(which, data.path())->run(command, heard, {}),
                    Catch::Contains("executing /nowhere/terraform") && Catch::Contains("No such file"));
}

TEST_CASE("a bind that can't be made is a failure that says which") {
  const Scratch data;
  const auto room = make_room(data.path());
  Heard heard;
  SandboxCommand command = shell("true");
  command.binds = {{"/nowhere/at/all", "/slipway/tree", false}};
  CHECK_THROWS_WITH(room->run(command, heard, {}), Catch::Contains("/nowhere/at/all"));
}

TEST_CASE("at its time limit a command is asked to end, and its answer counts") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  SandboxCommand command = shell("trap 'echo asked; exit 5' INT; while :; do sleep 0.01; done");
  command.limits.wall = 1s;
  command.limits.grace = 30s;
  const SandboxExit exit = make_room_of(which, data.path())->run(command, heard, {});
  CHECK(exit.timed_out);
  CHECK(exit.code == 5);
  CHECK(heard.stdout_text == "asked\n");
}

TEST_CASE("a command that won't end when asked is killed with all it started") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  StopAt heard("ready");
  // The second escapes from the process group and from its parent.
  SandboxCommand command = shell(
      "trap '' INT; setsid sleep 98765 & (setsid sh -c 'trap \"\" TERM; sleep 98765' &) ; "
      "echo ready; while :; do sleep 98765; done");
  const SandboxExit exit = make_room_of(which, data.path())->run(command, heard, heard.stop.get_token());
  CHECK(exit.stopped);
  CHECK_FALSE(exit.timed_out);
  CHECK(exit.code == -1);
  CHECK(exit.signal == SIGKILL);
  CHECK_FALSE(anybody_runs("98765"));
}

TEST_CASE("a process that is left would be seen") {
  Spawn spawn;
  spawn.program = "/bin/sleep";
  spawn.argv = {"sleep", "55555"};
  {
    const Process left = Process::start(spawn);
    // It has its name only once it has become that program.
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!anybody_runs("55555") && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    CHECK(anybody_runs("55555"));
  }
  CHECK_FALSE(anybody_runs("55555"));
}

TEST_CASE("what a command leaves running ends with it") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  const SandboxExit exit =
      make_room_of(which, data.path())
          ->run(shell("setsid sleep 87654 & (setsid sleep 87654 &); echo bye"), heard, {});
  CHECK(exit.ok());
  CHECK(heard.stdout_text == "bye\n");
  CHECK_FALSE(anybody_runs("87654"));
}

TEST_CASE("a stop that came before the start keeps a command from running") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  std::stop_source stop;
  stop.request_stop();
  const SandboxExit exit = make_room_of(which, data.path())->run(shell("echo ran"), heard, stop.get_token());
  CHECK(exit.stopped);
  CHECK(heard.stdout_text.empty());
}

TEST_CASE("what ties a run to its keeper may still keep it from running") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  Ties ties;
  ties.dies_with_us = false;
  ties.about_to_run = [] { throw Failure("somebody else did it"); };
  CHECK_THROWS_WITH(make_room_of(which, data.path())->run_tied(shell("echo ran"), ties, heard, {}),
                    Catch::Contains("somebody else did it"));
  CHECK(heard.stdout_text.empty());
}

TEST_CASE("a file grows to its limit and no further") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  Heard heard;
  SandboxCommand command = shell("head -c 300000 /dev/zero > $HOME/file; wc -c < $HOME/file");
  command.limits.file_size = 100'000;
  make_room_of(which, data.path())->run(command, heard, {});
  CHECK(heard.stdout_text == "100000\n");
}

TEST_CASE("memory is bounded") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  const auto room = make_room_of(which, data.path());
  Heard heard;
  SandboxCommand command = shell("exec /usr/bin/python3 -c 'x = bytearray(300 << 20); print(len(x))'");
  command.limits.memory = 128u << 20;
  const SandboxExit exit = room->run(command, heard, {});
  CHECK_FALSE(exit.ok());
  CHECK(heard.stdout_text.empty());
  if (ControlGroups().lacking().empty()) CHECK(exit.out_of_memory);
}

TEST_CASE("the number of processes is bounded") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  if (!ControlGroups().lacking().empty()) {
    WARN("SKIPPED: no control groups here, and root has no limit of processes");
    return;
  }
  Heard heard;
  SandboxCommand command = shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 99 & done; echo all");
  command.limits.processes = 8;
  make_room_of(which, data.path())->run(command, heard, {});
  CHECK(heard.stderr_text.find("ork") != std::string::npos);  // "Cannot fork"
}

TEST_CASE("eight commands run at once") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  const auto room = make_room_of(which, data.path());
  std::vector<std::future<std::string>> said;
  for (int i = 0; i < 8; ++i) {
    said.push_back(std::async(std::launch::async, [&room, i] {
      Heard heard;
      room->run(shell("echo " + std::to_string(i)), heard, {});
      return heard.stdout_text;
    }));
  }
  for (int i = 0; i < 8; ++i) CHECK(said[static_cast<std::size_t>(i)].get() == std::to_string(i) + "\n");
}
