#include "runner/runner.h"
#include "tests/runner/rooms.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace slipway;
using namespace slipway::runner;

namespace {

/// What a command in this kind of room prints, both ways.
std::string said_by(const std::string& which, const Scratch& data, const std::string& script,
                    std::vector<Bind> binds = {}) {
  Heard heard;
  SandboxCommand command = shell(script);
  command.binds = std::move(binds);
  make_room_of(which, data.path())->run(command, heard, {});
  return heard.stdout_text + heard.stderr_text;
}

bool confines(const std::string& which) {
  if (which == "walled") return make_room(Scratch().path())->level().mount_namespace;
  return landlock_version() >= kLandlockScopes;
}

/// Each test of what can't be done runs where this machine has the means to prevent it.
std::string a_confining_room() {
  const std::string which = GENERATE("walled", "unshared");
  if (confines(which)) return which;
  WARN("SKIPPED: a " << which << " room can't confine on this machine");
  return {};
}

}  // namespace

TEST_CASE("the server's environment can't be read from inside") {
  const std::string which = a_confining_room();
  if (which.empty()) return;
  ::setenv("SLIPWAY_TEST_SECRET", "token-of-the-server", 1);
  const Scratch data;
  const std::string own = std::to_string(::getpid());
  const std::string said =
      said_by(which, data, "cat /proc/" + own + "/environ /proc/*/environ /proc/1/environ");
  CHECK(said.find("token-of-the-server") == std::string::npos);
}

TEST_CASE("the server's key, database and workspaces can't be read from inside") {
  const std::string which = a_confining_room();
  if (which.empty()) return;
  const Scratch data;
  std::ofstream(data / "key") << "the-encryption-key";
  const std::string said = said_by(which, data, "cat " + (data / "key") + "; ls " + data.path());
  CHECK(said.find("the-encryption-key") == std::string::npos);
  CHECK(said.find("cat: " + (data / "key")) != std::string::npos);
}

TEST_CASE("the machine's own secrets can't be read from inside") {
  const std::string which = a_confining_room();
  if (which.empty()) return;
  const Scratch data;
  const std::string said =
      said_by(which, data,
              "for f in /etc/shadow /root /etc/ssh /etc/ssl/private /home /srv /var/log; do "
              "test -d $f && ls $f && continue; cat $f; done");
  CHECK(said.find("cat: /etc/shadow: ") != std::string::npos);
  CHECK(said.find("root:") == said.find("root: "));
  CHECK(said.find("id_") == std::string::npos);
  CHECK(said.find("_key") == std::string::npos);
}

TEST_CASE("a process of the server can't be signalled, traced or read from inside") {
  const std::string which = a_confining_room();
  if (which.empty()) return;
  const Scratch data;
  Spawn spawn;
  spawn.program = "/bin/sleep";
  spawn.argv = {"sleep", "44444"};
  Process victim = Process::start(spawn);
  const std::string pid = std::to_string(victim.pid());
  said_by(which, data, "kill -9 " + pid + "; dd if=/proc/" + pid + "/mem of=/dev/null count=1");
  CHECK(parent_of(victim.pid()) == ::getpid());
  victim.signal(SIGTERM);
  CHECK(victim.wait().signal == SIGTERM);
}

TEST_CASE("nothing outside of the writable binds can be written from inside") {
  const std::string which = a_confining_room();
  if (which.empty()) return;
  const Scratch data;
  const Scratch shown;
  std::ofstream(shown / "file") << "as it was";
  const std::string setting = "/proc/sys/kernel/core_pattern";
  const std::string said =
      said_by(which, data,
              "echo changed > " + (shown / "file") + "; echo new > " + (shown / "new") +
                  "; echo x > /usr/slipway-was-here; echo x > /slipway-was-here; now=$(cat " + setting +
                  ") && echo \"$now\" > " + setting + " && echo written",
              {{shown.path(), shown.path(), false}});
  CHECK(read_file(shown / "file") == "as it was");
  CHECK_FALSE(exists(shown / "new"));
  CHECK_FALSE(exists("/usr/slipway-was-here"));
  CHECK_FALSE(exists("/slipway-was-here"));
  CHECK(said.find("written") == std::string::npos);
}

TEST_CASE("what is bound writable is written, and what is bound is seen") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  const Scratch shown;
  const Scratch written;
  std::ofstream(shown / "file") << "hello";
  const std::string said =
      said_by(which, data, "cp " + (shown / "file") + " " + (written / "copy") + "; cat " + (shown / "file"),
              {{shown.path(), shown.path(), false}, {written.path(), written.path(), true}});
  CHECK(said == "hello");
  CHECK(read_file(written / "copy") == "hello");
}

