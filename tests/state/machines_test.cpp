#include "core/failure.h"
#include "state/state.h"
#include "tests/state/query.h"
#include "tests/state/samples.h"

#include <catch2/catch.hpp>

namespace slipway::state {
namespace {

RuleInput input(const std::string& address, const std::string& values) {
  const auto dot = address.find('.');
  return {address, address.substr(0, dot), address.substr(dot + 1), {}, *parse_json(values)};
}

MachineRule vm_rule() {
  MachineRule rule;
  rule.type = "vm";
  return rule;
}

Mapped mapped(const std::vector<RuleInput>& inputs, const std::vector<MachineRule>& rules = {}) {
  return map_machines(inputs, rules, query(), {});
}

/// The one machine that a rule makes of these values.
Machine machine(const std::string& values, const MachineRule& rule = vm_rule()) {
  const Mapped out = mapped({input("vm.a", values)}, {rule});
  CHECK(out.problems == std::vector<std::string>{});
  REQUIRE(out.machines.size() == 1);
  return out.machines[0];
}

/// What is said of these values, and whether there is a machine all the same.
std::string problem(const std::string& values, bool mapped_all_the_same,
                    const MachineRule& rule = vm_rule()) {
  const Mapped out = mapped({input("vm.a", values)}, {rule});
  CHECK(out.machines.size() == (mapped_all_the_same ? 1 : 0));
  CHECK(out.failed == (mapped_all_the_same ? std::vector<std::string>{} : std::vector<std::string>{"vm.a"}));
  REQUIRE(out.problems.size() == 1);
  return out.problems[0];
}

const std::string kHci = R"({"name":"web-1","ip_address":"10.0.0.1",
    "automation":{"groups":["web","prod"],"variables":{"role":"web","ports":[80,443]}},
    "monitoring":{"exporters":[{"port":9100,"job":"node","labels":{"tier":"front"}},
                               {"port":"8443","scheme":"https","metrics_path":"/probe","labels":{"__param_module":"tcp"}}],
                  "labels":{"team":"web","rack":7,"spare":true}}})";

TEST_CASE("an instance with the attributes of an hci_instance is a machine without any rule") {
  const Mapped out = mapped({input("hci_instance.web[1]", kHci)});
  CHECK(out.problems.empty());
  REQUIRE(out.machines.size() == 1);
  const Machine& machine = out.machines[0];
  CHECK(machine.resource == "hci_instance.web[1]");
  CHECK(machine.name == "web-1");
  CHECK(machine.address == "10.0.0.1");
  CHECK(machine.groups == std::vector<std::string>{"web", "prod"});
  CHECK(machine.variables.dump() == R"({"ports":[80,443],"role":"web"})");
  CHECK(machine.exporters ==
        std::vector<Exporter>{{9100, "node", "", "", {{"tier", "front"}}},
                              {8443, "", "https", "/probe", {{"__param_module", "tcp"}}}});
  CHECK(machine.labels ==
        std::map<std::string, std::string>{{"team", "web"}, {"rack", "7"}, {"spare", "true"}});
}

TEST_CASE("an instance without such attributes is no machine without a rule") {
  const Mapped out =
      mapped({input("hci_network.lan", R"({"name":"lan","ip_address":"10.0.0.0"})"),
              input("dns.a", R"({"name":"a","automation":{}})"), input("x.y", "{}"),
              input("hci_instance.plain", R"({"name":"a","ip_address":"b","automation":null})"),
              input("hci_instance.full", kHci)});
  REQUIRE(out.machines.size() == 1);
  CHECK(out.machines[0].resource == "hci_instance.full");
  CHECK(out.problems.empty());
  CHECK(out.failed.empty());
}

TEST_CASE("a rule of the config stands in the place of ours") {
  MachineRule none;
  none.type = "hci_instance";
  none.when = "false";
  CHECK(mapped({input("hci_instance.web", kHci)}, {none}).machines.empty());
}

