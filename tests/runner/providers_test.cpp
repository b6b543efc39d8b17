#include "runner/cli/errors.h"
#include "tests/runner/projects.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

using namespace slipway;
using namespace slipway::runner;

namespace {

namespace fs = std::filesystem;

/// The mirror with the provider of tests/provider, built once; empty where it can't be.
const std::string& built_mirror() {
  static const Scratch mirror;
  static const std::string path = [] {
    const std::string build = std::string(SLIPWAY_TEST_DIR) + "/../provider/build " + mirror.path();
    fs::permissions(mirror.path(), fs::perms(0755));
    return std::system(build.c_str()) == 0 ? mirror.path() : std::string();
  }();
  return path;
}

#define NEEDS_PROVIDER                                                             \
  NEEDS_TERRAFORM                                                                  \
  if (built_mirror().empty()) {                                                    \
    WARN("SKIPPED: the test provider can't be built here (no Go, or no modules)"); \
    return;                                                                        \
  }

/// A mirror of one's own, with as many versions as a test wants.
class Mirror {
 public:
  Mirror() { fs::permissions(scratch_.path(), fs::perms(0755)); }

  void add(const std::string& version) {
    const fs::path place = fs::path(scratch_.path()) / "example.test/slipway/hci" / version / platform();
    fs::create_directories(place);
    const fs::path built = fs::path(built_mirror()) / "example.test/slipway/hci/1.0.0" / platform();
    fs::copy_file(built / "terraform-provider-hci_v1.0.0", place / ("terraform-provider-hci_v" + version));
  }

  std::string rc() const {
    return "provider_installation {\n  filesystem_mirror {\n    path = \"" + scratch_.path() +
           "\"\n  }\n}\ncredentials \"registry.example.test\" {\n  token = \"token-of-the-registry\"\n}\n";
  }

 private:
  Scratch scratch_;
};

constexpr const char* kInstance = R"(
terraform {
  required_providers {
    hci = { source = "example.test/slipway/hci" }
  }
}
provider "hci" { directory = "/tmp" }
resource "hci_instance" "web" {
  name  = "web-1"
  image = "debian-12"
}
)";

PlanRequest request_with(Projects& projects, const std::string& run, const std::string& rc) {
  PlanRequest request{projects.place(run), projects.settings(), {}, Secret("a key for tags")};
  if (!rc.empty()) {
    std::ofstream(projects.data() / "user.tfrc") << rc;
    request.settings.terraform_rc = projects.data() / "user.tfrc";
  }
  return request;
}

}  // namespace

TEST_CASE("a provider comes from the user's mirror into the store, and from there to every run") {
  NEEDS_PROVIDER
  const std::string which = GENERATE("walled", "unshared");
  Projects projects(which);
  Mirror mirror;
  mirror.add("1.0.0");
  projects.write("main.tf", kInstance);
  const PlanMade made = projects.made(projects.plan(request_with(projects, "r1", mirror.rc())));
  CHECK(made.plan.counts.create == 1);
  CHECK_FALSE(made.lock_digest.empty());
  const std::string package = "providers/packages/example.test/slipway/hci/1.0.0/" + platform();
  CHECK(exists(projects.data() / package));
  CHECK(projects.log.said.find("Fetching providers.") != std::string::npos);

  // Without the user's sources: what is in the store is enough.
  projects.log.said.clear();
  const PlanMade again = projects.made(projects.plan(request_with(projects, "r2", "")));
  CHECK(again.lock_digest == made.lock_digest);
}

TEST_CASE("eight projects are initialized at once with an empty store") {
  NEEDS_PROVIDER
  Projects projects;
  Mirror mirror;
  mirror.add("1.0.0");
  for (int i = 0; i < 8; ++i) projects.write("p" + std::to_string(i) + "/main.tf", kInstance);
  std::vector<std::future<PlanOutcome>> outcomes;
  std::vector<PlanRequest> requests;
  for (int i = 0; i < 8; ++i) {
    requests.push_back(request_with(projects, "r" + std::to_string(i), mirror.rc()));
    requests.back().place.project.dir = "p" + std::to_string(i);
  }
  for (const auto& request : requests) {
    outcomes.push_back(std::async(std::launch::async, [&projects, &request] {
      HeardLog log;
      return projects.terraform().plan(request, log, {});
    }));
  }
  for (auto& outcome : outcomes) CHECK(projects.made(outcome.get()).plan.counts.create == 1);
}

TEST_CASE("a lock file that was made for another platform is explained with its cure") {
  NEEDS_PROVIDER
  Projects projects;
  Mirror mirror;
  mirror.add("1.0.0");
  projects.write("net/main.tf", kInstance);
  projects.write("net/.terraform.lock.hcl",
                 "provider \"example.test/slipway/hci\" {\n  version = \"1.0.0\"\n  hashes = [\n"
                 "    \"h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\n  ]\n}\n");
  PlanRequest request = request_with(projects, "r1", mirror.rc());
  request.place.project.dir = "net";
  const PlanOutcome outcome = projects.plan(request);
  REQUIRE(std::holds_alternative<RunFailed>(outcome));
  const RunFailed& failed = std::get<RunFailed>(outcome);
  CHECK(failed.phase == "init");
  CHECK(failed.summary == ".terraform.lock.hcl has no checksum of example.test/slipway/hci v1.0.0 for " +
                              platform() + ": run `terraform providers lock -platform=" + platform() +
                              "` in net and commit the file");
}

