#include "tests/store/contract.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::store;

namespace {

Machine machine(std::string name) {
  Machine made;
  made.name = std::move(name);
  made.address = "10.0.0.7";
  made.groups = {"web"};
  made.variables = Json::object({{"cores", 4}});
  made.exporters = {
      {.port = 9100, .job = "node", .scheme = "", .metrics_path = "", .labels = {{"site", "seoul"}}}};
  made.resource = "hci_instance.web[0]";
  return made;
}

StateVersion version(StateKey key, std::int64_t serial) {
  StateVersion made;
  made.key = std::move(key);
  made.serial = {"lineage", serial};
  made.digest = "digest-" + std::to_string(serial);
  made.terraform_version = "1.11.4";
  made.resources = 3;
  made.run = "r1";
  made.actor = "alice";
  made.reason = "#12 Add two web servers";
  made.pull = kPull;
  made.commit = "m1";
  made.at = at(serial);
  made.machines = {machine("web-1")};
  made.mapping = "map-1";
  return made;
}

std::int64_t add(const AnyStore& store, const StateVersion& added) {
  return store.write([&](Transaction& in) { return in.states.add(added); });
}

StateKey in_dir(std::string dir) { return {kRepo, {std::move(dir), "default", ""}}; }

}  // namespace

TEST_CASE("a state version is found as it was added") {
  const AnyStore store = any_store();
  const StateVersion added = version(kState, 1);
  const std::int64_t id = add(store, added);
  const auto found = store.read([&](const Snapshot& in) { return in.states.find(id); });
  REQUIRE(found);
  CHECK(found->id == id);
  CHECK(found->key.text() == kState.text());
  CHECK(found->serial == added.serial);
  CHECK(found->digest == added.digest);
  CHECK(found->terraform_version == added.terraform_version);
  CHECK(found->resources == added.resources);
  CHECK(found->run == added.run);
  CHECK(found->actor == added.actor);
  CHECK(found->reason == added.reason);
  CHECK(found->pull == added.pull);
  CHECK(found->commit == added.commit);
  CHECK(found->at == added.at);
  CHECK(found->machines == added.machines);
  CHECK(found->mapping == added.mapping);
  CHECK_FALSE(store.read([&](const Snapshot& in) { return in.states.find(id + 1); }));
}

TEST_CASE("the newest version is the one recorded last, whatever its serial") {
  const AnyStore store = any_store();
  add(store, version(kState, 7));
  add(store, version(kState, 8));
  add(store, version(kState, 1));  // a state that was made anew
  const auto latest = store.read([](const Snapshot& in) { return in.states.latest(kState); });
  CHECK(latest->serial.serial == 1);
  std::vector<std::int64_t> serials;
  for (const auto& found : store.read([](const Snapshot& in) { return in.states.versions(kState, 2); })) {
    serials.push_back(found.serial.serial);
  }
  CHECK(serials == std::vector<std::int64_t>{1, 8});
  CHECK_FALSE(store.read([](const Snapshot& in) { return in.states.latest(in_dir("elsewhere")); }));
}

TEST_CASE("two names of one directory are one state") {
  const AnyStore store = any_store();
  StateKey named = kState;
  named.project.name = "web";
  add(store, version(kState, 1));
  add(store, version(named, 2));
  CHECK(store.read([](const Snapshot& in) { return in.states.latest(kState); })->serial.serial == 2);
  CHECK(store.read([](const Snapshot& in) { return in.states.all_latest().size(); }) == 1);
}

TEST_CASE("the newest of every state are what exists, without those that were removed") {
  const AnyStore store = any_store();
  add(store, version(in_dir("b"), 1));
  add(store, version(in_dir("a"), 1));
  add(store, version(in_dir("a"), 2));
  add(store, version(in_dir("gone"), 1));
  StateVersion removed = version(in_dir("gone"), 2);
  removed.digest.clear();
  add(store, removed);
  const auto all = store.read([](const Snapshot& in) { return in.states.all_latest(); });
  REQUIRE(all.size() == 2);
  CHECK(all[0].key.project.dir == "a");
  CHECK(all[0].serial.serial == 2);
  CHECK(all[1].key.project.dir == "b");
}

TEST_CASE("machines are computed again when their mapping changes") {
  const AnyStore store = any_store();
  const std::int64_t id = add(store, version(kState, 1));
  store->transact(
      [&](Transaction& in) { in.states.save_machines(id, {machine("a"), machine("b")}, "map-2"); });
  const auto found = store.read([&](const Snapshot& in) { return in.states.find(id); });
  CHECK(found->machines == std::vector<Machine>{machine("a"), machine("b")});
  CHECK(found->mapping == "map-2");
}

TEST_CASE("a state's lock is held by one at a time") {
  const AnyStore store = any_store();
  const auto take = [&](const char* id) {
    return store.write(
        [&](Transaction& in) { return in.states.take_lock({kState, id, R"({"ID":"x"})", "r1", at(3)}); });
  };
  const auto held = [&] { return store.read([](const Snapshot& in) { return in.states.lock(kState); }); };
  CHECK_FALSE(held());
  CHECK(take("one"));
  CHECK_FALSE(take("two"));
  REQUIRE(held());
  CHECK(held()->id == "one");
  CHECK(held()->info == R"({"ID":"x"})");
  CHECK(held()->run == "r1");
  CHECK(held()->at == at(3));
  store->transact([](Transaction& in) { in.states.drop_lock(kState); });
  CHECK_FALSE(held());
  CHECK(take("two"));
}

TEST_CASE("a run's credentials for a state die with the run") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    in.states.grant({"digest-1", kState, "r1", true, 42});
    in.states.grant({"digest-2", in_dir("b"), "r1", false, 42});
    in.states.grant({"digest-3", kState, "r2", false, 43});
  });
  const auto granted = [&](const char* digest) {
    return store.read([&](const Snapshot& in) { return in.states.granted(digest); });
  };
  REQUIRE(granted("digest-1"));
  CHECK(granted("digest-1")->key.text() == kState.text());
  CHECK(granted("digest-1")->run == "r1");
  CHECK(granted("digest-1")->may_write);
  CHECK(granted("digest-1")->fence == 42);
  CHECK_FALSE(granted("digest-2")->may_write);
  store->transact([](Transaction& in) { in.states.revoke("r1"); });
  CHECK_FALSE(granted("digest-1"));
  CHECK_FALSE(granted("digest-2"));
  CHECK(granted("digest-3"));
}

TEST_CASE("whoever writes a state now has ended the credentials of whoever wrote before") {
  const AnyStore store = any_store();
  store->transact([](Transaction& in) {
    in.states.grant({"first", kState, "r1", true, 1});
    in.states.grant({"plan", kState, "r2", false, 2});
    in.states.grant({"elsewhere", in_dir("b"), "r3", true, 3});
    in.states.grant({"adopted", kState, "r1", true, 4});
  });
  const auto granted = [&](const char* digest) {
    return store.read([&](const Snapshot& in) { return in.states.granted(digest).has_value(); });
  };
  CHECK(granted("first"));
  store->transact([](Transaction& in) { in.states.grant({"second", kState, "r4", true, 5}); });
  CHECK_FALSE(granted("first"));
  CHECK_FALSE(granted("adopted"));
  CHECK(granted("second"));
  CHECK(granted("plan"));
  CHECK(granted("elsewhere"));
}
