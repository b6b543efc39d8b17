#include "bot/work/path_pattern.h"

#include <catch2/catch.hpp>

using namespace slipway::work;

namespace {

bool meant(std::string_view dir, const std::vector<std::string>& patterns, const std::string& path) {
  return any_matches(dir, patterns, {path});
}

}  // namespace

TEST_CASE("a star stays within a folder, and two stars are any number of folders") {
  CHECK(meant("net", {"*.tf"}, "net/main.tf"));
  CHECK_FALSE(meant("net", {"*.tf"}, "net/sub/main.tf"));
  CHECK_FALSE(meant("net", {"*.tf"}, "web/main.tf"));
  CHECK(meant("net", {"**/*.tf*"}, "net/main.tf"));
  CHECK(meant("net", {"**/*.tf*"}, "net/a/b/prod.tfvars"));
  CHECK(meant(".", {"**/*.tf*"}, "main.tf"));
  CHECK(meant(".", {"**"}, "anything/at/all"));
  CHECK(meant("net", {"a/**/z.json"}, "net/a/z.json"));
  CHECK(meant("net", {"a/**/z.json"}, "net/a/b/c/z.json"));
  CHECK_FALSE(meant("net", {"a/**/z.json"}, "net/a/b/c/y.json"));
  CHECK(meant("net", {"file-[0-9]?.txt"}, "net/file-1x.txt"));
}

TEST_CASE("whoever names a folder names all that is below it") {
  CHECK(meant("net", {"templates"}, "net/templates/a/b.tpl"));
  CHECK_FALSE(meant("net", {"templates"}, "net/templates.md"));
  CHECK(meant("net", {"modules/**"}, "net/modules/x/main.tf"));
}

TEST_CASE("a pattern may leave its project, and none leaves the tree") {
  CHECK(meant("prod/net", {"../../modules/**/*.tf"}, "modules/vpc/main.tf"));
  CHECK(meant("prod/net", {"../shared.tfvars"}, "prod/shared.tfvars"));
  CHECK_FALSE(meant("prod/net", {"../../../etc/passwd"}, "etc/passwd"));
}

TEST_CASE("an exclamation mark takes back, and the last word counts") {
  const std::vector<std::string> patterns = {"**/*.tf", "!lab/**", "lab/keep.tf"};
  CHECK(meant("net", patterns, "net/main.tf"));
  CHECK_FALSE(meant("net", patterns, "net/lab/main.tf"));
  CHECK(meant("net", patterns, "net/lab/keep.tf"));
  CHECK_FALSE(meant("net", {"!main.tf"}, "net/main.tf"));
}

TEST_CASE("stars without end are answered at once") {
  std::string pattern;
  std::string path;
  for (int i = 0; i < 40; ++i) {
    pattern += "**/a/";
    path += "a/";
  }
  CHECK_FALSE(meant(".", {pattern + "z"}, path + "b"));
}
