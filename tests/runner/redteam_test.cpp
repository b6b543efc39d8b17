#include "runner/cli/leaks.h"
#include "runner/process.h"
#include "tests/runner/projects.h"

#include <catch2/catch.hpp>

#include <fstream>

using namespace slipway;
using namespace slipway::runner;

namespace {

/// Attacks of a pull request's author from inside a plan. Where this machine can't confine, the level says
/// so, and these tests skip.
bool confines(const std::string& which, Projects& projects) {
  if (projects.room().level().mount_namespace) return true;
  if (which == "unshared" && landlock_version() >= kLandlockScopes) return true;
  WARN("SKIPPED: a " << which << " room can't confine on this machine");
  return false;
}

/// What a plan that reads these files shows of them.
std::string shown(Projects& projects, const std::vector<std::string>& paths, RunSettings settings) {
  std::string list;
  for (const auto& path : paths) list += "\"" + path + "\", ";
  projects.write("main.tf", "output \"seen\" { value = [for path in [" + list +
                                "] : \"${path}: ${try(file(path), \"unreadable\")}\"] }\n");
  const PlanMade made =
      projects.made(projects.plan({projects.place("r1"), std::move(settings), {}, Secret("tags")}));
  return made.plan.to_json().dump() + read_file(made.document.path) + projects.log.said;
}

}  // namespace

TEST_CASE("a plan can't read the server's environment, key, database or accounts") {
  NEEDS_TERRAFORM
  const std::string which = GENERATE("walled", "unshared");
  Projects projects(which);
  if (!confines(which, projects)) return;
  // A process that was started with a secret, as the server is: what is set later isn't in its environ.
  Spawn spawn;
  spawn.program = "/bin/sleep";
  spawn.argv = {"sleep", "33333"};
  spawn.environment = {"TOKEN=token-of-the-server"};
  const Process server = Process::start(spawn);
  std::ofstream(projects.data() / "encryption.key") << "key-of-the-server";
  const std::string pid = std::to_string(server.pid());
  const std::string seen = shown(
      projects,
      {"/proc/1/environ", "/proc/self/environ", "/proc/" + pid + "/environ", "/proc/" + pid + "/cmdline",
       "/proc/" + pid + "/root" + (projects.data() / "encryption.key"), projects.data() / "encryption.key",
       "/proc/self/fd/3", "/proc/self/fd/4", "/proc/self/fd/5", "/proc/self/fd/6", "/etc/shadow"},
      projects.settings());
  CHECK(seen.find("token-of-the-server") == std::string::npos);
  CHECK(seen.find("key-of-the-server") == std::string::npos);
  CHECK(seen.find("root:$") == std::string::npos);
  CHECK(seen.find("/etc/shadow: unreadable") != std::string::npos);
}

TEST_CASE("a plan that shows its own credentials shows none of them to anybody") {
  NEEDS_TERRAFORM
  Projects projects;
  RunSettings settings = projects.settings();
  settings.environment["VSPHERE_PASSWORD"] = Secret("p<ss&word \"quoted\" and more");
  settings.environment["AWS_SECRET_ACCESS_KEY"] = Secret("AKIA-something-long");
  settings.environment["AWS_REGION"] = Secret("eu-central-1");
  const std::string seen = shown(projects, {"/proc/self/environ"}, std::move(settings));
  CHECK(seen.find("AWS_REGION") != std::string::npos);
  CHECK(seen.find("eu-central-1") != std::string::npos);
  CHECK(seen.find("AKIA-something-long") == std::string::npos);
  CHECK(seen.find("ss&word") == std::string::npos);
  CHECK(seen.find("u0026word") == std::string::npos);
}

TEST_CASE("what has the name of a credential is one, and what says where is none") {
  for (const char* name :
       {"AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "VAULT_TOKEN", "vsphere_password", "ARM_CLIENT_SECRET",
        "GOOGLE_CREDENTIALS", "PG_CONN_STR", "GITLAB_PAT", "SSH_PRIVATE_KEY"}) {
    CHECK(names_credential(name));
  }
  for (const char* name :
       {"AWS_REGION", "VSPHERE_USER", "VSPHERE_SERVER", "TF_VAR_db_password", "HTTPS_PROXY"}) {
    CHECK_FALSE(names_credential(name));
  }
}

TEST_CASE("a plan can't put a file of the server's in the place of what is kept of it") {
  NEEDS_TERRAFORM
  Projects projects;
  std::ofstream(projects.data() / "encryption.key") << "key-of-the-server";
  projects.write("main.tf", "output \"x\" { value = 1 }\n");
  const PlanMade made = projects.planned("r1");
  // As a hostile provider can, in what is writable to it.
  const std::string run = projects.data() / "runs/r1/plan/project";
  std::filesystem::create_symlink(projects.data() / "encryption.key", run + "/.terraform.lock.hcl");
  CHECK_FALSE(read_inside(run, ".terraform.lock.hcl").has_value());
  std::filesystem::create_directory_symlink(projects.data().path(), run + "/.terraform");
  CHECK_FALSE(read_inside(run, ".terraform/encryption.key").has_value());
  CHECK_FALSE(is_plain_file(run + "/.terraform.lock.hcl"));
}
