#include "core/failure.h"
#include "hooks/ansible_inventory.h"
#include "tests/hooks/samples.h"
#include "tests/hooks/sandbox.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

namespace slipway::hooks {
namespace {

class Heard final : public Output {
 public:
  void out(std::string_view bytes) override { said += bytes; }
  void err(std::string_view bytes) override { complained += bytes; }
  std::string said;
  std::string complained;
};

Machine web() {
  Machine out = machine("web-1", "10.0.0.1");
  out.groups = {"web", "prod-eu"};
  out.variables =
      *parse_json(R"({"role":"web","ports":[80,443],"big":9007199254740993,"on":true,"nothing":null,
                                  "evil":"{{ lookup('pipe', 'echo run') }}"})");
  out.labels = {{"team", "web"}};
  return out;
}

const Estate kEstate = {version("prod/web", {web(), machine("web-2", "10.0.0.2")})};

/// What `ansible-inventory --list` says of an inventory.
Json listed(const Directory& directory, const std::string& inventory) {
  SandboxCommand command;
  command.argv = {"/usr/bin/ansible-inventory", "-i", directory.file(inventory), "--list"};
  command.environment = {{"LANG", "C.UTF-8"}};
  command.directory = directory.path();
  command.binds = {{directory.path(), directory.path(), true}};
  Heard heard;
  const SandboxExit exit = sandbox().run(command, heard, {});
  INFO(heard.complained);
  REQUIRE(exit.ok());
  CHECK(heard.complained.empty());
  const auto list = parse_json(heard.said);
  REQUIRE(list);
  return *list;
}

TEST_CASE("the real Ansible reads the inventory as a script gives it", "[slow]") {
  if (!has_program("/usr/bin/ansible-inventory")) return;
  const Directory directory;
  const Json list = Inventory(kEstate).list();
  directory.write("list.json", list.dump());
  directory.write("script", "#!/bin/sh\ntest \"$1\" = --list && cat " + directory.file("list.json") + "\n");
  REQUIRE(chmod(directory.file("script").c_str(), 0755) == 0);
  Json read = listed(directory, "script");
  CHECK(read["_meta"] == *list.find("_meta"));
  CHECK(read["web"] == *list.find("web"));
  CHECK(read["prod_eu"] == *list.find("prod_eu"));
  CHECK(read["ungrouped"] == *list.find("ungrouped"));
}

TEST_CASE("the real Ansible reads the same from a file", "[slow]") {
  if (!has_program("/usr/bin/ansible-inventory")) return;
  const Directory directory;
  const Inventory inventory(kEstate);
  directory.write("inventory.json", inventory.file().pretty());
  Json read = listed(directory, "inventory.json");
  CHECK(read["_meta"] == *inventory.list().find("_meta"));
  CHECK(read["web"] == *inventory.list().find("web"));
}

TEST_CASE("a real playbook runs for the machine that was created, and its variables run nothing", "[slow]") {
  if (!has_program("/usr/bin/ansible-playbook")) return;
  Fakes fakes;
  const Directory playbooks;
  const Directory results;
  playbooks.write("site.yml",
                  R"(- hosts: all
  connection: local
  gather_facts: false
  vars: {ansible_python_interpreter: /usr/bin/python3}
  tasks:
    - copy: {dest: ")" +
                      results.path() +
                      R"(/{{ inventory_hostname }}", content: "{{ role }} {{ evil }} {{ ansible_host }}"}
)");
  playbooks.write("broken.yml",
                  "- hosts: all\n  gather_facts: false\n  connection: local\n  tasks: [{fail: {msg: no}}]\n");
  const auto hook = [&](const std::string& playbook) {
    HookTools tools{fakes.http, sandbox(), fakes.random, fakes.data.file("hook"), {}};
    return make("ansible",
                settings({{"directory", text(playbooks.path())},
                          {"playbook", text(playbook)},
                          {"paths", settings({{"write", list({results.path()})}})}}),
                tools);
  };
  TextOutput log;
  {
    INFO(log.text);
    CHECK_NOTHROW(hook("site.yml")->handle(event(MachineEvent::Created, web()), kEstate, log, {}));
  }
  INFO(log.text);
  CHECK(results.names() == std::vector<std::string>{"web-1"});
  CHECK(results.read("web-1") == "web {{ lookup('pipe', 'echo run') }} 10.0.0.1");
  CHECK(log.text.find("PLAY RECAP") != std::string::npos);
  CHECK_THROWS_AS(hook("broken.yml")->handle(event(MachineEvent::Created, web()), kEstate, log, {}), Failure);
}

}  // namespace
}  // namespace slipway::hooks