TEST_CASE("a part of the server's /etc is seen where it is shown, and only then") {
  const std::string which = a_confining_room();
  if (which.empty()) return;
  const Scratch data;
  // Debian and others have one in every installation.
  const std::string shown = exists("/etc/init.d") ? "/etc/init.d" : "/etc/profile.d";
  const std::string script = "cat /etc/hosts > $HOME/hosts && ls " + shown + " > $HOME/listed && echo listed";
  CHECK(said_by(which, data, script).find("ls: ") == 0);
  CHECK(said_by(which, data, script, {{shown, shown, false}, {"/etc/hosts", "/etc/hosts", false}}) ==
        "listed\n");
}

TEST_CASE("no command has a capability, or gets one") {
  const Scratch data;
  const auto room = make_room(data.path());
  if (!room->level().mount_namespace) {
    WARN("SKIPPED: no namespaces on this machine");
    return;
  }
  Heard heard;
  room->run(shell("grep -E 'CapEff|CapPrm|CapAmb|NoNewPrivs' /proc/self/status"), heard, {});
  CHECK(heard.stdout_text.find("CapEff:\t0000000000000000") != std::string::npos);
  CHECK(heard.stdout_text.find("CapPrm:\t0000000000000000") != std::string::npos);
  CHECK(heard.stdout_text.find("NoNewPrivs:\t1") != std::string::npos);
}

TEST_CASE("mounts, new namespaces, tracing and keyrings are denied") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  const std::string said =
      said_by(which, data,
              "unshare -U true; unshare -m true; mount -t tmpfs none /tmp; "
              "python3 -c 'import ctypes; c=ctypes.CDLL(None,use_errno=True); "
              "print(c.ptrace(0,0,0,0), c.syscall(250,0,0,0), c.syscall(425,1,0))'; echo $?");
  CHECK(said.find("unshare failed: Operation not permitted") != std::string::npos);
  CHECK(said.find("-1 -1 -1") != std::string::npos);
}

TEST_CASE("raw and packet sockets are denied, those of the internet are not") {
  const std::string which = GENERATE("walled", "unshared");
  const Scratch data;
  const std::string said = said_by(which, data,
                                   "python3 -c '\n"
                                   "import socket\n"
                                   "for family in (1, 2, 10, 16, 17, 38, 40):\n"
                                   "  try: socket.socket(family, socket.SOCK_DGRAM if family != 16 else "
                                   "socket.SOCK_RAW); print(family, \"made\")\n"
                                   "  except PermissionError: print(family, \"denied\")\n"
                                   "  except OSError: print(family, \"unknown\")\n"
                                   "'");
  CHECK(said.find("1 made\n2 made\n") == 0);
  CHECK(said.find("17 denied\n38 denied\n40 denied\n") != std::string::npos);
}

TEST_CASE("a run sees its own processes only") {
  const Scratch data;
  const auto room = make_room(data.path());
  if (!room->level().mount_namespace) {
    WARN("SKIPPED: no namespaces on this machine");
    return;
  }
  Heard heard;
  room->run(shell("ls -d /proc/[0-9]* | wc -l"), heard, {});
  CHECK(std::stoi(heard.stdout_text) <= 5);
}

TEST_CASE("two runs have nothing in common in /tmp and at home") {
  const Scratch data;
  const auto room = make_room(data.path());
  Heard heard;
  room->run(shell("echo left > ${TMPDIR:-/tmp}/left; echo left > $HOME/left; mkdir -p /dev/shm/left"), heard,
            {});
  Heard second;
  room->run(shell("ls ${TMPDIR:-/tmp} $HOME /dev/shm"), second, {});
  CHECK(second.stdout_text.find("left") == std::string::npos);
}

TEST_CASE("where the server is root, a run that may have its own user has it") {
  const Scratch data;
  const auto room = make_room(data.path());
  if (!room->level().run_user) {
    WARN("SKIPPED: not root, or not allowed to change users here");
    return;
  }
  const Scratch written;
  give_tree(written.path(), *room->level().run_user);
  SandboxCommand command = shell("id -u; id -g; id -un; touch /w/file; ls -ld $HOME /tmp");
  command.own_user = true;
  command.binds = {{written.path(), "/w", true}};
  Heard heard;
  CHECK(room->run(command, heard, {}).ok());
  CHECK(heard.stderr_text == "");
  CHECK_THAT(heard.stdout_text, Catch::StartsWith("60804\n60804\nslipway\n"));
  CHECK(exists(written / "file"));
}

TEST_CASE("the level of isolation is said in words, with what is lacking") {
  const Scratch data;
  const auto room = make_room(data.path());
  CHECK_FALSE(room->level().words.empty());
  CHECK_FALSE(room->level().lacking.empty());  // the network, for now
}
