#include "runner/process.h"
#include "tests/runner/plans.h"

#include <catch2/catch.hpp>
#include <fcntl.h>

#include <cstdlib>
#include <optional>

namespace slipway::runner {
namespace {

std::string find_terraform() {
  const char* path = std::getenv("PATH");
  std::string rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    for (const char* name : {"/terraform", "/tofu"})
      if (exists(rest.substr(0, end) + name)) return rest.substr(0, end) + name;
    rest.erase(0, end + 1);
  }
  return {};
}

/// A directory in which the real Terraform works.
class Workspace {
 public:
  explicit Workspace(std::string terraform) : terraform_(std::move(terraform)) {
    replace_file(scratch_ / "rc", "");
  }

  void write(const std::string& name, const std::string& text) { replace_file(scratch_ / name, text); }
  void apply() { run({"apply", "-auto-approve", "-no-color"}, "log"); }
  /// Plan JSON.
  std::string plan() {
    run({"plan", "-out=plan", "-no-color", "-lock=false"}, "log");
    run({"show", "-json", "plan"}, "plan.json");
    return read_file(scratch_ / "plan.json");
  }
  void init() { run({"init", "-no-color"}, "log"); }

 private:
  void run(std::vector<std::string> arguments, const std::string& output) {
    const Fd out(::open((scratch_ / output).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    Spawn spawn;
    spawn.program = terraform_;
    spawn.argv = {terraform_, "-chdir=" + scratch_.path()};
    spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
    spawn.environment = {"PATH=/usr/bin:/bin", "HOME=" + scratch_.path(), "CHECKPOINT_DISABLE=1",
                         "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE=" + (scratch_ / "rc")};
    spawn.out = out.get();
    spawn.err = out.get();
    const int code = Process::start(spawn).wait().code;
    INFO(read_file(scratch_ / output));
    REQUIRE(code == 0);
  }

  std::string terraform_;
  Scratch scratch_;
};

constexpr const char* kBefore = R"(
variable "password" {
  sensitive = true
  default   = "first-real-secret"
}
resource "terraform_data" "machine" {
  count = 2
  input = { name = "web-${count.index}", password = var.password }
}
resource "terraform_data" "old_name" { input = "kept" }
resource "terraform_data" "gone" { input = "gone" }
)";

constexpr const char* kAfter = R"(
variable "password" {
  sensitive = true
  default   = "second-real-secret"
}
variable "site" { default = "seoul" }
resource "terraform_data" "machine" {
  count            = 2
  input            = { name = "web-${count.index}", password = var.password }
  triggers_replace = count.index == 0 ? ["now"] : null
  provisioner "local-exec" { command = "echo ${var.site}" }
}
resource "terraform_data" "made" {
  for_each = toset(["a.b"])
  input    = { big = 12345678901234567890123, id = terraform_data.machine[1].output.name }
}
resource "terraform_data" "new_name" { input = "kept" }
moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}
check "health" {
  assert {
    condition     = terraform_data.new_name.input == "other"
    error_message = "It is not healthy."
  }
}
output "names" { value = terraform_data.machine[*].output.name }
output "password" {
  value     = var.password
  sensitive = true
}
)";

std::optional<Workspace> workspace() {
  const std::string terraform = find_terraform();
  if (terraform.empty()) WARN("neither terraform nor tofu is on PATH: not tested with the real one");
  return terraform.empty() ? std::optional<Workspace>() : std::optional<Workspace>(std::in_place, terraform);
}

TEST_CASE("a plan that the real Terraform wrote is read, and its secrets are gone") {
  auto place = workspace();
  if (!place) return;
  place->write("main.tf", kBefore);
  place->init();
  place->apply();
  place->write("main.tf", kAfter);
  const std::string text = place->plan();
  REQUIRE(text.find("first-real-secret") != std::string::npos);
  const auto read = read_plan_text(text);
  REQUIRE(read);

  const auto action = [&](std::string_view address) {
    const ResourceChange* change = find_change(read->plan.changes, address);
    return change != nullptr ? std::string(name_of(change->action)) : "no change";
  };
  CHECK(action("terraform_data.machine[0]") == "delete-create");
  CHECK(action("terraform_data.machine[1]") == "update");
  CHECK(action("terraform_data.made[\"a.b\"]") == "create");
  CHECK(action("terraform_data.gone") == "delete");
  CHECK(action("terraform_data.new_name") == "no-op");
  CHECK(find_change(read->plan.changes, "terraform_data.new_name")->previous_address ==
        "terraform_data.old_name");
  CHECK(find_change(read->plan.changes, "terraform_data.machine[0]")->replace_paths ==
        std::vector<std::string>{"triggers_replace"});
  const auto& made = *find_change(read->plan.changes, "terraform_data.made[\"a.b\"]")->body->after.map();
  CHECK(made.find("input")->second.map()->find("big")->second ==
        PlanValue(PlanValue::Value(Json::Number{"12345678901234567890123"})));
  CHECK(made.find("id")->second.is_unknown());
  REQUIRE(read->plan.warnings.size() == 1);
  CHECK(read->plan.warnings[0].detail == "It is not healthy.");
  CHECK(read->plan.counts.outputs == 2);

  for (const std::string secret : {"first-real-secret", "second-real-secret"}) {
    CHECK(read->document.find(secret) == std::string::npos);
    CHECK(read->plan.to_json().dump().find(secret) == std::string::npos);
  }
}

TEST_CASE("two plans that the real Terraform made of the same files mean the same") {
  auto place = workspace();
  if (!place) return;
  place->write("main.tf", kBefore);
  place->init();
  place->apply();
  place->write("main.tf", kAfter);
  const std::string once = read_plan_text(place->plan()).value().plan.semantic_digest;
  CHECK(read_plan_text(place->plan()).value().plan.semantic_digest == once);
  // The provisioner says something else now; no resource's values show it.
  place->write("site.auto.tfvars", "site = \"busan\"\n");
  CHECK(read_plan_text(place->plan()).value().plan.semantic_digest != once);
}

}  // namespace
}  // namespace slipway::runner
