#include "hooks/ansible_inventory.h"

#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>

namespace slipway::hooks {
namespace {

Machine with_variables(const std::string& name, const std::string& variables) {
  Machine out = machine(name, "10.0.0.1");
  out.variables = *parse_json(variables);
  return out;
}

std::string variable(const Inventory& inventory, const std::string& host, const std::string& name) {
  const auto variables = inventory.host(host);
  REQUIRE(variables);
  const Json* const value = variables->find(name);
  return value != nullptr ? value->dump() : "(none)";
}

TEST_CASE("the inventory has the form of ansible-inventory --list") {
  Machine web = with_variables("web-1", R"({"role":"web","ports":[80,443]})");
  web.groups = {"web", "prod"};
  web.labels = {{"team", "web"}};
  const Inventory inventory({version("prod/web", {web, machine("lone", "")})});
  CHECK(
      inventory.list().dump() ==
      R"({"_meta":{"hostvars":{"lone":{"slipway_dir":"prod/web","slipway_labels":{},"slipway_repo":"acme/infra",)"
      R"("slipway_resource":"hci_instance.lone","slipway_workspace":"default"},)"
      R"("web-1":{"ansible_host":"10.0.0.1","ports":[80,443],"role":"web","slipway_dir":"prod/web",)"
      R"("slipway_labels":{"team":"web"},"slipway_repo":"acme/infra","slipway_resource":"hci_instance.web-1",)"
      R"("slipway_workspace":"default"}}},"all":{"children":["ungrouped","prod","web"]},)"
      R"("prod":{"hosts":["web-1"]},"ungrouped":{"hosts":["lone"]},"web":{"hosts":["web-1"]}})");
  CHECK(inventory.problems().empty());
  CHECK(Inventory({}).list().dump() ==
        R"({"_meta":{"hostvars":{}},"all":{"children":["ungrouped"]},"ungrouped":{"hosts":[]}})");
}

TEST_CASE("a host is asked for by its name") {
  const Inventory inventory({version("a", {machine("web-1", "10.0.0.1")})});
  CHECK(variable(inventory, "web-1", "ansible_host") == R"("10.0.0.1")");
  CHECK_FALSE(inventory.host("web-2"));
}

TEST_CASE("names of groups are made safe, and Ansible's own are left to it") {
  Machine web = machine("web-1", "10.0.0.1");
  web.groups = {"front-end", "front.end", "9lives", "all", "ungrouped", "_meta", "ä"};
  const Json list = Inventory({version("a", {web})}).list();
  CHECK(list.find("all")->dump() == R"({"children":["ungrouped","_9lives","__","__meta","front_end"]})");
  CHECK(list.find("front_end")->dump() == R"({"hosts":["web-1"]})");
  CHECK(list.find("_meta")->find("hostvars") != nullptr);
}

TEST_CASE("a name that two machines have belongs to the first") {
  const Inventory inventory(
      {version("b", {machine("web", "10.0.0.2")}), version("a", {machine("web", "10.0.0.1")})});
  CHECK(variable(inventory, "web", "ansible_host") == R"("10.0.0.1")");
  CHECK(inventory.problems() ==
        std::vector<std::string>{"web (hci_instance.web): another machine has this name already."});
}

TEST_CASE("what looks like a template is taken literally") {
  const Inventory inventory({version("a", {with_variables("web", R"({
      "plain":"a } b","one":"{{ lookup('pipe', 'id') }}","two":"{% for x in y %}","three":"{# x",
      "deep":[{"k":"{{ x }}"}],"__ansible_x":1,"vault":{"__ansible_vault":"x","__ansible_unsafe":"y","k":1}})")})});
  CHECK(variable(inventory, "web", "plain") == R"("a } b")");
  CHECK(variable(inventory, "web", "one") == R"({"__ansible_unsafe":"{{ lookup('pipe', 'id') }}"})");
  CHECK(variable(inventory, "web", "two") == R"({"__ansible_unsafe":"{% for x in y %}"})");
  CHECK(variable(inventory, "web", "three") == R"({"__ansible_unsafe":"{# x"})");
  CHECK(variable(inventory, "web", "deep") == R"([{"k":{"__ansible_unsafe":"{{ x }}"}}])");
  CHECK(variable(inventory, "web", "vault") == R"({"k":1})");
}

TEST_CASE("variables that could run a command on this side are not taken from a state") {
  const Inventory inventory({version("a", {with_variables("web", R"({
      "ansible_user":"root","ansible_port":2222,"ansible_host":"10.9.9.9","ansible_connection":"local",
      "ansible_ssh_common_args":"-o ProxyCommand=id","ansible_ssh_executable":"/tmp/x","ansible_ssh_private_key_file":"/k",
      "ansible_shell_executable":"/tmp/x","not a name":1})"),
                                           with_variables("win", R"({"ansible_connection":"winrm"})")})});
  CHECK(variable(inventory, "web", "ansible_user") == R"("root")");
  CHECK(variable(inventory, "web", "ansible_port") == "2222");
  CHECK(variable(inventory, "web", "ansible_host") == R"("10.9.9.9")");
  CHECK(variable(inventory, "win", "ansible_connection") == R"("winrm")");
  for (const std::string name : {"ansible_connection", "ansible_ssh_common_args", "ansible_ssh_executable",
                                 "ansible_ssh_private_key_file", "ansible_shell_executable", "not a name"})
    CHECK(variable(inventory, "web", name) == "(none)");
  CHECK(inventory.problems().size() == 6);
}

TEST_CASE("a machine whose name Ansible would misread is no host") {
  for (const std::string name : {"all", "a[1:9]", "-i", "a b", ""}) {
    const Inventory inventory({version("a", {machine(name, "10.0.0.1")})});
    CHECK(inventory.list().find("_meta")->dump() == R"({"hostvars":{}})");
    CHECK(inventory.problems().size() == 1);
  }
}

TEST_CASE("a machine that is destroyed can be added as it was") {
  Inventory inventory({version("a", {machine("web", "10.0.0.1")})});
  inventory.add(version("a", {}), machine("gone", "10.0.0.9"));
  inventory.add(version("a", {}), machine("web", "10.0.0.8"));
  CHECK(variable(inventory, "gone", "ansible_host") == R"("10.0.0.9")");
  CHECK(variable(inventory, "web", "ansible_host") == R"("10.0.0.1")");
}

}  // namespace
}  // namespace slipway::hooks
