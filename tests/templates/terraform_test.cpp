#include "runner/plan_reader.h"
#include "templates/change_printer.h"
#include "templates/text_diff.h"
#include "tests/templates/printed.h"
#include "tests/templates/program.h"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

namespace slipway::templates {
namespace {

namespace fs = std::filesystem;

/// What is made first, and what it is changed to: terraform_data takes any value and needs no provider.
constexpr std::string_view kBefore = R"(
variable "password" {
  type      = string
  default   = "open sesame"
  sensitive = true
}
resource "terraform_data" "web" {
  count = 3
  input = {
    name   = "web-${count.index}"
    cpu    = 4
    labels = { tier = "gold", site = "seoul" }
    disks  = [{ name = "root", size = 10 }, { name = "data", size = 100 }]
    script = "#!/bin/sh\necho one\necho two\n"
    policy = jsonencode({ Version = 1, Statement = [{ Action = "get" }] })
    secret = var.password
  }
}
resource "terraform_data" "replaced" {
  input            = "x"
  triggers_replace = { image = "rocky-8" }
}
resource "terraform_data" "old_name" { input = "moved" }
resource "terraform_data" "forgotten" { input = "forgotten" }
output "addresses" { value = terraform_data.web[*].id }
output "gone" { value = "x" }
)";
constexpr std::string_view kAfter = R"(
variable "password" {
  type      = string
  default   = "open barley"
  sensitive = true
}
resource "terraform_data" "web" {
  count = 2
  input = {
    name   = "web-${count.index}"
    cpu    = 8
    labels = { tier = "silver", owner = "dba" }
    disks  = [{ name = "root", size = 20 }, { name = "logs", size = 5 }]
    script = "#!/bin/sh\necho one\necho three\n"
    policy = jsonencode({ Version = 1, Statement = [{ Action = "put" }] })
    secret = var.password
    added  = true
  }
}
resource "terraform_data" "replaced" {
  input            = "x"
  triggers_replace = { image = "rocky-9" }
}
moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}
resource "terraform_data" "new_name" { input = "moved" }
removed {
  from = terraform_data.forgotten
  lifecycle { destroy = false }
}
resource "terraform_data" "created" { input = { a = [1, "two", null], b = { c = "d" } } }
data "terraform_remote_state" "later" {
  backend = "local"
  config  = { path = terraform_data.created.id }
}
output "addresses" { value = terraform_data.web[*].id }
output "more" { value = { known = 1, later = terraform_data.created.id } }
)";

class Workplace {
 public:
  Workplace() : path_(fs::temp_directory_path() / ("slipway-terraform-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Workplace() { fs::remove_all(path_); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  std::optional<std::string> terraform(std::vector<std::string> arguments) const {
    std::vector<std::string> command = {"terraform", "-chdir=" + path_.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return output_of(std::move(command));
  }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

/// The names that Terraform's own text puts a sign before: attributes, members, outputs.
std::vector<std::string> names_with_signs(const std::string& text) {
  static const std::regex kSigned(R"re(^\s*(?:\+|-|~|-/\+|<=)\s+"?([A-Za-z0-9_ .-]+?)"?\s+= )re");
  std::vector<std::string> names;
  for (const std::string_view line : lines_of(text)) {
    std::smatch found;
    const std::string copy(line);
    // What Terraform shows as null before the apply is what we leave out.
    if (std::regex_search(copy, found, kSigned) && !copy.ends_with("= null")) names.push_back(found[1]);
  }
  return names;
}

TEST_CASE("every attribute that Terraform's own text marks is in ours, and no sensitive value is") {
  if (!output_of({"terraform", "version"})) {
    WARN("no terraform on PATH: not compared with its text");
    return;
  }
  const Workplace place;
  place.write("main.tf", kBefore);
  REQUIRE(place.terraform({"init", "-input=false"}));
  REQUIRE(place.terraform({"apply", "-auto-approve", "-input=false"}));
  place.write("main.tf", kAfter);
  REQUIRE(place.terraform({"plan", "-input=false", "-out=plan"}));
  const auto theirs = place.terraform({"show", "-no-color", "plan"});
  const auto json = place.terraform({"show", "-json", "plan"});
  REQUIRE(theirs);
  REQUIRE(json);
  place.write("plan.json", *json);
  const auto read = runner::read_plan(place.file("plan.json"), {Secret("key"), {}, ""});
  REQUIRE(read);
  const std::string ours = printed(printed_changes(read->plan));
  INFO("theirs:\n" << *theirs << "\nours:\n" << ours);

  const std::vector<std::string> names = names_with_signs(*theirs);
  CHECK(names.size() > 20);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(std::regex_search(ours, std::regex("[ .\"]" + name + "\"? *=")));
  }
  CHECK(ours.find("open sesame") == std::string::npos);
  CHECK(ours.find("open barley") == std::string::npos);
  CHECK(ours.find("→ terraform_data.new_name  # moved from terraform_data.old_name") != std::string::npos);
  CHECK(ours.find("✂ terraform_data.forgotten") != std::string::npos);
  CHECK(ours.find("- terraform_data.web[2]  # its index is beyond count") != std::string::npos);
  CHECK(
      ours.find("triggers_replace = { # forces replacement\n~         image = \"rocky-8\" -> \"rocky-9\"") !=
      std::string::npos);
  CHECK(ours.find("<= data.terraform_remote_state.later") != std::string::npos);
}

}  // namespace
}  // namespace slipway::templates