TEST_CASE("expressions read values, address, type, name and index") {
  MachineRule rule = vm_rule();
  rule.name = "\"\\(.type)-\\(.name)-\\(.index)\"  # by its place";
  rule.address = "def host: .values.nics[0].ip; host";
  rule.groups = ".values.tags[], \"all_\" + .name";
  rule.variables = "{where: .address}";
  rule.exporters = "9100, [9200]";
  rule.labels = "null";
  RuleInput one = input("vm.web", R"({"nics":[{"ip":"fe80::1"}],"tags":["a","b","a"]})");
  one.index = Json(3);
  const Mapped out = mapped({one}, {rule});
  REQUIRE(out.machines.size() == 1);
  CHECK(out.machines[0].name == "vm-web-3");
  CHECK(out.machines[0].address == "fe80::1");
  CHECK(out.machines[0].groups == std::vector<std::string>{"a", "b", "all_web"});
  CHECK(out.machines[0].variables.dump() == R"({"where":"vm.web"})");
  CHECK(out.machines[0].exporters.size() == 2);
}

TEST_CASE("the first rule that matches wins") {
  MachineRule windows = vm_rule();
  windows.when = ".values.os == \"windows\"";
  windows.groups = "\"windows\"";
  MachineRule rest = vm_rule();
  rest.groups = "\"rest\"";
  const Mapped out = mapped(
      {input("vm.a", R"({"name":"a","os":"windows"})"), input("vm.b", R"({"name":"b"})")}, {windows, rest});
  REQUIRE(out.machines.size() == 2);
  CHECK(out.machines[0].groups == std::vector<std::string>{"windows"});
  CHECK(out.machines[1].groups == std::vector<std::string>{"rest"});
}

TEST_CASE("machines come sorted by name, and two of one name are both there and called out") {
  const Mapped out = mapped(
      {input("vm.a", R"({"name":"z"})"), input("vm.b", R"({"name":"a"})"), input("vm.c", R"({"name":"z"})")},
      {vm_rule()});
  REQUIRE(out.machines.size() == 3);
  CHECK(out.machines[0].resource == "vm.b");
  CHECK(out.problems == std::vector<std::string>{"vm.a and vm.c are both called z."});
}

TEST_CASE("a machine may have no address yet") {
  CHECK(machine(R"({"name":"a","ip_address":null})").address.empty());
  CHECK(machine(R"({"name":"a","ip_address":""})").address.empty());
}

TEST_CASE("a rule that fails on one instance is told of that one only") {
  MachineRule rule = vm_rule();
  rule.name = ".values.names[0] | ascii_downcase";
  const Mapped out = mapped({input("vm.a", R"({"names":["A"]})"), input("vm.b", R"({"names":[7]})"),
                             input("vm.c", R"({"names":{}})")},
                            {rule});
  REQUIRE(out.machines.size() == 1);
  CHECK(out.machines[0].name == "a");
  CHECK(out.failed == std::vector<std::string>{"vm.b", "vm.c"});
  CHECK(out.problems == std::vector<std::string>{"vm.b: `name` failed: explode input must be a string.",
                                                 "vm.c: `name` failed: Cannot index object with number."});
}

TEST_CASE("a condition that fails is neither a yes nor a no") {
  MachineRule rule = vm_rule();
  rule.when = ".values.tags[] == \"vm\"";
  CHECK(problem(R"({"name":"a","tags":7})", false, rule) ==
        "vm.a: `when` failed: Cannot iterate over number (7).");
  CHECK(machine(R"({"name":"a","tags":["x","vm"]})", rule).name == "a");
  CHECK(mapped({input("vm.a", R"({"name":"a","tags":[]})")}, {rule}).failed.empty());
}

