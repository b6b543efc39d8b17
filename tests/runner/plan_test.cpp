#include "core/failure.h"
#include "tests/runner/projects.h"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace slipway;
using namespace slipway::runner;

namespace {

constexpr const char* kTwo = R"(
resource "terraform_data" "web" {
  count = 2
  input = { name = "web-${count.index}" }
}
)";

std::string which() { return GENERATE("walled", "unshared"); }

const RunFailed& failure(const PlanOutcome& outcome) {
  REQUIRE(std::holds_alternative<RunFailed>(outcome));
  return std::get<RunFailed>(outcome);
}

}  // namespace

TEST_CASE("a plan says what it would create, and keeps all that its apply needs") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", kTwo);
  const PlanMade made = projects.planned("r1");
  CHECK(made.plan.counts.create == 2);
  CHECK(made.plan.changes.size() == 2);
  CHECK_FALSE(made.plan.semantic_digest.empty());
  CHECK(made.tool.starts_with("terraform 1."));
  CHECK(made.plan_sha256 == sha256_of_file(made.plan_file));
  CHECK(made.document.digest == sha256_of_file(made.document.path));
  CHECK(made.lock_digest.empty());
  CHECK(made.state == StateSerial{});
  CHECK(exists(made.materials));
  CHECK_THAT(projects.log.said, Catch::Contains("terraform_data.web[0]: Plan to create"));
}

TEST_CASE("a plan of what is applied has no changes, and one of what moved on says the difference") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + kTwo);
  projects.applied(projects.planned("r1"), "r2");
  const PlanMade same = projects.planned("r3");
  CHECK(same.plan.counts.none());
  CHECK(same.state.serial > 0);
  CHECK_FALSE(same.state.lineage.empty());

  projects.write("main.tf", projects.local_backend() + R"(
resource "terraform_data" "web" {
  count = 1
  input = { name = "other" }
}
)");
  const PlanMade moved = projects.planned("r4");
  CHECK(moved.plan.counts.update == 1);
  CHECK(moved.plan.counts.destroy == 1);
  CHECK(moved.plan.destroys() == std::vector<std::string>{"terraform_data.web[1]"});
}

TEST_CASE("a plan that fails tells where and why, in one line and whole") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", "resource \"terraform_data\" \"web\" {\n  input = var.nothing\n}\n");
  const PlanOutcome outcome = projects.plan("r1");
  const RunFailed& failed = failure(outcome);
  CHECK(failed.phase == "plan");
  CHECK_THAT(failed.summary, Catch::Contains("main.tf:2") && Catch::Contains("undeclared"));
  REQUIRE_FALSE(failed.diagnostics.empty());
  CHECK(failed.diagnostics.front().file == "main.tf");
  CHECK_FALSE(failed.timed_out);
}

TEST_CASE("a project that can't be initialized says so") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", "module \"m\" {\n  source = \"./missing\"\n}\n");
  const PlanOutcome outcome = projects.plan("r1");
  CHECK(failure(outcome).phase == "init");
  CHECK_THAT(failure(outcome).summary, Catch::Contains("Unreadable module directory"));
}

TEST_CASE("an errored plan is no plan") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", R"(
variable "day" { default = "Friday" }
resource "terraform_data" "web" {
  input = 1
  lifecycle {
    precondition {
      condition     = var.day != "Friday"
      error_message = "Not on a Friday."
    }
  }
}
)");
  const PlanOutcome outcome = projects.plan("r1");
  CHECK(failure(outcome).phase == "plan");
  CHECK_THAT(failure(outcome).diagnostics.front().detail, Catch::Contains("Not on a Friday."));
}

TEST_CASE("a failed check is a warning of the plan") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", std::string(kTwo) + R"(
check "names" {
  assert {
    condition     = length(terraform_data.web) > 5
    error_message = "Too few."
  }
}
)");
  const PlanMade made = projects.planned("r1");
  REQUIRE_FALSE(made.plan.warnings.empty());
  CHECK_FALSE(made.plan.warnings.front().error);
}

TEST_CASE("no sensitive value is in the redacted document, in the plan, in the log or left on disk") {
  NEEDS_TERRAFORM
  Projects projects;
  projects.write("main.tf", R"(
variable "password" {
  type      = string
  sensitive = true
}
resource "terraform_data" "web" { input = { password = var.password } }
output "token" {
  value     = "T-${var.password}"
  sensitive = true
}
)");
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("a key for tags")};
  request.settings.environment["TF_VAR_password"] = Secret("hunter2-and-more");
  const PlanMade made = projects.made(projects.plan(request));
  CHECK(read_file(made.document.path).find("hunter2") == std::string::npos);
  CHECK(made.plan.to_json().dump().find("hunter2") == std::string::npos);
  CHECK(projects.log.said.find("hunter2") == std::string::npos);
  CHECK_FALSE(exists(request.place.directory + "/shown.json"));
}

TEST_CASE("a credential that a run prints is not in its log") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", R"(
variable "key" {}
check "leak" {
  assert {
    condition     = var.key == ""
    error_message = "the key is ${var.key}"
  }
}
)");
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("a key for tags")};
  request.settings.environment["TF_VAR_key"] = Secret("open-sesame-123");
  const PlanMade made = projects.made(projects.plan(request));
  CHECK_THAT(projects.log.said, Catch::Contains("the key is (sensitive)"));
  CHECK(projects.log.said.find("open-sesame") == std::string::npos);
  CHECK(made.plan.to_json().dump().find("open-sesame") == std::string::npos);
}

