#include "runner/hcl/modules.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>

namespace slipway::runner {
namespace {

using Files = std::map<std::string, std::string>;
using Paths = std::set<std::string>;

TreeFiles tree(const Files& files, std::vector<std::string> links = {}) {
  TreeFiles out;
  for (const auto& [path, text] : files) out.paths.push_back(path);
  out.links = std::move(links);
  out.read = [&files](const std::string& path) { return files.at(path); };
  return out;
}

ModuleGraph graph(const Files& files, std::vector<std::string> links = {}) {
  return ModuleGraph::read(tree(files, std::move(links)));
}

const std::string kResource = "resource \"hci_instance\" \"a\" {}\n";
const std::string kBackend = "terraform {\n  backend \"s3\" {}\n}\n";

std::string call(const std::string& source) {
  return fmt::format("module \"m\" {{\n  source = \"{}\"\n}}\n", source);
}

TEST_CASE("a root declares a backend, or makes something and is called by nobody") {
  const Files files = {
      {"main.tf", kResource},
      {"prod/web/main.tf", kResource + call("../../lib/net")},
      {"prod/db/main.tf", "provider \"hci\" {}\n"},
      {"called/main.tf", kResource},
      {"called_root/main.tf", kResource + kBackend},
      {"caller/main.tf", kBackend + call("../called") + call("../called_root")},
      {"lib/net/main.tf", kResource},
      {"variables/only.tf", "variable \"x\" {}\n"},
      {"json/main.tf.json", R"({"resource":{"a":{"b":{}}}})"},
      {"tofu/main.tofu", kResource},
      {"docs/readme.md", kResource},
  };
  CHECK(graph(files).roots() ==
        std::vector<std::string>{".", "called_root", "caller", "json", "prod/db", "prod/web", "tofu"});
}

TEST_CASE("no root is below modules, examples, tests or hidden directories") {
  Files files;
  for (const std::string dir :
       {"modules/net", "examples/one", "tests/unit", "test", "testing/x", "a/modules/b", ".hidden/x",
        "a/.terraform/b", "modules", "contest/x", "mymodules"})
    files[dir + "/main.tf"] = kResource + kBackend;
  CHECK(graph(files).roots() == std::vector<std::string>{"contest/x", "mymodules"});
}

TEST_CASE("only what Terraform would load counts, and OpenTofu's file wins over its namesake") {
  const Files files = {{"a/.main.tf", kResource},      {"a/main.tf~", kResource},
                       {"a/#main.tf#", kResource},     {"a/main.tf.bak", kResource},
                       {"a/x.tftest.hcl", kResource},  {"b/main.tf", kResource},
                       {"b/main.tofu", "locals {}\n"}, {"c/main.tf.json", R"({"resource":{"a":{"b":{}}}})"},
                       {"c/main.tofu.json", "{}"},     {"d/backend_override.tf", kBackend}};
  CHECK(graph(files).roots() == std::vector<std::string>{"d"});
}

TEST_CASE("a module tells what its files say") {
  const Files files = {{"a/main.tf", kResource + call("./sub//deep") + call("hashicorp/x/y")},
                       {"a/backend.tf", "terraform {\n  backend \"local\" {}\n}\n"},
                       {"b/main.tf", "terraform {\n  backend \"local\" {\n    path = \"/srv/b\"\n  }\n}\n"}};
  const Module a = graph(files).modules().at("a");
  CHECK(a.dir == "a");
  CHECK(a.backend_type == "local");
  CHECK(a.local_backend_relative);
  CHECK(a.calls == Paths{"a/sub/deep"});
  CHECK(a.remote_modules == Paths{"hashicorp/x/y"});
  CHECK_FALSE(graph(files).modules().at("b").local_backend_relative);
}

TEST_CASE("a closure is the project, its local modules and what they read") {
  const Files files = {
      {"prod/main.tf",
       kResource + call("../lib/a") + "locals {\n  x = file(\"${path.module}/../shared/x.json\")\n}\n"},
      {"lib/a/main.tf", call("../b")},
      {"lib/b/main.tf", "locals {\n  y = file(\"${path.module}/y\")\n  z = file(\"../z\")\n}\n"},
      {"lib/c/main.tf", kResource}};
  CHECK(graph(files).closure("prod") == Paths{"lib/a", "lib/b", "lib/b/y", "prod", "shared/x.json", "z"});
  CHECK_FALSE(graph(files).closure("nowhere"));
}

TEST_CASE("a closure that can't be proven is none") {
  const auto closes = [](const std::string& text, const std::string& module = "") {
    return graph({{"p/main.tf", kResource + call("../m") + text}, {"m/main.tf", module}})
        .closure("p")
        .has_value();
  };
  CHECK(closes(""));
  CHECK(closes("locals {\n  x = file(\"../x\")\n}\n"));
  CHECK_FALSE(closes("locals {\n  x = file(\"../../x\")\n}\n"));
  CHECK_FALSE(closes("locals {\n  x = file(\"/etc/passwd\")\n}\n"));
  CHECK_FALSE(closes("locals {\n  x = file(var.x)\n}\n"));
  CHECK_FALSE(closes("", "locals {\n  x = file(var.x)\n}\n"));
  CHECK_FALSE(closes("", call("hashicorp/x/y")));
  CHECK_FALSE(closes(call("../../outside")));
  CHECK_FALSE(closes("this is not HCL\n"));
}

TEST_CASE("a link within a closure may lead anywhere") {
  const Files files = {{"p/main.tf", kResource}, {"p/link", ""}, {"q/main.tf", kResource}};
  CHECK_FALSE(graph(files, {"p/link"}).closure("p"));
  CHECK(graph(files, {"p/link"}).closure("q"));
}

TEST_CASE("modules that call each other end") {
  const Files files = {{"a/main.tf", kBackend + call("../b")},
                       {"b/main.tf", call("../a")},
                       {"c/main.tf", kBackend + call(".")}};
  CHECK(graph(files).closure("a") == Paths{"a", "b"});
  CHECK(graph(files).closure("c") == Paths{"c"});
  CHECK(graph(files).touched({"b/x.tf"}) == Paths{"a"});
}

TEST_CASE("a change touches the roots that would see it") {
  const Files files = {
      {"prod/web/main.tf",
       kBackend + call("../../lib/a") + "locals {\n  x = file(\"${path.module}/x.json\")\n}\n"},
      {"prod/db/main.tf", kBackend + "locals {\n  x = fileset(path.module, \"policies/*.json\")\n}\n"},
      {"lib/a/main.tf", call("../b")},
      {"lib/b/main.tf",
       "locals {\n  t = templatefile(\"${path.module}/t.tpl\", {})\n  r = file(\"root.txt\")\n}\n"}};
  const auto touched = [modules = graph(files)](std::vector<std::string> paths) {
    return modules.touched(paths);
  };
  CHECK(touched({"prod/web/new.tf"}) == Paths{"prod/web"});
  CHECK(touched({"lib/b/other.tf.json"}) == Paths{"prod/web"});
  CHECK(touched({"lib/b/t.tpl"}) == Paths{"prod/web"});
  CHECK(touched({"prod/web/root.txt"}) == Paths{"prod/web"});
  CHECK(touched({"prod/db/root.txt"}).empty());
  CHECK(touched({"prod/web/x.json"}) == Paths{"prod/web"});
  CHECK(touched({"prod/db/policies/deep/p.json"}) == Paths{"prod/db"});
  CHECK(touched({"prod/web/terraform.tfvars", "prod/db/env/blue.tfvars.json"}) ==
        Paths{"prod/db", "prod/web"});
  CHECK(touched({"prod/db/.terraform.lock.hcl"}) == Paths{"prod/db"});
  CHECK(touched({"lib/c/main.tf", "README.md", "prod/web/README.md", "env/prod.tfvars",
                 "lib/a/.terraform.lock.hcl"})
            .empty());
}

TEST_CASE("a root that is gone touched what the tree before it says") {
  const Files before = {{"a/main.tf", kBackend}, {"b/main.tf", kBackend}};
  const Files after = {{"b/main.tf", kBackend}};
  CHECK(graph(before).touched({"a/main.tf"}) == Paths{"a"});
  CHECK(graph(after).touched({"a/main.tf"}).empty());
}

/// A repository of 300 projects, 40 modules in three layers, and files that are nobody's.
Files monorepo() {
  Files files;
  for (int i = 0; i < 300; ++i) {
    const std::string dir = fmt::format("projects/team{}/p{}", i % 12, i);
    files[dir + "/backend.tf"] = kBackend;
    files[dir + "/main.tf"] = call(fmt::format("../../../lib/app{}", i % 20)) + kResource;
    files[dir + "/variables.tf"] = "variable \"site\" {\n  type = string\n}\n";
    files[dir + "/terraform.tfvars"] = "site = \"seoul\"\n";
    files[dir + "/policy.json"] = "{}";
    files[dir + "/iam.tf"] = "locals {\n  policy = file(\"${path.module}/policy.json\")\n}\n";
    for (int j = 0; j < 20; ++j) files[fmt::format("{}/docs/{}.md", dir, j)] = "words";
  }
  for (int i = 0; i < 20; ++i) {
    files[fmt::format("lib/app{}/main.tf", i)] = call(fmt::format("../net{}", i % 10)) + kResource;
    files[fmt::format("lib/net{}/main.tf", i % 10)] = call("../base") + kResource;
  }
  files["lib/base/main.tf"] = "locals {\n  t = templatefile(\"${path.module}/t.tpl\", {})\n}\n" + kResource;
  return files;
}

TEST_CASE("a monorepo of 300 projects is understood, and quickly") {
  const Files files = monorepo();
  CHECK(files.size() > 7'000);
  const TreeFiles source = tree(files);
  const auto begun = std::chrono::steady_clock::now();
  const ModuleGraph modules = ModuleGraph::read(source);
  const auto roots = modules.roots();
  const auto by_base = modules.touched({"lib/base/t.tpl"});
  const auto by_net = modules.touched({"lib/net3/main.tf"});
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  CHECK(roots.size() == 300);
  CHECK(by_base.size() == 300);
  CHECK(by_net.size() == 30);
  CHECK(modules.touched({"projects/team0/p0/policy.json"}) == Paths{"projects/team0/p0"});
  CHECK(modules.touched({"projects/team0/p0/docs/1.md"}).empty());
  CHECK(modules.closure("projects/team0/p0")->size() == 6);
  CHECK(seconds < 5);  // 0.05 s when it is optimized and alone
}

}  // namespace
TEST_CASE("two modules may share a state unless an argument of their backends tells them apart") {
  const auto module = [](const std::string& backend) {
    TreeFiles files;
    files.paths = {"main.tf"};
    files.read = [&](const std::string&) { return "terraform {\n" + backend + "\n}\n"; };
    return ModuleGraph::read(files).modules().at(".");
  };
  const Module a = module("backend \"s3\" {\n  bucket = \"b\"\n  key = \"a\"\n}");
  CHECK(may_share_state(a, a));
  CHECK_FALSE(may_share_state(a, module("backend \"s3\" {\n  bucket = \"b\"\n  key = \"c\"\n}")));
  CHECK(may_share_state(a, module("backend \"s3\" {\n  bucket = \"b\"\n  key = \"a\"\n  encrypt = true\n}")));
  CHECK(may_share_state(a, module("backend \"s3\" {}")));
  CHECK_FALSE(may_share_state(a, module("backend \"gcs\" {}")));
  CHECK_FALSE(may_share_state(module(""), module("")));
  const Module cloud = module("cloud {\n  workspaces {\n    name = \"a\"\n  }\n}");
  CHECK_FALSE(may_share_state(cloud, module("cloud {\n  workspaces {\n    name = \"b\"\n  }\n}")));
}

}  // namespace slipway::runner