TEST_CASE("the versions that a lock file names are the ones that are used") {
  NEEDS_PROVIDER
  Projects projects;
  Mirror mirror;
  mirror.add("1.0.0");
  projects.write("main.tf", kInstance);
  projects.made(projects.plan(request_with(projects, "r1", mirror.rc())));
  const std::string lock = read_file(projects.data() / "runs/r1/plan/project/.terraform.lock.hcl");

  mirror.add("1.1.0");
  projects.write(".terraform.lock.hcl", lock);
  projects.log.said.clear();
  projects.made(projects.plan(request_with(projects, "r2", mirror.rc())));
  CHECK(projects.log.said.find("1.1.0") == std::string::npos);
  CHECK_FALSE(exists(projects.data() / "providers/packages/example.test/slipway/hci/1.1.0"));
}

TEST_CASE("without a lock file the newest version is looked for, and an apply keeps to that of its plan") {
  NEEDS_PROVIDER
  Projects projects;
  Mirror mirror;
  mirror.add("1.0.0");
  projects.write("main.tf", projects.local_backend() + kInstance);
  PlanRequest first = request_with(projects, "r1", mirror.rc());
  const PlanMade old = projects.made(projects.plan(first));

  mirror.add("1.1.0");
  fs::remove_all(projects.data() / "providers/asked");  // as it is after an hour
  fs::create_directory(projects.data() / "providers/asked");
  const PlanMade made = projects.made(projects.plan(request_with(projects, "r2", mirror.rc())));
  CHECK(made.lock_digest != old.lock_digest);
  CHECK(exists(projects.data() / "providers/packages/example.test/slipway/hci/1.1.0"));

  projects.log.said.clear();
  projects.applied(old, "r3");
  CHECK(projects.log.said.find("v1.0.0") != std::string::npos);
  CHECK(projects.log.said.find("v1.1.0") == std::string::npos);
}

TEST_CASE("a run sees nothing of the user's credentials at registries") {
  NEEDS_PROVIDER
  Projects projects;
  Mirror mirror;
  mirror.add("1.0.0");
  projects.write("main.tf", std::string(kInstance) + R"(
output "seen" {
  value = [for path in fileset("/slipway", "{config,fetch,providers}/**") :
    "${path}=${try(file("/slipway/${path}"), "")}" if !endswith(path, "hci_v1.0.0")]
}
)");
  const PlanMade made = projects.made(projects.plan(request_with(projects, "r1", mirror.rc())));
  const std::string seen = made.plan.to_json().dump();
  CHECK(seen.find("cli.tfrc") != std::string::npos);
  CHECK(seen.find("token-of-the-registry") == std::string::npos);
}

TEST_CASE("a provider that no source has is said with Terraform's own words") {
  NEEDS_PROVIDER
  Projects projects;
  Mirror mirror;
  mirror.add("1.0.0");
  projects.write(
      "main.tf",
      "terraform {\n  required_providers {\n    x = { source = \"example.test/no/such\" }\n  }\n}\n");
  const PlanOutcome outcome = projects.plan(request_with(projects, "r1", mirror.rc()));
  REQUIRE(std::holds_alternative<RunFailed>(outcome));
  CHECK_THAT(std::get<RunFailed>(outcome).summary, Catch::Contains("example.test/no/such"));
}

TEST_CASE("modules are fetched once for a plan, and its apply gets exactly those") {
  NEEDS_TERRAFORM
  const std::string which = GENERATE("walled", "unshared");
  Projects projects(which);
  const Scratch repository;
  fs::permissions(repository.path(), fs::perms(0755));
  const auto commit = [&](const std::string& text) {
    std::ofstream(repository / "main.tf") << text;
    const std::string git = "git -C " + repository.path() + " -c user.name=t -c user.email=t@example.test ";
    REQUIRE(std::system((git + "init -q . && " + git + "add . && " + git + "commit -q -m more").c_str()) ==
            0);
  };
  commit("resource \"terraform_data\" \"m\" { input = \"reviewed\" }\n");
  projects.write("main.tf", projects.local_backend() + "module \"m\" {\n  source = \"git::file://" +
                                repository.path() + "\"\n}\n");
  const auto settings = [&] {
    RunSettings out = projects.settings();
    out.read_paths = {repository.path()};
    out.environment["GIT_CONFIG_COUNT"] = Secret("1");
    out.environment["GIT_CONFIG_KEY_0"] = Secret("safe.directory");
    out.environment["GIT_CONFIG_VALUE_0"] = Secret("*");
    return out;
  };
  const PlanMade made = projects.made(projects.plan({projects.place("r1"), settings(), {}, Secret("tags")}));
  commit("resource \"terraform_data\" \"m\" { input = \"pushed later\" }\n");
  const ApplyDone done = projects.applied(made, "r2");
  CHECK(done.state.find("reviewed") != std::string::npos);
  CHECK(done.state.find("pushed later") == std::string::npos);
}