TEST_CASE("flags, var files and a local module outside of the project's directory are used") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("modules/web/main.tf",
                 "variable \"name\" {}\nresource \"terraform_data\" \"web\" { input = var.name }\n");
  projects.write("live/prod/main.tf", R"(
variable "name" {}
variable "extra" { default = "none" }
module "web" {
  source = "../../modules/web"
  name   = "${var.name} ${var.extra} ${path.cwd}"
}
)");
  projects.write("env/prod.tfvars", "name = \"from-the-tree\"\n");
  std::ofstream(projects.data() / "secret.tfvars") << "extra = \"from-the-server\"\n";
  PlanRequest request{
      projects.place("r1", "live/prod"), projects.settings(), {"-target=module.web"}, Secret("tags")};
  request.settings.var_files = {"env/prod.tfvars", projects.data() / "secret.tfvars"};
  const PlanMade made = projects.made(projects.plan(request));
  REQUIRE(made.plan.changes.size() == 1);
  CHECK_FALSE(made.plan.complete);
  const std::string after = made.plan.changes.front().body->after.to_json().dump();
  CHECK_THAT(after, Catch::Contains("from-the-tree from-the-server"));
  if (projects.room().level().mount_namespace) CHECK_THAT(after, Catch::Contains("/slipway/tree/live/prod"));
}

TEST_CASE("a workspace that isn't there yet is planned as it will be") {
  NEEDS_TERRAFORM
  Projects projects(which());
  const std::string states = projects.states();
  projects.write("main.tf", "terraform {\n  backend \"local\" {\n    workspace_dir = \"" + states +
                                "\"\n  }\n}\n" + "output \"where\" { value = terraform.workspace }\n");
  for (const char* other : {"red", "green"}) std::filesystem::create_directories(states + "/" + other);
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("tags")};
  request.place.project.workspace = "blue";
  const PlanMade made = projects.made(projects.plan(request));
  REQUIRE(made.plan.outputs.size() == 1);
  CHECK(*made.plan.outputs.front().after.string() == "blue");
}

TEST_CASE("planning leaves the checkout as it was") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", projects.local_backend() + kTwo);
  projects.write("sub/file.txt", "unchanged");
  projects.planned("r1");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(projects.tree().path())) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"file.txt", "main.tf", "sub"});
}

TEST_CASE("a plan that runs too long is stopped and says so") {
  NEEDS_TERRAFORM
  Projects projects(which());
  // A thousand million numbers take long.
  projects.write(
      "main.tf",
      "locals { long = [for i in range(1000) : [for j in range(1000) : [for k in range(1000) : k]]] }\n"
      "resource \"terraform_data\" \"web\" { input = local.long }\n");
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("tags")};
  request.settings.limits.wall = std::chrono::seconds(1);
  request.settings.limits.grace = std::chrono::seconds(1);
  const PlanOutcome outcome = projects.plan(request);
  CHECK(failure(outcome).timed_out);
  CHECK_THAT(failure(outcome).summary, Catch::Contains("ran longer than"));
}

TEST_CASE("a stop ends a plan, and that is no failure") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", kTwo);
  std::stop_source stop;
  stop.request_stop();
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("tags")};
  CHECK(std::holds_alternative<RunStopped>(projects.plan(request, stop.get_token())));
}

TEST_CASE("a terraform that isn't there is a failure of ours that says where it was looked for") {
  Projects projects;
  projects.write("main.tf", kTwo);
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("tags")};
  request.settings.terraform = "no-such-terraform";
  CHECK_THROWS_WITH(projects.plan(request), Catch::Contains("no-such-terraform") && Catch::Contains("PATH"));
}

TEST_CASE("a wrapper script that execs the real terraform is used, wherever both are") {
  NEEDS_TERRAFORM
  Projects projects(which());
  projects.write("main.tf", kTwo);
  const Scratch elsewhere;
  std::filesystem::permissions(elsewhere.path(), std::filesystem::perms(0755));
  std::filesystem::create_symlink("/usr/bin/env", elsewhere / "interpreter");
  const auto script = [&](const std::string& name, const std::string& text) {
    std::ofstream(elsewhere / name) << text;
    std::filesystem::permissions(elsewhere / name, std::filesystem::perms(0755));
  };
  std::string real = "/usr/local/bin/terraform";
  if (!exists(real)) real = "/usr/bin/terraform";
  script("terraform.real", "#!/bin/sh\nexec " + real + " \"$@\"\n");
  script("terraform",
         "#!" + (elsewhere / "interpreter") + " sh\nexec \"$(dirname \"$0\")/terraform.real\" \"$@\"\n");
  PlanRequest request{projects.place("r1"), projects.settings(), {}, Secret("tags")};
  request.settings.terraform = elsewhere / "terraform";
  CHECK(projects.made(projects.plan(request)).plan.counts.create == 2);
}

TEST_CASE("the version of a program is asked once, until the program changes") {
  NEEDS_TERRAFORM
  Projects projects;
  const Scratch elsewhere;
  const auto write = [&](const std::string& version) {
    std::ofstream(elsewhere / "tofu") << "#!/bin/sh\necho 'OpenTofu v" + version + "'\n";
    std::filesystem::permissions(elsewhere / "tofu", std::filesystem::perms(0755));
  };
  write("1.8.1");
  CHECK(projects.terraform().version(elsewhere / "tofu") == "opentofu 1.8.1");
  write("1.10.12");
  CHECK(projects.terraform().version(elsewhere / "tofu") == "opentofu 1.10.12");
  CHECK(projects.terraform().version("terraform").starts_with("terraform 1."));
}
