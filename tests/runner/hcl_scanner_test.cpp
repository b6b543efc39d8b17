#include "runner/hcl/scanner.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <random>

namespace slipway::runner {
namespace {

using From = NamedPath::From;

/// The paths of an expression, as "module:a/b" and "root:c", and "?" for what can't be told.
std::string reads(const ScannedFile& file) {
  std::string out;
  for (const NamedPath& named : file.paths)
    out +=
        std::string(out.empty() ? "" : " ") + (named.from == From::Module ? "module:" : "root:") + named.path;
  if (file.reads_unknown) out += out.empty() ? "?" : " ?";
  return out;
}

std::string reads_of(const std::string& expression) {
  return reads(scan_hcl("locals {\n  x = " + expression + "\n}\n"));
}

TEST_CASE("blocks tell what a module is") {
  const ScannedFile file = scan_hcl(R"(
terraform {
  required_version = ">= 1.5"
  required_providers {
    hci = {
      source  = "registry.example.com/acme/hci"
      version = "~> 1.0"
    }
    old = "~> 2.0"
  }
  backend "s3" {
    bucket = "states"
  }
}
provider "hci" {}
resource "hci_instance" "web" {
  name = "a"
  disk { size = 10 }
}
module "net" {
  source = "../net"
  zone   = "a"
}
module "far" { source = "acme/far/hci" }
)");
  CHECK(file.problems.empty());
  CHECK(file.backend == "s3");
  CHECK(file.has_resources);
  CHECK(file.has_providers);
  CHECK(file.module_sources == std::set<std::string>{"../net", "acme/far/hci"});
  CHECK(file.required_providers == std::set<std::string>{"old", "registry.example.com/acme/hci"});
  CHECK_FALSE(file.reads_unknown);
}

TEST_CASE("words in the wrong place are no blocks") {
  const ScannedFile file = scan_hcl(R"(
variable "x" {
  resource "a" "b" {}
  backend "s3" {}
  source = "./y"
}
# resource "a" "b" {}
locals { text = "resource \"a\" \"b\" {}", provider = 1 }
output "o" { value = <<E
terraform {
  backend "gcs" {}
}
E
}
)");
  CHECK_FALSE(file.has_resources);
  CHECK_FALSE(file.has_providers);
  CHECK(file.backend.empty());
  CHECK(file.module_sources.empty());
}

TEST_CASE("a cloud block is a backend, and a local one tells its path") {
  CHECK(scan_hcl("terraform {\n  cloud {\n    organization = \"acme\"\n  }\n}").backend == "cloud");
  const ScannedFile local =
      scan_hcl("terraform {\n  backend \"local\" {\n    path = \"/srv/states/a\"\n  }\n}");
  CHECK(local.backend == "local");
  CHECK(local.local_backend_path == "/srv/states/a");
}

TEST_CASE("functions that read files name their paths") {
  CHECK(reads_of(R"(file("a.txt"))") == "root:a.txt");
  CHECK(reads_of(R"(filebase64("${path.module}/a/b.bin"))") == "module:a/b.bin");
  CHECK(reads_of(R"(templatefile("${path.root}/t.tpl", { x = file("y") }))") == "root:t.tpl root:y");
  CHECK(reads_of(R"([for f in toset(["a"]) : filesha256("${path.cwd}/z")])") == "root:z");
  CHECK(reads_of(R"(fileexists("../shared/x") ? 1 : 2)") == "root:../shared/x");
  CHECK(reads_of(R"("x ${file("in a template")}")") == "root:in a template");
  CHECK(reads_of("<<E\n${file(\"in a heredoc\")}\nE") == "root:in a heredoc");
  CHECK(reads_of("jsondecode(\n  file(\n    \"lines\"\n  )\n)") == "root:lines");
}

TEST_CASE("fileset names the directory that its pattern begins in") {
  CHECK(reads_of(R"(fileset(path.module, "policies/*.json"))") == "module:policies");
  CHECK(reads_of(R"(fileset("${path.module}/a", "b/**/*.json"))") == "module:a/b");
  CHECK(reads_of(R"(fileset(path.root, "*"))") == "root:");
  CHECK(reads_of(R"(fileset("a", "exact"))") == "root:a/exact");
  CHECK(reads_of(R"(fileset("a", var.pattern))") == "root:a ?");
}

TEST_CASE("a computed path can't be told, and its beginning can") {
  CHECK(reads_of("file(var.path)") == "?");
  CHECK(reads_of(R"(file("${path.module}/policies/${each.key}.json"))") == "module:policies ?");
  CHECK(reads_of(R"(file("a/${b}"))") == "root:a ?");
  CHECK(reads_of(R"(file(join("/", [path.module, "x"])))") == "?");
  CHECK(reads_of(R"(file("${path.module}x"))") == "?");
  CHECK(reads_of(R"(file("~/.ssh/id"))") == "root:~/.ssh/id ?");
  CHECK(reads_of("provider::local::direxists(\"a\")") == "?");
  CHECK(reads_of("dirname(path.cwd)") == "?");
}

TEST_CASE("what is no read is none") {
  CHECK(reads_of("\"a/b.txt\"") == "");
  CHECK(reads_of("local.file(\"a\")") == "");
  CHECK(reads_of("myfile(\"a\")") == "");
  CHECK(reads_of("file") == "");
  CHECK(reads_of("basename(path.cwd)") == "");
  CHECK(reads_of("module.path.module") == "");
  CHECK(reads_of("\"1..2 ... and so on.\"") == "");
}

TEST_CASE("a path that climbs may be read by a provider") {
  CHECK(reads_of(R"("../scripts/run.sh")") == "root:../scripts/run.sh");
  CHECK(reads_of(R"("${path.module}/../a.zip")") == "module:../a.zip");
  CHECK(reads_of(R"("${path.module}/a.zip")") == "module:a.zip");
  CHECK(reads_of(R"("cd ../x && make")") == "?");
  CHECK(reads_of(R"(join("/", ["..", "x"]))") == "root:..");
}

TEST_CASE("a program that runs at each plan may read anything") {
  CHECK(scan_hcl("data \"external\" \"x\" {\n  program = [\"sh\"]\n}").reads_unknown);
  CHECK(scan_json(R"({"data":{"external":{"x":{}}}})").reads_unknown);
  CHECK_FALSE(scan_hcl("data \"hci_image\" \"x\" {}").reads_unknown);
}

TEST_CASE("a module's source that is computed can't be told") {
  CHECK(scan_hcl("module \"x\" {\n  source = var.source\n}").reads_unknown);
  CHECK(scan_hcl("module \"x\" {\n  source = \"./${local.x}\"\n}").reads_unknown);
  CHECK(scan_json(R"({"module":{"x":{"source":"./${local.x}"}}})").reads_unknown);
}

TEST_CASE("JSON syntax says the same") {
  const ScannedFile file = scan_json(R"json({
    "terraform": [{"required_providers": {"hci": {"source": "acme/hci"}, "old": "~> 2.0"},
                   "backend": {"local": {"path": "/srv/a"}}}],
    "provider": {"hci": [{}, {"alias": "b"}]},
    "resource": {"hci_instance": {"web": {"user_data": "${file(\"${path.module}/a.txt\")}", "note": "file(\"no\")"}}},
    "module": {"net": {"source": "./net", "x": "${templatefile(\"t\", {})}"}}
  })json");
  CHECK(file.problems.empty());
  CHECK(file.backend == "local");
  CHECK(file.local_backend_path == "/srv/a");
  CHECK(file.has_resources);
  CHECK(file.has_providers);
  CHECK(file.module_sources == std::set<std::string>{"./net"});
  CHECK(file.required_providers == std::set<std::string>{"acme/hci", "old"});
  // Members of an object come in the order of their names.
  CHECK(reads(file) == "root:t module:a.txt");
  CHECK(scan_json(R"({"terraform":{"cloud":{}}})").backend == "cloud");
}

TEST_CASE("what is no HCL is told with its line, and the rest is read") {
  const ScannedFile file =
      scan_hcl("resource \"a\" \"b\" {\n  x = \"unended\n}\n)\n??\nprovider \"p\" {\n}\n}\n");
  CHECK(file.has_resources);
  CHECK(file.has_providers);
  REQUIRE(file.problems.size() >= 2);
  CHECK(file.problems[0].line == 2);
  CHECK_FALSE(scan_hcl("resource \"a\" \"b\" {\n").problems.empty());
  CHECK_FALSE(scan_json("{").problems.empty());
  CHECK(scan_hcl(std::string(kMaxHclFile + 1, ' ')).problems.at(0).text == "the file is larger than 4 MiB");
  CHECK(scan_hcl(std::string(1'000'000, ']')).problems.size() <= 20);
}

TEST_CASE("garbage is scanned to its end") {
  const std::string good =
      "terraform {\n backend \"s3\" {}\n}\nresource \"a\" \"b\" {\n x = file(\"${path.module}/y\")\n z = "
      "<<E\n${f()}\nE\n}\n";
  std::mt19937 random(3);
  for (int round = 0; round < 3'000; ++round) {
    std::string text = good;
    for (int i = 0; i < 3; ++i) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0)
        text[at] = "\"{}[]()$%\\\n=<E#"[random() % 15];
      else
        text.erase(at, random() % 5);
    }
    INFO(text);
    scan_hcl(text);
    scan_json(text);
  }
  SUCCEED();
}

TEST_CASE("the worst text of the largest size takes time in proportion") {
  const auto seconds = [](const std::string& unit) {
    std::string text;
    while (text.size() + unit.size() < kMaxHclFile / 4) text += unit;
    const auto begun = std::chrono::steady_clock::now();
    scan_hcl("x = " + text);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  for (const std::string unit :
       {"\"${", "file(", "{", "(", "\"a\" ", "<<E\n", "a {\n", "..", "path.module ", "file(\"a\" ", "\n]"}) {
    INFO(unit);
    CHECK(seconds(unit) < 10);  // a second at most where nothing else runs, unoptimized
  }
}

}  // namespace
}  // namespace slipway::runner
