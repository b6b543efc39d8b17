#include "state/state.h"
#include "tests/state/samples.h"

#include <catch2/catch.hpp>

namespace slipway::state {
namespace {

std::string word(InstanceEvent what) {
  switch (what) {
    case InstanceEvent::Created:
      return "created";
    case InstanceEvent::Changed:
      return "changed";
    case InstanceEvent::Replaced:
      return "replaced";
    case InstanceEvent::Destroyed:
      return "destroyed";
    case InstanceEvent::Moved:
      return "moved";
  }
  return {};
}

/// "moved web[1] → web[0]", one a line.
std::string told(const State& before, const State& after) {
  std::string out;
  for (const InstanceDifference& difference : difference(before, after)) {
    out += word(difference.what);
    if (difference.before) out += ' ' + difference.before->address;
    if (difference.after) out += " → " + difference.after->address;
    out += '\n';
  }
  return out;
}

std::string told(const std::vector<SampleInstance>& before, const std::vector<SampleInstance>& after) {
  return told(sample_state(before), sample_state(after));
}

TEST_CASE("what is the same in both states is no difference") {
  CHECK(told({{"vm.a", R"({"id":"1","x":1})"}}, {{"vm.a", R"({"id":"1","x":1})"}}).empty());
}

TEST_CASE("instances are created, changed, replaced and destroyed by their address with index") {
  CHECK(told({{"vm.changed", R"({"id":"1","x":1})"},
              {"vm.gone[0]", R"({"id":"2"})"},
              {"vm.replaced[\"k\"]", R"({"id":"3"})"},
              {"vm.stays[1]", R"({"id":"4"})"}},
             {{"vm.changed", R"({"id":"1","x":2})"},
              {"vm.new[0]", R"({"id":"5"})"},
              {"vm.replaced[\"k\"]", R"({"id":"6"})"},
              {"vm.stays[1]", R"({"id":"4"})"}}) ==
        "changed vm.changed → vm.changed\n"
        "destroyed vm.gone[0]\n"
        "created → vm.new[0]\n"
        "replaced vm.replaced[\"k\"] → vm.replaced[\"k\"]\n");
}

TEST_CASE("an instance that appears under another address with its type and id was moved") {
  CHECK(told({{"vm.old", R"({"id":"1"})"}}, {{"vm.new", R"({"id":"1"})"}}) == "moved vm.old → vm.new\n");
  CHECK(told({{"vm.old", R"({"id":"1"})"}}, {{"disk.new", R"({"id":"1"})"}}) ==
        "created → disk.new\ndestroyed vm.old\n");
  CHECK(told({{"vm.old", R"({})"}}, {{"vm.new", R"({})"}}) == "created → vm.new\ndestroyed vm.old\n");
}

TEST_CASE("an instance that takes the place of a destroyed one is moved and not its replacement") {
  CHECK(told({{"vm.web[0]", R"({"id":"a"})"}, {"vm.web[1]", R"({"id":"b"})"}},
             {{"vm.web[0]", R"({"id":"b"})"}}) == "destroyed vm.web[0]\nmoved vm.web[1] → vm.web[0]\n");
}

TEST_CASE("two instances that change places are both moved") {
  CHECK(told({{"vm.a", R"({"id":"1"})"}, {"vm.b", R"({"id":"2"})"}},
             {{"vm.a", R"({"id":"2"})"}, {"vm.b", R"({"id":"1"})"}}) ==
        "moved vm.b → vm.a\nmoved vm.a → vm.b\n");
}

TEST_CASE("an instance whose id is only known now is the same one") {
  CHECK(told({{"vm.a", R"({"x":1})"}}, {{"vm.a", R"({"id":"1","x":1})"}}) == "changed vm.a → vm.a\n");
}

TEST_CASE("data sources are read and never created or destroyed") {
  const State with = *read_state(file("two_modules.tfstate"), "key");
  State without = with;
  std::erase_if(without.instances, [](const Instance& instance) { return instance.data_source; });
  CHECK(without.instances.size() + 1 == with.instances.size());
  CHECK(told(with, without).empty());
  CHECK(told(without, with).empty());
}

TEST_CASE("a deposed instance counts while nothing has taken its place") {
  const auto state = [](const std::string& instances) {
    return *read_state(
        R"({"version":4,"serial":1,"lineage":"l","resources":[{"mode":"managed","type":"vm","name":"a",)"
        R"("provider":"p","instances":[)" +
            instances + "]}]}",
        "key");
  };
  const State old = state(R"({"attributes":{"id":"1"}})");
  const State half = state(R"({"deposed":"d","attributes":{"id":"1"}})");
  const State both = state(R"({"deposed":"d","attributes":{"id":"1"}},{"attributes":{"id":"2"}})");
  const State done = state(R"({"attributes":{"id":"2"}})");
  CHECK(told(old, half).empty());
  CHECK(told(half, both) == "replaced vm.a → vm.a\n");
  CHECK(told(old, both) == "replaced vm.a → vm.a\n");
  CHECK(told(both, done).empty());
}

TEST_CASE("instances that share an id are matched one by one") {
  CHECK(told({{"vm.a", R"({"id":"-"})"}, {"vm.b", R"({"id":"-"})"}, {"vm.c", R"({"id":"-"})"}},
             {{"vm.d", R"({"id":"-"})"}, {"vm.e", R"({"id":"-"})"}}) ==
        "destroyed vm.c\nmoved vm.a → vm.d\nmoved vm.b → vm.e\n");
}

}  // namespace
}  // namespace slipway::state