TEST_CASE("a rule that doesn't compile leaves its machines as they were") {
  MachineRule rule = vm_rule();
  rule.name = ".values.name |";
  const Mapped out =
      mapped({input("vm.a", R"({"name":"a"})"), input("vm.b", R"({"name":"b"})")}, {rule, vm_rule()});
  CHECK(out.machines.empty());
  CHECK(out.failed == std::vector<std::string>{"vm.a", "vm.b"});
  REQUIRE(out.problems.size() == 1);
  CHECK(out.problems[0].starts_with("The rule for vm failed, so that its machines stay as they were: "));
  CHECK_FALSE(check(rule, query(), {}).empty());
  CHECK(check(vm_rule(), query(), {}).empty());
}

TEST_CASE("names and addresses that tools would misread make no machine") {
  CHECK(problem(R"({"name":null})", false) ==
        "vm.a: `name` yields null; a machine's name is made of letters, digits, \".\", \"_\" and \"-\".");
  for (const std::string name :
       {"", "-rf", "a b", "a;b", "all", "ungrouped", "web[0:9]", "näme", "a\\nb", ".."})
    CHECK(problem(R"({"name":")" + name + "\"}", false).starts_with("vm.a: `name` yields "));
  CHECK(problem(R"({"name":")" + std::string(300, 'a') + "\"}", false).find("…") != std::string::npos);
  for (const std::string address : {"10.0.0.1/24", "http://a", "a b", "[fe80::1]", "a:80", "-a"})
    CHECK(problem(R"({"name":"a","ip_address":")" + address + "\"}", false)
              .starts_with("vm.a: `address` yields "));
  for (const std::string address : {"10.0.0.1", "fe80::1", "web-1.acme.example", "::ffff:10.0.0.1"})
    CHECK(machine(R"({"name":"a","ip_address":")" + address + "\"}").address == address);
}

TEST_CASE("variables are a map") {
  CHECK(problem(R"({"name":"a","automation":{"variables":["x"]}})", false) ==
        "vm.a: `variables` yields [\"x\"] instead of a map.");
}

TEST_CASE("an expression that yields several values where one is meant fails") {
  MachineRule rule = vm_rule();
  rule.address = ".values.ips[]";
  CHECK(problem(R"({"name":"a","ips":["10.0.0.1","10.0.0.2"]})", false, rule) ==
        "vm.a: `address` yields 2 values instead of one.");
  rule.address = "repeat(\"10.0.0.1\")";
  CHECK(problem(R"({"name":"a"})", false, rule) == "vm.a: `address` yields 1000 values instead of one.");
}

TEST_CASE("labels that Prometheus would refuse are left out") {
  const auto labels = [](const std::string& map) {
    return problem(R"({"name":"a","monitoring":{"labels":)" + map + "}}", true);
  };
  for (const std::string name : {"cost-center", "9lives", "", "ä", "__address__", "__param_module"})
    CHECK(labels("{\"" + name + "\":\"x\"}")
              .starts_with("vm.a: the label \"" + name + "\" is left out: Prometheus"));
  CHECK(labels(R"({"a":["x"]})") == "vm.a: the label \"a\" is left out: [\"x\"] is no text.");
  CHECK(labels(R"({"a":"x\u0000"})").starts_with("vm.a: the label \"a\" is left out: its value"));
  CHECK(labels(R"(["a"])") == "vm.a: labels are left out: [\"a\"] is no map.");
  CHECK(machine(R"({"name":"a","monitoring":{"labels":{"a":null}}})").labels.empty());
}

TEST_CASE("exporters that Prometheus could not scrape are left out") {
  const auto exporters = [](const std::string& list) {
    return problem(R"({"name":"a","monitoring":{"exporters":)" + list + "}}", true);
  };
  for (const std::string port : {"0", "65536", "-1", "9100.5", "\"x\"", "true", "null", "\"\""})
    CHECK(exporters(R"([{"port":)" + port + "}]").find("its port is no number from 1 to 65535") !=
          std::string::npos);
  CHECK(exporters(R"([{"job":"node"}])").find("its port") != std::string::npos);
  CHECK(exporters(R"([{"port":1,"scheme":"ftp"}])").find("its scheme is \"ftp\"") != std::string::npos);
  CHECK(exporters(R"([{"port":1,"metrics_path":"metrics"}])").find("metrics_path") != std::string::npos);
  CHECK(exporters(R"([{"port":1},{"port":1}])").find("it is there twice") != std::string::npos);
  CHECK(exporters(R"([{"port":1,"labels":{"x-y":1}}])").find("the label") != std::string::npos);
  CHECK(machine(R"({"name":"a","monitoring":{"exporters":{"port":9100}}})").exporters.size() == 1);
}

