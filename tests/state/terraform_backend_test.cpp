#include "tests/state/backend_server.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace slipway::state {
namespace {

namespace fs = std::filesystem;

struct Ended {
  int code = -1;
  std::string said;
};

/// A root module with the http backend, and the real Terraform run in it.
class Root {
 public:
  explicit Root(const std::string& address) : environment_{"PATH=/usr/local/bin:/usr/bin:/bin"} {
    REQUIRE(mkdtemp(path_.data()) != nullptr);
    environment_.insert(environment_.end(), {"HOME=" + path_, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
                                             "TF_HTTP_ADDRESS=" + address, "TF_HTTP_LOCK_ADDRESS=" + address,
                                             "TF_HTTP_UNLOCK_ADDRESS=" + address, "TF_HTTP_RETRY_MAX=0"});
    write("1");
  }
  ~Root() { fs::remove_all(path_); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  void write(const std::string& input) {
    std::ofstream(path_ + "/main.tf")
        << "terraform {\n  backend \"http\" {}\n}\nresource \"terraform_data\" \"x\" {\n  input = " << input
        << "\n}\n";
  }

  Ended run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"/usr/bin/env", "terraform", "-chdir=" + path_});
    std::vector<char*> argv, envp;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    for (std::string& variable : environment_) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    const std::string log = path_ + "/log";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = -1;
    REQUIRE(posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), envp.data()) == 0);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    std::ifstream in(log);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, {std::istreambuf_iterator<char>(in), {}}};
  }

  Ended apply() { return run({"apply", "-auto-approve", "-input=false", "-no-color"}); }

  bool has(const std::string& file) const { return fs::exists(path_ + "/" + file); }
  std::string path() const { return path_; }

 private:
  std::string path_ = "/tmp/slipway-backend-XXXXXX";
  std::vector<std::string> environment_;
};

bool has_terraform() {
  if (fs::exists("/usr/local/bin/terraform") || fs::exists("/usr/bin/terraform")) return true;
  WARN("SKIPPED: there is no terraform in /usr/local/bin or /usr/bin");
  return false;
}

#define CHECK_RAN(ended)        \
  do {                          \
    const Ended done = (ended); \
    INFO(done.said);            \
    CHECK(done.code == 0);      \
  } while (false)

TEST_CASE("Terraform keeps its state in our http backend", "[slow]") {
  if (!has_terraform()) return;
  BackendServer server;
  Root root(server.address());
  CHECK_RAN(root.run({"init", "-input=false", "-no-color"}));
  CHECK_RAN(root.apply());
  const auto first = server.held();
  CHECK(read_state(first.state, "key")->instances.size() == 1);
  CHECK(first.held.lock_id.empty());
  root.write("2");
  CHECK_RAN(root.apply());
  const auto second = server.held();
  CHECK(second.held.serial->lineage == first.held.serial->lineage);
  CHECK(second.held.serial->serial > first.held.serial->serial);
  for (const std::string& line : second.log) CHECK((line.ends_with(" 200") || line == "GET 404"));
}

TEST_CASE("Terraform is told that the state is locked, and a plan without a lock is not", "[slow]") {
  if (!has_terraform()) return;
  BackendServer server;
  Root root(server.address());
  CHECK_RAN(root.run({"init", "-input=false", "-no-color"}));
  server.lock_as(R"({"ID":"held-by-another","Who":"alice@laptop","Operation":"OperationTypeApply"})");
  const Ended refused = root.apply();
  CHECK(refused.code == 1);
  CHECK(refused.said.find("Error acquiring the state lock") != std::string::npos);
  CHECK(refused.said.find("held-by-another") != std::string::npos);
  server.may_write(false);
  CHECK_RAN(root.run({"plan", "-lock=false", "-input=false", "-no-color"}));
  CHECK(server.held().log.back() == "GET 404");
}

TEST_CASE("a person who forces Terraform to push an older state or another lineage is refused", "[slow]") {
  if (!has_terraform()) return;
  BackendServer server;
  Root root(server.address());
  CHECK_RAN(root.run({"init", "-input=false", "-no-color"}));
  CHECK_RAN(root.apply());
  const std::string state = server.held().state;
  const auto push = [&](std::string_view from, std::string_view to) {
    std::string changed = state;
    changed.replace(changed.find(from), from.size(), to);
    // Content that is the same as what is there is not sent.
    changed.replace(changed.find("\"id\": \""), 7, "\"id\": \"another-");
    std::ofstream(root.path() + "/pushed.tfstate") << changed;
    // -force takes Terraform's own checks away; ours must hold.
    return root.run({"state", "push", "-force", "pushed.tfstate"}).code;
  };
  const std::string serial = "\"serial\": " + std::to_string(server.held().held.serial->serial);
  CHECK(push(serial, "\"serial\": 0") == 1);
  CHECK(push("\"lineage\": \"", "\"lineage\": \"other-") == 1);
  CHECK(server.held().state == state);
  const auto log = server.held().log;
  CHECK(std::count(log.begin(), log.end(), "POST 409") == 2);
}

}  // namespace
}  // namespace slipway::state
