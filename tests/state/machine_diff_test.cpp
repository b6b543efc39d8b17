#include "state/state.h"
#include "tests/state/samples.h"

#include <catch2/catch.hpp>

namespace slipway::state {
namespace {

Machine machine(const std::string& resource, const std::string& name,
                const std::string& address = "10.0.0.1") {
  Machine out;
  out.resource = resource;
  out.name = name;
  out.address = address;
  return out;
}

std::string word(MachineEvent what) {
  switch (what) {
    case MachineEvent::Created:
      return "created";
    case MachineEvent::Changed:
      return "changed";
    case MachineEvent::Replaced:
      return "replaced";
    case MachineEvent::Destroyed:
      return "destroyed";
  }
  return {};
}

/// "changed web-1", one a line; each with the name that it had and the one that it has.
std::string told(const std::vector<Machine>& before, const std::vector<Machine>& after,
                 const std::vector<InstanceDifference>& instances = {}) {
  std::string out;
  for (const MachineDifference& difference : machine_differences(before, after, instances)) {
    out += word(difference.what);
    if (difference.before) out += ' ' + difference.before->name;
    if (difference.after) out += " → " + difference.after->name;
    out += '\n';
  }
  return out;
}

std::vector<InstanceDifference> instances(const std::vector<SampleInstance>& before,
                                          const std::vector<SampleInstance>& after) {
  return difference(sample_state(before), sample_state(after));
}

TEST_CASE("machines come, change and go by the resource that they are") {
  CHECK(told({machine("vm.a", "a"), machine("vm.b", "b"), machine("vm.c", "c")},
             {machine("vm.a", "a"), machine("vm.b", "b", "10.0.0.2"), machine("vm.d", "d")}) ==
        "destroyed c\nchanged b → b\ncreated → d\n");
}

TEST_CASE("a machine whose resource was renamed is no new machine") {
  const auto moved = instances({{"vm.old", R"({"id":"1"})"}}, {{"vm.new", R"({"id":"1"})"}});
  CHECK(told({machine("vm.old", "a")}, {machine("vm.new", "a")}, moved).empty());
  CHECK(told({machine("vm.old", "a")}, {machine("vm.new", "b")}, moved) == "changed a → b\n");
}

TEST_CASE("a replaced machine is told even where nothing of it seems to have changed") {
  const auto replaced = instances({{"vm.a", R"({"id":"1"})"}}, {{"vm.a", R"({"id":"2"})"}});
  CHECK(told({machine("vm.a", "a")}, {machine("vm.a", "a")}, replaced) == "replaced a → a\n");
}

TEST_CASE("a machine that takes the place of a destroyed one is not that one") {
  const auto shifted =
      instances({{"vm.w[0]", R"({"id":"a"})"}, {"vm.w[1]", R"({"id":"b"})"}}, {{"vm.w[0]", R"({"id":"b"})"}});
  CHECK(told({machine("vm.w[0]", "first"), machine("vm.w[1]", "second")}, {machine("vm.w[0]", "second")},
             shifted) == "destroyed first\n");
}

TEST_CASE("what goes is told before what takes its name") {
  CHECK(told({machine("vm.z", "web")}, {machine("vm.a", "web")}) == "destroyed web\ncreated → web\n");
}

TEST_CASE("a machine whose rule fails stays as it was while its instance lives") {
  const auto differences = instances(
      {{"vm.gone", R"({"id":"1"})"},
       {"vm.old", R"({"id":"2"})"},
       {"vm.replaced", R"({"id":"3"})"},
       {"vm.stays", R"({"id":"4"})"}},
      {{"vm.new", R"({"id":"2"})"}, {"vm.replaced", R"({"id":"5"})"}, {"vm.stays", R"({"id":"4","x":1})"}});
  const std::vector<Machine> before = {machine("vm.gone", "gone"), machine("vm.old", "moved"),
                                       machine("vm.replaced", "replaced"), machine("vm.stays", "stays")};
  Mapped now;
  now.machines = {machine("vm.good", "zeta")};
  now.failed = {"vm.gone", "vm.new", "vm.replaced", "vm.stays", "vm.unheard_of"};
  keep_failed(now, before, differences);
  REQUIRE(now.machines.size() == 3);
  CHECK(now.machines[0] == machine("vm.new", "moved"));
  CHECK(now.machines[1] == machine("vm.stays", "stays"));
  CHECK(now.machines[2] == machine("vm.good", "zeta"));
}

}  // namespace
}  // namespace slipway::state