TEST_CASE("problems are bounded and counted") {
  std::vector<RuleInput> inputs;
  for (std::size_t i = 0; i < kMaxMachineProblems + 10; ++i) inputs.push_back(input("vm.a", "{}"));
  const Mapped out = mapped(inputs, {vm_rule()});
  REQUIRE(out.problems.size() == kMaxMachineProblems + 1);
  CHECK(out.problems.back() == "… and 10 more like these.");
  CHECK(out.failed.size() == inputs.size());
}

TEST_CASE("a rule is read from the config, and an unknown key is refused") {
  const auto text = [](const std::string& value) { return Settings(value, "slipway.yaml:2"); };
  const Settings entry(Settings::Map{{"type", text("vm")}, {"name", text(".values.host")}}, "slipway.yaml:1");
  const MachineRule rule = read_machine_rule(entry);
  CHECK(rule.type == "vm");
  CHECK(rule.name == ".values.host");
  CHECK(rule.when == "true");
  CHECK(rule.address == ".values.ip_address");
  CHECK_THROWS_AS(
      read_machine_rule(Settings(Settings::Map{{"type", text("vm")}, {"nmae", text("x")}}, "f:1")),
      SettingsError);
  CHECK_THROWS_AS(read_machine_rule(Settings(Settings::Map{{"name", text("x")}}, "f:1")), SettingsError);
}

TEST_CASE("a state's managed instances are what rules read, as a plan shows them") {
  const std::vector<RuleInput> inputs = rule_inputs(*read_state(file("two_modules.tfstate"), "key"));
  REQUIRE(inputs.size() == 4);
  MachineRule rule;
  rule.type = "terraform_data";
  rule.when = ".values.output.ip_address != null";
  rule.name = ".values.output.name";
  rule.address = ".values.output.ip_address";
  const Mapped out = mapped(inputs, {rule});
  REQUIRE(out.machines.size() == 2);
  CHECK(out.machines[1].name == "web-1");
  CHECK(out.machines[1].address == "10.0.0.1");
  CHECK(out.problems.empty());
}

TEST_CASE("a plan shows the machines that go and those that come") {
  const auto change = [](const std::string& address, const std::string& before, const std::string& after) {
    ResourceChange out;
    out.address = address;
    out.type = "vm";
    out.body =
        ResourceChange::Body{PlanValue::plain(*parse_json(before)), PlanValue::plain(*parse_json(after))};
    return out;
  };
  Plan plan;
  plan.changes = {change("vm.new", "null", R"({"name":"new"})"),
                  change("vm.old", R"({"name":"old"})", "null"),
                  change("vm.same", R"({"name":"same"})", R"({"name":"same","cpu":2})")};
  ResourceChange data = change("data.vm.read", "null", R"({"name":"read"})");
  data.data_source = true;
  ResourceChange deposed = change("vm.same", R"({"name":"deposed"})", "null");
  deposed.deposed = "0a1b2c3d";
  ResourceChange huge = change("vm.huge", "null", "{}");
  huge.body.reset();
  plan.changes.insert(plan.changes.end(), {data, deposed, huge});

  const auto [before, after] = rule_inputs(plan);
  const auto addresses = [](const std::vector<RuleInput>& inputs) {
    std::vector<std::string> out;
    for (const RuleInput& one : inputs) out.push_back(one.address);
    return out;
  };
  CHECK(addresses(before) == std::vector<std::string>{"vm.old", "vm.same"});
  CHECK(addresses(after) == std::vector<std::string>{"vm.new", "vm.same"});
}

}  // namespace
}  // namespace slipway::state
